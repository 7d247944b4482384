"""When nothing can be stored: senders are asked to try again, and the incidents channel hears of it once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.clock import SteppedClock
from bot.errors import Busy, DatabaseAway, SlackFailed
from bot.outage import AFTER, Outage
from bot.service import Service, intake
from bot.store import Store
from tests.conftest import START, Opener, StartPostgres
from tests.integration.store.disk import fill, full
from tests.integration.store.services import alert, service

LONG = AFTER.total_seconds() + 1


class Channel:
    """The incidents channel; ``away`` while Slack does not answer."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.away = False
        self.since = START

    async def say(self, kind: str, message: Mapping[str, Any], *, since: datetime) -> None:
        if self.away:
            raise SlackFailed("chat.postMessage", "no_connection")
        assert (kind == "away", since) == ("I can store nothing" in message["text"], self.since)
        self.heard.append(message["blocks"][0]["text"]["text"])


def watching(store: Store, here: Service, clock: SteppedClock) -> tuple[Outage, Channel]:
    channel = Channel()
    return Outage(store, clock=clock, words=channel, figures=here.taken_in), channel


async def test_a_full_disk_is_said_once_and_so_is_its_end(
    sqlite_url: str, opened: Opener, clock: SteppedClock
) -> None:
    store = opened(sqlite_url)
    here = service(store)
    outage, channel = watching(store, here, clock)
    await here.take("alertmanager", [alert()])
    await full(store, so=True)
    with pytest.raises(DatabaseAway, match="full"):
        await fill(here)
    for _ in range(3):
        await outage.look()
        clock.advance(LONG)
    (said,) = channel.heard
    assert "I can store nothing since" in said
    assert "database or disk is full" in said
    assert "answered 503" in said
    await full(store, so=False)
    await outage.look()
    await outage.look()
    (_, said) = channel.heard
    assert "Everything is stored again" in said
    assert "One request was turned away meanwhile" in said, "also what came before anybody looked"
    assert (await here.take("alertmanager", [alert("after")])).incidents == ["INC-1"]


@pytest.mark.postgres
async def test_a_server_that_is_away_is_said_once_and_so_is_its_return(
    start_postgres: StartPostgres, postgres_folder: Path, opened: Opener, clock: SteppedClock
) -> None:
    server = await asyncio.to_thread(start_postgres, postgres_folder / "outage")
    store = opened(server.get_uri())
    here = service(store)
    outage, channel = watching(store, here, clock)
    await outage.look()
    await asyncio.to_thread(server.cleanup)
    await outage.look()
    assert channel.heard == [], "a restart takes no longer"
    with pytest.raises(DatabaseAway):
        await here.take("alertmanager", [alert()])
    clock.advance(LONG)
    await outage.look()
    await outage.look()
    server = await asyncio.to_thread(start_postgres, postgres_folder / "outage")
    try:
        await outage.look()
        assert ["I can store nothing" in channel.heard[0], "stored again" in channel.heard[1]] == [True, True]
        assert "At least one request was turned away meanwhile" in channel.heard[1]
    finally:
        store.close()
        await asyncio.to_thread(server.cleanup)


@pytest.mark.postgres
async def test_a_server_that_answers_and_takes_nothing_is_away_and_back_by_itself(
    postgres_url: str, opened: Opener
) -> None:
    def keeper(word: str) -> None:
        """Whoever keeps the server stops all writing, as its disk is full, and lets it go on."""
        with psycopg.connect(postgres_url, autocommit=True, options="-c default_transaction_read_only=off") as own:
            name = own.info.dbname
            own.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {word}")
            if word == "on":  # a session that has begun may write until it ends
                others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                own.execute(f"{others} AND datname = %s", (name,))

    store = opened(postgres_url)
    here = service(store)
    await here.take("alertmanager", [alert()])
    await asyncio.to_thread(keeper, "on")
    with pytest.raises(DatabaseAway, match="read-only"):
        await here.take("alertmanager", [alert("b")])
    with pytest.raises(DatabaseAway, match="read-only"):
        await store.prove()
    await asyncio.to_thread(keeper, "off")
    await store.prove()
    assert (await here.take("alertmanager", [alert("b")])).incidents == ["INC-1"]


async def test_what_slack_did_not_hear_it_is_told_by_the_next_look(
    sqlite_url: str, opened: Opener, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(sqlite_url)
    outage, channel = watching(store, service(store), clock)

    async def away() -> None:
        raise DatabaseAway("The database does not answer: disk I/O error")

    async def here() -> None:
        return None

    async def looks(prove: Callable[[], Any], *, slack_away: bool) -> int:
        monkeypatch.setattr(store, "prove", prove)
        channel.away = slack_away
        await outage.look()
        clock.advance(LONG)
        return len(channel.heard)

    told = [
        await looks(away, slack_away=False), await looks(away, slack_away=True), await looks(away, slack_away=False),
        await looks(here, slack_away=True), await looks(here, slack_away=False), await looks(here, slack_away=False),
    ]  # fmt: skip
    assert told == [0, 0, 1, 1, 2, 2]


async def test_more_than_memory_is_for_is_to_be_sent_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_MOST_WAITING", 5)
    here = service(store)
    sent = [here.take("alertmanager", [alert(f"f{n}"), alert(f"g{n}")]) for n in range(4)]
    answers = await asyncio.gather(*sent, return_exceptions=True)
    assert [type(answer).__name__ for answer in answers] == ["Taken", "Taken", "Busy", "Busy"]
    assert issubclass(Busy, Exception)
    assert here.taken_in.waiting == 0
    assert (here.taken_in.requests["alertmanager"], here.taken_in.alerts["alertmanager"]) == (2, 4)
    assert here.taken_in.refused["busy"] == 2
    assert (await here.take("alertmanager", [alert("f9")])).incidents == ["INC-1"]


async def test_when_the_clock_jumps_back_order_stays_and_alerts_still_join(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await here.take("alertmanager", [alert("a")])
    clock.advance(-3600)
    assert (await here.take("alertmanager", [alert("b")])).incidents == ["INC-1"]
    assert (await here.take("alertmanager", [alert("a")])).incidents == ["INC-1"]
    clock.advance(60)
    await here.take("alertmanager", [alert("a", status="resolved", ends_at=START)])
    log = await here.entries(1)
    assert [entry.seq for entry in log] == list(range(1, len(log) + 1))
    assert [entry.at for entry in log] == [START] * len(log), "no time is before its predecessor's"
    rows = {row.fingerprint: row for row in await store.alerts.of(1)}
    assert (rows["a"].last_seen, rows["a"].count, rows["a"].status) == (START, 3, "resolved")
