"""The program's start and stop, also when something is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from unittest.mock import patch

import pytest
from structlog.testing import capture_logs

from bot.clock import SteppedClock
from bot.config import Settings
from bot.config.secret import Secret
from bot.controller import Controller
from bot.controller.stay import Stay
from bot.errors import DatabaseAway, SlackRefusal
from bot.slack.socket_mode import SocketMode
from bot.store import Lane, open_store
from bot.vitals import TURNING
from bot.wiring import Evenkeel, running
from tests.integration.controller.office import until
from tests.integration.store.logs import open_incident
from tests.integration.store.services import LIBRARY


def settings(url: str, *, app_token: str | None = None) -> Settings:
    return Settings(
        bot_token=Secret("xoxb-1"), signing_secret=Secret("s"), database_url=Secret(url),
        app_token=Secret(app_token) if app_token else None,
    )  # fmt: skip


async def refuse(_: SocketMode) -> None:
    raise SlackRefusal("apps.connections.open", "invalid_auth")


close = SocketMode.close


async def close_and_complain(connection: SocketMode) -> None:
    await close(connection)
    await refuse(connection)


async def hang(_: Stay) -> None:
    await asyncio.Event().wait()


async def die(_: Controller) -> None:
    raise ZeroDivisionError("a mistake in the program")


@pytest.mark.parametrize("closes", [close, close_and_complain])
async def test_a_start_that_fails_half_way_leaves_nothing_behind(
    sqlite_url: str, clock: SteppedClock, closes: Callable[[SocketMode], Awaitable[None]]
) -> None:
    evenkeel = Evenkeel(settings(sqlite_url, app_token="xapp-1"), LIBRARY, clock=clock)
    token_refused = patch.multiple(SocketMode, open=refuse, close=closes)
    with capture_logs() as logs, pytest.raises(SlackRefusal), token_refused:
        async with running(evenkeel):
            raise AssertionError("it is not running")
    troubles = [entry["part"] for entry in logs if entry["log_level"] == "error"]
    assert troubles == ([] if closes is close else ["Socket Mode"])
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert evenkeel.client.session is not None
    assert evenkeel.client.session.closed
    open_store(sqlite_url, clock=clock).close()  # nobody has the lock


async def test_a_program_that_was_never_started_lets_go_of_its_database(sqlite_url: str, clock: SteppedClock) -> None:
    await Evenkeel(settings(sqlite_url), LIBRARY, clock=clock).stop()
    open_store(sqlite_url, clock=clock).close()


async def test_a_controller_that_died_is_in_the_log_and_in_the_readiness_and_the_store_is_closed_all_the_same(
    sqlite_url: str, clock: SteppedClock
) -> None:
    evenkeel = Evenkeel(settings(sqlite_url), LIBRARY, clock=clock)
    with capture_logs() as logs, patch.object(Controller, "claim_due", die):
        async with running(evenkeel):
            await until(lambda: [entry for entry in logs if entry["log_level"] == "error"])
            assert not (await evenkeel.vitals.controller()).ok
    assert "the controller has died" in str(logs)
    with pytest.raises(DatabaseAway):
        await evenkeel.store.writer.submit(lambda _, __: None, lane=Lane.CLICK)


@pytest.mark.parametrize("turns", [True, False])
async def test_no_work_goes_on_after_the_end(sqlite_url: str, clock: SteppedClock, turns: bool) -> None:
    with patch.object(Stay, "bring_to_rest", hang):
        async with running(Evenkeel(settings(sqlite_url), LIBRARY, clock=clock, turns=turns)) as evenkeel:
            await open_incident(evenkeel.store)
            await evenkeel.controller.claim_due()
            await until(lambda: evenkeel.controller.held == 1)
    assert evenkeel.controller.held == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_controller_that_stopped_turning_makes_the_program_unready(
    sqlite_url: str, clock: SteppedClock
) -> None:
    async with running(Evenkeel(settings(sqlite_url), LIBRARY, clock=clock, turns=False)) as evenkeel:
        await evenkeel.controller.claim_due()
        assert (await evenkeel.vitals.controller()).ok
        clock.advance(TURNING.total_seconds())
        assert not (await evenkeel.vitals.controller()).ok
