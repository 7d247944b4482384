"""An alert whose source does not say when it began is one alert from when it was heard of until it ends."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Literal

from msgspec.structs import replace

from bot.alerts.alert import Alert
from bot.clock import SteppedClock
from bot.incidents.commands import Resolve
from bot.store import Store
from tests.conftest import START
from tests.integration.store.services import alert, service


def said(clock: SteppedClock, status: Literal["firing", "resolved"] = "firing", *, source: str = "generic") -> Alert:
    """What a source says now that knows no beginnings."""
    ends_at = clock.now() if status == "resolved" else None
    told = alert(status=status, starts_at=clock.now(), ends_at=ends_at)
    return replace(told, source=source, dated=False)


async def rows(store: Store) -> list[tuple[str, int, int | None]]:
    """Status, count and incident of every row, the first one first."""
    known = sorted(await store.alerts.since(START - timedelta(days=1)), key=lambda row: row.id)
    return [(row.status, row.count, row.number) for row in known]


async def test_said_again_it_is_a_repeat(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    for _ in range(3):
        await here.take("generic", [said(clock)])
        clock.advance(60)
    assert await rows(store) == [("firing", 3, 1)]


async def test_its_end_ends_it_and_a_repeated_end_is_a_repeat(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await here.take("generic", [said(clock)])
    for _ in range(2):
        clock.advance(60)
        taken = await here.take("generic", [said(clock, "resolved")])
        assert taken.incidents == ["INC-1"]
    assert await rows(store) == [("resolved", 3, 1)]


async def test_after_its_end_it_begins_anew(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    steps: tuple[Literal["firing", "resolved"], ...] = ("firing", "resolved", "firing")
    for status in steps:
        await here.take("generic", [said(clock, status)])
        clock.advance(60)
    assert [status for status, *_ in await rows(store)] == ["resolved", "firing"]


async def test_an_end_that_nothing_began_opens_nothing_and_is_one_row(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    for _ in range(2):
        assert (await here.take("generic", [said(clock, "resolved")])).incidents == []
        clock.advance(60)
    assert await rows(store) == [("resolved", 2, None)]


async def test_an_end_that_came_too_early_does_not_hide_what_fires(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    early = said(clock, "resolved")
    later = replace(early, starts_at=clock.now() + timedelta(hours=1), ends_at=clock.now() + timedelta(hours=1))
    await here.take("generic", [later])
    await here.take("generic", [said(clock)])
    clock.advance(60)
    assert (await here.take("generic", [said(clock, "resolved")])).incidents == ["INC-1"]
    assert sorted(status for status, *_ in await rows(store)) == ["resolved", "resolved"]


async def test_said_twice_in_one_commit_it_is_one(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    both = [said(clock)]
    clock.advance(1)
    both.append(said(clock))
    await asyncio.gather(*(here.take("generic", [one]) for one in both))
    assert await rows(store) == [("firing", 2, 1)]


async def test_heard_of_again_after_its_incident_was_resolved_it_began_again(
    store: Store, clock: SteppedClock
) -> None:
    here = service(store)
    await here.take("sentry", [said(clock, source="sentry")])
    await here.handle(1, Resolve(), by="U1")
    clock.advance(7 * 86400)
    assert (await here.take("sentry", [said(clock, source="sentry")])).incidents == ["INC-2"]
    clock.advance(60)
    assert (await here.take("sentry", [said(clock, source="sentry")])).incidents == ["INC-2"]


async def test_names_of_different_sources_are_different(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await here.take("generic", [said(clock), said(clock, source="evidently")])
    clock.advance(60)
    await here.take("generic", [said(clock, "resolved")])
    assert sorted(status for status, *_ in await rows(store)) == ["firing", "resolved"]
