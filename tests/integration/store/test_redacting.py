"""What is redacted with the first entry: all that the alerts of the incident said is nowhere any more."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.alerts.becoming import become
from bot.alerts.refused import SOME
from bot.alerts.sources import SourceSettings
from bot.clock import SteppedClock
from bot.config.settings import Connector
from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.commands import Reopen, Resolve
from bot.incidents.commands.privacy import SetHold
from bot.incidents.fold import fold
from bot.incidents.timeline import timeline
from bot.service import Service
from bot.store import Store
from bot.store.row import METADATA
from bot.store.tables import ALERTS, PAYLOADS
from tests.conftest import START
from tests.integration.store.logs import entries
from tests.integration.store.services import service

ANA = "U0ANA"
SAID = "Zoe Miller of Bonn"


def told(name: str, *, status: str = "firing", minute: int = 0, said: str = SAID, about: str = "fraud-scorer") -> str:
    """A notification of Alertmanager about one alert, whose every text says the same."""
    began, ended = START + timedelta(minutes=minute), START + timedelta(minutes=minute + 1)
    labels = {"alertname": f"Refused {said}", "service": about, "customer": said}
    alert: dict[str, Any] = {
        "status": status, "fingerprint": name, "startsAt": began.isoformat(), "labels": labels,
        "endsAt": ended.isoformat() if status == "resolved" else "0001-01-01T00:00:00Z",
        "annotations": {"summary": f"{said} was refused", "description": said},
        "generatorURL": f"https://alerts.example.com/?who={said.replace(' ', '+')}",
    }  # fmt: skip
    return json.dumps({"version": "4", "status": status, "alerts": [alert], "groupKey": "{}", "receiver": "bot"})


async def sends(here: Service, body: str) -> None:
    alerts = become("alertmanager", body.encode(), at=START, settings=SourceSettings()).alerts
    await here.take("alertmanager", alerts, body=body)


async def everything(store: Store) -> str:
    """All that the database holds, as one text."""

    def read(connection: Connection) -> str:
        rows = [row for table in METADATA.tables.values() for row in connection.execute(select(table))]
        return "\n".join(str(tuple(row)) for row in rows).replace("+", " ")  # a row itself cuts what is long

    return await store.writer.read(read)


async def bodies(store: Store) -> list[str]:
    def read(connection: Connection) -> list[str]:
        return [*connection.execute(select(PAYLOADS.c.body).order_by(PAYLOADS.c.id)).scalars()]

    return await store.writer.read(read)


async def lived(store: Store, **settings: Any) -> Service:
    """INC-1: an alert that began, ended, and began again; another one that joined and ended; it was reopened."""
    here = service(store, **settings)
    for body in (told("a"), told("a", status="resolved"), told("a", minute=5), told("b", minute=6)):
        await sends(here, body)
    await sends(here, told("b", status="resolved", minute=6))
    await here.handle(1, Resolve(summary="better"), by=ANA)
    await here.handle(1, Reopen(reason="it is not"), by=ANA)
    return here


async def test_nothing_is_left_of_what_the_alerts_said_wherever_it_was_kept(store: Store) -> None:
    here = await lived(store)
    assert (await everything(store)).count("Zoe") > 20
    head = await here.redact(1, 1, by=ANA)
    assert "Zoe" not in await everything(store)
    assert (head.title, head.alert_name, head.alert_text, head.alert_url) == ("(redacted)", "", "", "")
    assert (head.labels, head.service, head.failure_mode, head.alerts) == ({}, "fraud-scorer", "generic", 2)
    assert "Zoe" not in "\n".join(line.text for line in timeline(await entries(store, 1)))


async def test_what_was_refused_beside_its_alerts_is_not_kept_nor_why(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await sends(here, told("a"))
    clock.advance(1.0)  # it is written down a little later
    for number in range(2):
        why = f"not an Alertmanager notification: “{SAID}” is no time - at `$.alerts[{number}].startsAt`"
        here.refusing.refuse("alertmanager", SOME, why, at=clock.now(), body=lambda: told("a"))
    await here.refusing.close()
    await here.redact(1, 1, by=ANA)
    assert "Zoe" not in await everything(store)
    (refusal,) = await store.refusals.since(START)
    assert (refusal.count, refusal.reason) == (2, "")


async def test_the_head_is_the_same_whether_it_was_folded_before_or_after(store: Store) -> None:
    here = await lived(store)
    head = await here.redact(1, 1, by=ANA)
    assert fold(await entries(store, 1)) == head


async def test_an_alert_that_begins_again_does_not_say_it_anew(store: Store) -> None:
    here = await lived(store)
    await here.redact(1, 1, by=ANA)
    await sends(here, told("a", status="resolved", minute=5))
    await sends(here, told("a", minute=20))
    assert (await here.incident(1)).together.firing == 1
    assert "Zoe" not in await everything(store)


async def test_a_request_that_repeats_what_was_redacted_beside_a_new_alert_is_not_kept(store: Store) -> None:
    here = await lived(store)
    await here.redact(1, 1, by=ANA)
    again, new = json.loads(told("a", minute=5)), json.loads(told("new", minute=20, said="something else"))
    await sends(here, json.dumps(again | {"alerts": [*again["alerts"], *new["alerts"]]}))
    assert (await here.incident(1)).together.firing == 2
    assert "Zoe" not in await everything(store)
    assert "something else was refused" in await everything(store)


async def test_an_alert_that_comes_new_says_what_it_says(store: Store) -> None:
    here = await lived(store)
    await here.redact(1, 1, by=ANA)
    await sends(here, told("new", minute=20, said="something else"))
    assert "something else was refused" in await everything(store)


async def test_other_incidents_keep_what_they_have(store: Store) -> None:
    here = await lived(store)
    await sends(here, told("c", said="Otto Maier", about="churn"))
    await here.redact(1, 1, by=ANA)
    assert [body for body in await bodies(store) if body] == [told("c", said="Otto Maier", about="churn")]


async def test_a_request_that_brought_what_is_held_too_stays(store: Store) -> None:
    here = service(store)
    one, other = (json.loads(told(name, about=about)) for name, about in (("a", "fraud-scorer"), ("c", "churn")))
    one["alerts"] += other["alerts"]
    await sends(here, json.dumps(one))
    await here.handle(2, SetHold(on=True, reason="case 7"), by=ANA)
    await here.redact(1, 1, by=ANA)
    assert await bodies(store) == [json.dumps(one)]


async def test_what_was_reported_by_people_is_still_counted_as_such(store: Store) -> None:
    here = service(store)
    body = json.loads(told("a"))
    body["alerts"][0]["labels"]["reported_by"] = "users"
    await sends(here, json.dumps(body))
    await here.redact(1, 1, by=ANA)

    def labels(connection: Connection) -> Any:
        return connection.execute(select(ALERTS.c.labels)).scalar_one()

    assert await store.writer.read(labels) == {"reported_by": "users"}


async def test_what_it_was_merged_into_does_not_name_it_any_more(store: Store) -> None:
    here = service(store)
    await sends(here, told("a", said="something else"))
    await sends(here, told("c", about="churn"))
    await here.merging.merge(2, into=1, by=ANA)
    await here.redact(2, 1, by=ANA)
    assert (await here.incident(1)).together.merged[0].title == ""
    assert fold(await entries(store, 1)) == await here.incident(1)
    await here.redact(1, 1, by=ANA)  # where its alerts are now
    assert "Zoe" not in await everything(store)


async def test_its_silences_end_as_they_hold_the_labels(store: Store) -> None:
    connectors = {"am": Connector(name="am", kind="alertmanager", url="https://alerts.example.com")}
    here = await lived(store, connectors=connectors)
    await here.silences.ask(1, 3600, by=ANA)
    head = await here.redact(1, 1, by=ANA)
    assert head.silences[1].lifted_by == ANA
    assert "Zoe" not in await everything(store)
    assert any(isinstance(entry.event, ev.SilenceLiftAsked) for entry in await entries(store, 1))


async def test_under_a_hold_nothing_of_it_is_erased_neither_then_nor_when_an_alert_begins_again(store: Store) -> None:
    here = await lived(store)
    await here.redact(1, 1, by=ANA)
    await here.handle(1, SetHold(on=True, reason="case 7"), by=ANA)
    await sends(here, told("a", status="resolved", minute=5))
    await sends(here, told("a", minute=20))
    assert len([body for body in await bodies(store) if body]) == 2
    before = await everything(store)
    assert before.count("Zoe") > 5
    with pytest.raises(Refused, match="legal hold"):
        await here.redact(1, 1, by=ANA)
    assert await everything(store) == before
