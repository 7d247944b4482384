"""Routes, mutes and windows where alerts are stored: what opens, what waits, what is kept quiet and heard later."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta
from typing import Any

import pytest

from bot.alerts.quiet import Window
from bot.alerts.routing import Opening, Route
from bot.clock import SteppedClock
from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.commands.triage import DismissTriage, OpenTriage
from bot.service import Service
from bot.store import Store
from tests.conftest import START
from tests.integration.store.logs import entries
from tests.integration.store.services import alert, service

HOUR = timedelta(hours=1)
SENDER = "alertmanager"


def routed(store: Store, *routes: Route, **settings: Any) -> Service:
    return service(store, routes=routes, **settings)


def triage(**changes: Any) -> Route:
    return Route(name="quiet", opening=Opening("triage"), **changes)


async def told(store: Store, kind: type[ev.AnyEvent], number: int = 1) -> list[Any]:
    return [entry.event for entry in await entries(store, number) if isinstance(entry.event, kind)]


async def statuses(here: Service) -> dict[int, str]:
    return {head.number: head.status for head in await here.listing()}


async def test_an_announcement_has_a_number_and_the_sender_is_told_it(store: Store) -> None:
    here = routed(store)
    taken = await here.take(SENDER, [alert(severity="warning")])

    assert taken.incidents == ["INC-1"]
    assert await statuses(here) == {1: "triage"}
    (opened,) = await told(store, ev.IncidentOpened)
    assert opened.waiting == ev.Waiting(window=1800.0)


async def test_everything_that_fires_joins_the_announcement_until_somebody_says_not_now(
    store: Store, clock: SteppedClock
) -> None:
    here = routed(store, triage())
    await here.take(SENDER, [alert("a")])
    clock.advance(7200)
    await here.take(SENDER, [alert("b")])
    assert (await here.incident(1)).alerts == 2

    await here.handle(1, DismissTriage(), by="U0ANA")
    clock.advance(7200)
    await here.take(SENDER, [alert("c")])
    assert await statuses(here) == {2: "triage", 1: "triage"}


async def test_two_who_open_at_once_open_once(store: Store) -> None:
    here = routed(store, triage())
    await here.take(SENDER, [alert()])
    outcomes = await asyncio.gather(
        *(here.handle(1, OpenTriage(), by=who) for who in ("U0ANA", "U0BEN", "U0CHI")), return_exceptions=True
    )

    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 2
    assert len(await told(store, ev.TriageOpened)) == 1


async def test_one_commit_with_a_loud_and_a_quiet_alert_opens(store: Store) -> None:
    here = routed(store, triage(match={"severity": ("info",)}))
    await here.take(SENDER, [alert("a", severity="info"), alert("b", severity="critical")])

    assert await statuses(here) == {1: "open"}


async def test_a_loud_alert_opens_what_waits_and_says_why(store: Store) -> None:
    loud = Route(name="loud", match={"team": ("fraud",)}, opening=Opening("now"))
    here = routed(store, loud, triage())
    await here.take(SENDER, [alert("a")])
    await here.take(SENDER, [alert("b", team="fraud")])

    assert await statuses(here) == {1: "open"}
    assert await told(store, ev.TriageOpened) == [
        ev.TriageOpened(because="an alert joined that the route “loud” opens")
    ]


async def test_so_many_at_once_open_at_once_and_fewer_are_held_back(store: Store) -> None:
    here = routed(store, Route(name="many", opening=Opening("after", 3, 600.0)))
    await here.take(SENDER, [alert(name) for name in "abc"])
    await here.take(SENDER, [alert("d", service="search")])

    assert await statuses(here) == {2: "triage", 1: "open"}
    (held,) = await told(store, ev.IncidentOpened, 2)
    assert held.waiting == ev.Waiting(announced=False, count=3, within=600.0, window=1800.0)


async def test_a_repeat_is_no_further_alert(store: Store) -> None:
    here = routed(store, Route(name="many", opening=Opening("after", 2, 600.0)))
    for _ in range(3):
        await here.take(SENDER, [alert("a")])
    assert await statuses(here) == {1: "triage"}

    await here.take(SENDER, [alert("b")])
    assert await statuses(here) == {1: "open"}


async def test_what_is_held_back_is_shown_once_an_alert_joins_that_people_are_to_see(store: Store) -> None:
    many = Route(name="many", match={"team": ("fraud",)}, opening=Opening("after", 9, 600.0))
    here = routed(store, many, triage())
    await here.take(SENDER, [alert("a", team="fraud")])
    await here.take(SENDER, [alert("b")])

    assert await told(store, ev.TriageAnnounced) == [ev.TriageAnnounced()]


async def test_a_muted_alert_is_stored_and_opens_nothing_however_often_it_is_sent(store: Store) -> None:
    here = routed(store)
    mute = await here.muting.mute({"service": "fraud-scorer"}, length=HOUR, by="U0ANA", reason="retraining")
    assert mute is not None
    for _ in range(2):
        assert (await here.take(SENDER, [alert()])).incidents == []

    assert await statuses(here) == {}
    (row,) = await store.alerts.since(START - HOUR)
    assert (row.status, row.muted, row.count) == ("firing", f"mute {mute.id}", 2)
    assert [(one.by, one.reason) for one in await here.muting.current(START)] == [("U0ANA", "retraining")]


async def test_what_still_fires_when_its_mute_ends_opens_without_being_sent_again(
    store: Store, clock: SteppedClock
) -> None:
    here = routed(store)
    await here.muting.mute({"service": "fraud-scorer"}, length=HOUR, by="U0ANA")
    await here.take(SENDER, [alert("a"), alert("b"), alert("c", service="search")])
    await here.take(SENDER, [alert("b", status="resolved")])
    clock.advance(3599)
    await here.muting.release()
    assert await statuses(here) == {1: "open"}

    clock.advance(1)
    await here.muting.release()
    await here.muting.release()

    assert await statuses(here) == {1: "open", 2: "open"}
    found = await here.incident(2)
    assert (found.service, found.alerts, found.title, found.alert_url) == ("fraud-scorer", 1, "ModelRecallDrop", "")


async def test_what_still_fires_when_its_mute_ends_opens_with_its_next_repeat(
    store: Store, clock: SteppedClock
) -> None:
    here = routed(store)
    await here.muting.mute({"service": "fraud-scorer"}, length=HOUR, by="U0ANA")
    await here.take(SENDER, [alert()])
    clock.advance(3600)

    assert (await here.take(SENDER, [alert()])).incidents == ["INC-1"]


async def test_a_mute_is_ended_by_anybody_once(store: Store) -> None:
    here = routed(store)
    mute = await here.muting.mute({"service": "fraud-scorer"}, length=HOUR, by="U0ANA")
    assert mute is not None
    await here.take(SENDER, [alert()])

    await here.muting.unmute(mute.id, by="U0BEN")

    assert await statuses(here) == {1: "open"}
    assert await here.muting.current(START) == []
    with pytest.raises(Refused, match="There is no mute 1 that is on"):
        await here.muting.unmute(mute.id, by="U0BEN")


async def test_a_mute_from_an_announcement_keeps_the_like_quiet_and_nothing_worse(store: Store) -> None:
    here = routed(store)
    await here.take(SENDER, [alert("a", severity="warning")])
    mute = await here.muting.mute_incident(1, length=HOUR, by="U0ANA", waiting=True)
    assert mute is not None
    assert mute.match == {"alertname": "ModelRecallDrop", "service": "fraud-scorer", "severity": "~SEV3|SEV4"}
    await here.take(SENDER, [alert("b", severity="warning")])
    assert (await here.incident(1)).alerts == 1

    await here.take(SENDER, [alert("c", severity="critical")])
    assert await statuses(here) == {1: "open"}
    assert [event.mute for event in await told(store, ev.TriageDismissed)] == [mute.id]


@pytest.mark.parametrize("pattern", ["~(", "!~[a", "~(a+)+b", "~" + "a" * 300])
async def test_a_pattern_that_could_stop_the_intake_is_refused_when_it_is_typed(store: Store, pattern: str) -> None:
    here = routed(store)
    with pytest.raises(Refused, match="The pattern of alertname"):
        await here.muting.mute({"alertname": pattern}, length=HOUR, by="U0ANA")
    assert (await here.take(SENDER, [alert()])).incidents == ["INC-1"]


async def test_what_was_announced_and_muted_is_announced_again_when_somebody_ends_the_mute(store: Store) -> None:
    here = routed(store)
    await here.take(SENDER, [alert("a", severity="warning")])
    mute = await here.muting.mute_incident(1, length=HOUR, by="U0ANA", waiting=True)
    assert mute is not None

    await here.muting.unmute(mute.id, by="U0BEN")

    waits = (await here.incident(1)).triage
    assert waits is not None
    assert (waits.muted_until, waits.rounds) == (None, 1)
    assert len(await told(store, ev.TriageRenewed)) == 1


async def test_a_mute_whose_click_comes_twice_is_set_once(store: Store) -> None:
    here = routed(store, triage())
    await here.take(SENDER, [alert()])
    first = await here.muting.mute_incident(1, length=HOUR, by="U0ANA", delivery="d", waiting=True)
    again = await here.muting.mute_incident(1, length=HOUR, by="U0ANA", delivery="d", waiting=True)

    assert first is not None
    assert again is None
    assert len(await here.muting.current(START)) == 1


async def test_a_mute_of_what_was_opened_meanwhile_is_refused_and_none_is_left(store: Store) -> None:
    here = routed(store, triage())
    await here.take(SENDER, [alert()])
    await here.handle(1, OpenTriage(), by="U0BEN")

    with pytest.raises(Refused, match="<@U0BEN> opened INC-1"):
        await here.muting.mute_incident(1, length=HOUR, by="U0ANA", waiting=True)
    assert await here.muting.current(START) == []


@pytest.mark.parametrize(
    ("match", "length"),
    [({}, HOUR), ({"service": ""}, HOUR), ({"service": "a"}, timedelta(days=8)), ({"service": "a"}, timedelta(0))],
)
async def test_nothing_mutes_everything_and_nothing_for_good(
    store: Store, match: dict[str, str], length: timedelta
) -> None:
    with pytest.raises(Refused):
        await routed(store).muting.mute(match, length=length, by="U0ANA")


async def test_a_window_keeps_quiet_what_it_fits_and_ends(store: Store, clock: SteppedClock) -> None:
    end = (START + HOUR).time().replace(microsecond=0)
    window = Window(name="retraining", match={"service": ("fraud-scorer",)}, since=time(0), until=end)
    here = routed(store, maintenance=(window,))
    await here.take(SENDER, [alert("a"), alert("b", service="search")])
    assert await statuses(here) == {1: "open"}

    clock.advance(3600)
    await here.muting.release()

    assert (await here.incident(2)).service == "fraud-scorer"


async def test_thousands_of_quiet_alerts_are_let_go_in_several_commits(store: Store, clock: SteppedClock) -> None:
    here = routed(store)
    await here.muting.mute({"service": "fraud-scorer"}, length=HOUR, by="U0ANA")
    await here.take(SENDER, [alert(f"f{number}") for number in range(1200)])
    clock.advance(3600)

    await here.muting.release()

    assert (await here.incident(1)).alerts == 1200
    assert await statuses(here) == {1: "open"}
