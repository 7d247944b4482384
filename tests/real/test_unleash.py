"""The Unleash connector and a real Unleash."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.connectors import SourceRefused
from bot.connectors.actor import Actor
from tests.real.connecting import connected
from tests.real.servers.flags import ADMIN, Flags
from tests.real.servers.process import Running


@pytest.fixture
def flag(unleash_pages: Flags) -> str:
    """A flag that is on in production: 30 % of everybody, and all of the people on a list."""
    name = f"fraud-{uuid.uuid4().hex[:8]}"
    unleash_pages.create(name)
    unleash_pages.roll_out(name, 30, environment="production")
    unleash_pages.target(name, "userId", ["u1", "u2"], environment="production")
    unleash_pages.switch(name, on=True, environment="production")
    return name


@pytest.fixture
async def connector(unleash: Running) -> AsyncIterator[Actor]:
    """Connected as an administrator."""
    async with connected("unleash", unleash.url, token=ADMIN) as connectors:
        yield connectors.actor("unleash")


def of(flag: str, **wanted: Any) -> dict[str, Any]:
    """Arguments for the flag in production."""
    return {"flag": flag, "environment": "production", **wanted}


async def test_a_reading_shows_percentages_and_targeting(connector: Actor, flag: str) -> None:
    read = (await connector.read("get", of(flag))).value
    assert read["enabled"] is True
    assert sorted(read["percentages"].values()) == [30, 100]
    (rule,) = read["targeting"]
    assert "userId" in rule
    assert "u1" in rule


async def test_a_switch_is_turned_and_turned_back(connector: Actor, flag: str, unleash_pages: Flags) -> None:
    before, shown = await connector.read("get", of(flag)), unleash_pages.state(flag, environment="production")
    await connector.call("set", of(flag, enabled=False), since=before)
    assert unleash_pages.state(flag, environment="production")["enabled"] is False
    await connector.call("set", connector.undone("set", of(flag, enabled=False), before.value))
    assert unleash_pages.state(flag, environment="production") == shown


async def test_percentages_are_put_back_each_to_its_own(connector: Actor, flag: str, unleash_pages: Flags) -> None:
    before = await connector.read("get", of(flag))
    wanted = of(flag, percentage=0)
    await connector.call("set", wanted, since=before)
    assert _rollouts(unleash_pages, flag) == {"0"}
    await connector.call("set", connector.undone("set", wanted, before.value))
    assert _rollouts(unleash_pages, flag) == {"30", "100"}
    after = await connector.read("get", of(flag))
    assert after.value == before.value


async def test_the_other_environment_is_left_alone(connector: Actor, flag: str, unleash_pages: Flags) -> None:
    before = unleash_pages.state(flag, environment="development")
    await connector.call("set", of(flag, enabled=False))
    assert unleash_pages.state(flag, environment="development") == before


async def test_what_somebody_else_changed_meanwhile_is_left_alone(
    connector: Actor, flag: str, unleash_pages: Flags
) -> None:
    before = await connector.read("get", of(flag))
    unleash_pages.roll_out(flag, 5, environment="production")
    with pytest.raises(SourceRefused, match="somebody else changed the flag"):
        await connector.call("set", of(flag, enabled=False), since=before)
    assert unleash_pages.state(flag, environment="production")["enabled"] is True


async def test_a_flag_that_is_not_there_is_refused_in_unleashs_own_words(connector: Actor) -> None:
    with pytest.raises(SourceRefused) as refused:
        await connector.read("get", of("nobody-made-this"))
    assert refused.value.status == 404
    assert "nobody-made-this" in str(refused.value)


async def test_a_token_that_is_wrong_changes_nothing(unleash: Running, flag: str, unleash_pages: Flags) -> None:
    async with connected("unleash", unleash.url, token="*:*.not-the-token") as connectors:
        stranger = connectors.actor("unleash")
        with pytest.raises(SourceRefused, match="does not let us in \\(401\\)") as refused:
            await stranger.call("set", of(flag, enabled=False))
    assert "not-the-token" not in str(refused.value)
    assert unleash_pages.state(flag, environment="production")["enabled"] is True


def _rollouts(pages: Flags, flag: str) -> set[str]:
    return {one["parameters"]["rollout"] for one in pages.state(flag, environment="production")["strategies"]}
