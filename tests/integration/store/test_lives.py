"""The lives of alerts: they end, come back, go home, flap, and open again what was thought to be over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.clock import SteppedClock
from bot.incidents import events as ev
from bot.incidents.commands import Cancel, Resolve
from bot.service import Service
from bot.store import Store
from tests.conftest import START
from tests.integration.store.logs import append, entries
from tests.integration.store.services import alert, service


async def happened(store: Store, kind: type[ev.AnyEvent], number: int = 1) -> list[ev.AnyEvent]:
    return [entry.event for entry in await entries(store, number) if isinstance(entry.event, kind)]


async def fires(here: Service, clock: SteppedClock, fingerprint: str = "a", *, anew: bool = True) -> list[str]:
    """Where the alert goes that begins now, as sources with a date of their own (``anew``) and others send it."""
    began = clock.now() if anew else START
    return (await here.take("alertmanager", [alert(fingerprint, starts_at=began)])).incidents


async def ends(here: Service, began: datetime, fingerprint: str = "a") -> None:
    await here.take("alertmanager", [alert(fingerprint, status="resolved", starts_at=began)])


async def watched(store: Store, here: Service, *, until: datetime) -> None:
    """INC-1 is resolved, and its fix is watched."""
    await append(store, 1, ev.WatchStarted(step="day", attempt=1, until=until, every=600.0))
    await here.handle(1, Resolve(), by="U1")


@pytest.mark.parametrize("anew", [True, False])
async def test_an_alert_that_comes_back_goes_home_however_long_ago(
    store: Store, clock: SteppedClock, anew: bool
) -> None:
    here = service(store, grouping_window=600.0)
    await fires(here, clock)
    await ends(here, START)
    clock.advance(7200)
    assert await fires(here, clock, anew=anew) == ["INC-1"]
    head = await here.incident(1)
    assert (head.alerts, head.together.firing) == (1, 1)


async def test_what_comes_with_an_alert_that_came_home_joins_there_too(store: Store, clock: SteppedClock) -> None:
    here = service(store, grouping_window=600.0)
    await fires(here, clock)
    clock.advance(7200)
    both = [alert("a", starts_at=clock.now()), alert("b", starts_at=clock.now())]
    assert (await here.take("alertmanager", both)).incidents == ["INC-1"]
    assert (await here.incident(1)).alerts == 2


async def test_an_alert_reopens_what_was_resolved_and_is_still_watched(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await fires(here, clock)
    await ends(here, START)
    await watched(store, here, until=START + timedelta(days=1))
    clock.advance(20 * 3600)
    assert await fires(here, clock, "b") == ["INC-1"]
    head = await here.incident(1)
    assert (head.status, head.reopened, head.watch) == ("open", 1, None)
    (reopened,) = await happened(store, ev.Reopened)
    assert reopened == ev.Reopened(reason="ModelRecallDrop fires again while the fix is watched")


async def test_after_the_watch_another_incident_is_opened(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await fires(here, clock)
    await watched(store, here, until=START + timedelta(hours=1))
    clock.advance(3601)
    assert await fires(here, clock, "b") == ["INC-2"]


async def test_a_false_alarm_stays_one(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await fires(here, clock)
    await append(store, 1, ev.WatchStarted(step="day", attempt=1, until=START + timedelta(days=1), every=600.0))
    await here.handle(1, Cancel(reason="no"), by="U1")
    clock.advance(60)
    assert await fires(here, clock, "b") == ["INC-2"]


async def test_a_repeat_of_an_alert_that_never_ended_reopens_nothing(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await fires(here, clock)
    await watched(store, here, until=START + timedelta(days=1))
    clock.advance(60)
    assert await fires(here, clock, anew=False) == ["INC-1"]
    assert (await here.incident(1)).status == "resolved"


@pytest.mark.parametrize("anew", [True, False])
async def test_flapping_is_said_once(store: Store, clock: SteppedClock, anew: bool) -> None:
    here = service(store)
    for _ in range(8):
        began = clock.now() if anew else START
        assert await fires(here, clock, anew=anew) == ["INC-1"]
        clock.advance(60)
        await ends(here, began)
        clock.advance(60)
    (seen,) = await happened(store, ev.FlappingSeen)
    assert seen == ev.FlappingSeen(source="alertmanager", fingerprint="a", name="ModelRecallDrop", times=4)
    head = await here.incident(1)
    assert (head.alerts, list(head.together.flapping.values())) == (1, ["ModelRecallDrop"])


@pytest.mark.parametrize("anew", [True, False])
async def test_an_alert_that_comes_back_now_and_then_does_not_flap(
    store: Store, clock: SteppedClock, anew: bool
) -> None:
    here = service(store)
    for _ in range(8):
        began = clock.now() if anew else START
        await fires(here, clock, anew=anew)
        clock.advance(600)
        await ends(here, began)
        clock.advance(1800)
    assert await happened(store, ev.FlappingSeen) == []


async def test_the_head_knows_how_many_fire_and_since_when_none_does(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await here.take("alertmanager", [alert("a"), alert("b"), alert("c")])
    await ends(here, START, "a")
    assert (await here.incident(1)).together.firing == 2
    clock.advance(60)
    await here.take("alertmanager", [alert(name, status="resolved") for name in ("b", "c")])
    quiet = (await here.incident(1)).together
    assert (quiet.firing, quiet.quiet_since) == (0, START + timedelta(seconds=60))
    await fires(here, clock, "d")
    assert (await here.incident(1)).together.quiet_since is None


async def test_an_alert_that_began_anew_ends_what_fired_of_it_before(store: Store, clock: SteppedClock) -> None:
    """Its source, or the way from there, lost the word that it had ended."""
    here = service(store)
    await here.take("alertmanager", [alert("a"), alert("b")])
    clock.advance(600)
    await fires(here, clock)
    head = await here.incident(1)
    assert (head.alerts, head.together.firing) == (2, 2)
    await ends(here, clock.now())
    await ends(here, START, "b")
    assert (await here.incident(1)).together.quiet_since == clock.now()


async def test_severity_only_rises(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    for name, severity in (("a", "warning"), ("b", "critical"), ("c", "info"), ("d", "critical")):
        await here.take("alertmanager", [alert(name, severity=severity, starts_at=clock.now())])
    assert (await here.incident(1)).severity == "SEV2"
    assert len(await happened(store, ev.SeverityChanged)) == 1


async def test_the_end_of_a_later_time_ends_what_fired_before_and_its_incident_hears_it(
    store: Store, clock: SteppedClock
) -> None:
    here = service(store)
    await fires(here, clock)
    clock.advance(120)
    taken = await here.take("alertmanager", [alert("a", status="resolved", starts_at=START + timedelta(seconds=60))])
    assert taken.incidents == ["INC-1"]
    (over,) = await happened(store, ev.AlertsResolved)
    assert isinstance(over, ev.AlertsResolved)
    assert (over.count, over.firing) == (1, 0)
    await ends(here, START + timedelta(seconds=60))
    await ends(here, START)
    assert len(await happened(store, ev.AlertsResolved)) == 1


async def test_the_end_of_an_earlier_time_or_of_another_alert_ends_nothing(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await fires(here, clock)
    await ends(here, START - timedelta(seconds=60))
    await ends(here, START + timedelta(seconds=60), "b")
    assert await happened(store, ev.AlertsResolved) == []
    assert (await here.incident(1)).together.firing == 1


async def test_what_begins_and_ends_in_one_commit_opens_nothing_under_whatever_times(
    store: Store, clock: SteppedClock
) -> None:
    here = service(store)
    later = START + timedelta(seconds=60)
    both = [alert("a", starts_at=START), alert("a", status="resolved", starts_at=later)]
    assert (await here.take("alertmanager", both)).incidents == []
    assert {row.status for row in await store.alerts.since(START)} == {"resolved"}
