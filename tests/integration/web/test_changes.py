"""``POST /changes``: deploys, flags and aliases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SteppedClock
from bot.store import Store
from tests.integration.web.conftest import BEARER, Client, said


async def test_a_change_is_stored_as_it_was_told(web: Client, store: Store) -> None:
    change = {
        "service": "fraud-scorer", "kind": "alias", "version": "42", "previous": "41", "by": "release",
        "url": "https://ci.example/7", "at": "2026-11-21T04:51:00+02:00",
    }  # fmt: skip
    answer = await web.post("/changes", json=change, headers=BEARER)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1})
    at = datetime(2026, 11, 21, 2, 51, tzinfo=UTC)
    (stored,) = await store.changes.of("fraud-scorer", since=at)
    assert (stored.at, stored.kind, stored.version, stored.previous) == (at, "alias", "42", "41")


async def test_a_change_without_a_time_is_one_of_now(web: Client, store: Store, clock: SteppedClock) -> None:
    await web.post("/changes", json={"service": "fraud-scorer"}, headers=BEARER)
    (stored,) = await store.changes.of("fraud-scorer", since=clock.now() - timedelta(seconds=1))
    assert (stored.at, stored.kind) == (clock.now(), "deploy")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"nonsense", "not JSON"),
        (b"[" * 100_000, "not a change"),
        (b"[]", "not a change"),
        (b'{"service": "\xff"}', "is not UTF-8"),
        (b"{}", "service"),
        (b'{"service": ""}', "`$.service` is empty"),
        (b'{"service": "  "}', "`$.service` is empty"),
        (b'{"service": 7}', "$.service"),
        (b'{"service": "s", "at": "2026-11-21T02:51:00"}', "needs a time zone"),
        (b'{"service": "s", "at": "0001-01-01T00:00:00+10:00"}', "$.at"),
        (b'{"service": "s", "at": "noon"}', "$.at"),
        (b'{"service": "a\\u0000b"}', "NUL"),
    ],
)
async def test_a_change_that_cannot_be_read_is_told_why(web: Client, body: bytes, reason: str) -> None:
    answer = await web.post("/changes", content=body, headers=BEARER)
    assert answer.status_code == 400
    assert reason in said(answer)


async def test_a_change_needs_the_token_and_fits_in_a_mebibyte(web: Client) -> None:
    assert (await web.post("/changes", json={"service": "s"})).status_code == 401
    answer = await web.post("/changes", content=b" " * (1024 * 1024 + 1), headers=BEARER)
    assert answer.status_code == 413
