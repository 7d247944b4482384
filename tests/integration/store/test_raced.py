"""Two people at two replicas of one PostgreSQL at once: one is through, the other hears why, nothing is half done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import Refused
from bot.guests.tool import Told
from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.commands.guests import AttachToChannel
from bot.incidents.commands.silences import LiftSilences, SilenceAlerts
from bot.incidents.events.silences import Silenced
from bot.service import Service
from bot.service.guests import Invitation
from bot.store import Store
from tests.conftest import START
from tests.integration.store.logs import entries
from tests.integration.store.services import alert, service

pytestmark = pytest.mark.postgres
ANA, BEN = "U0ANA", "U0BEN"
#: a race is run so often: once is luck
ROUNDS = 6


@pytest.fixture
def two(replicas: tuple[Store, Store]) -> tuple[Service, Service]:
    one, other = replicas
    return service(one), service(other)


async def both(*races: Awaitable[Any]) -> list[Any]:
    """What came of each: an answer, or why it was refused."""
    found = await asyncio.gather(*races, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException) and not isinstance(one, Refused):
            raise one
    return [one.reason if isinstance(one, Refused) else one for one in found]


def about(round_: int, name: str) -> Any:
    """The first alert of a service of its own in each round."""
    return alert(f"{name}{round_}", service=f"{name}-{round_}")


def into(channel: str, *, about: str = "", number: int | None = None) -> Invitation:
    where = AttachToChannel(channel=channel, name=f"inc-{channel.lower()}")
    return Invitation(where=where, source="slack", service=about, number=number)


async def opened(here: Service, alerts: list[Any]) -> list[int]:
    taken = await here.take("alertmanager", alerts)
    return [int(key.removeprefix("INC-")) for key in taken.incidents]


async def kinds(store: Store, number: int) -> list[str]:
    return [type(entry.event).__name__ for entry in await entries(store, number)]


async def test_each_into_the_other_merges_once(two: tuple[Service, Service], replicas: tuple[Store, Store]) -> None:
    for round_ in range(ROUNDS):
        one, other = await opened(two[0], [about(round_, "fraud"), about(round_, "cost")])
        found = await both(
            two[0].merging.merge(one, into=other, by=ANA), two[1].merging.merge(other, into=one, by=BEN)
        )
        assert len([reason for reason in found if isinstance(reason, str)]) == 1
        heads = [await two[0].incident(number) for number in (one, other)]
        assert sorted(head.status for head in heads) == ["merged", "open"]
        assert sorted(head.alerts for head in heads if head.status == "open") == [2]
        rows = await replicas[0].alerts.since(START - timedelta(days=1))
        stays = next(head.number for head in heads if head.status == "open")
        assert {row.number for row in rows if row.fingerprint.endswith(str(round_))} == {stays}


async def test_alerts_that_come_while_it_is_merged_are_where_it_goes_on(
    two: tuple[Service, Service], replicas: tuple[Store, Store]
) -> None:
    for round_ in range(ROUNDS):
        one, other = await opened(two[0], [about(round_, "fraud"), about(round_, "cost")])
        later = [alert(f"later{round_}-{n}", service=f"cost-{round_}") for n in range(5)]
        await both(
            two[0].merging.merge(other, into=one, by=ANA),
            *(two[1].take("alertmanager", [single]) for single in later),
        )
        rows = await replicas[0].alerts.since(START - timedelta(days=1))
        mine = [row for row in rows if row.service in (f"cost-{round_}", f"fraud-{round_}")]
        assert {row.number for row in mine} == {one}
        assert (await two[0].incident(one)).alerts == len(mine) == 7


async def test_one_channel_gets_one_incident_whatever_it_is_asked_in_for(two: tuple[Service, Service]) -> None:
    for round_ in range(ROUNDS):
        channel = f"C0THEIRS{round_}"
        found = await both(
            two[0].guests.attach(into(channel, about=f"fraud-{round_}"), by=ANA),
            two[1].guests.attach(into(channel, about=f"cost-{round_}"), by=BEN),
        )
        assert {one.incident.number for one in found} == {round_ + 1}
        assert sorted(one.how for one in found) == ["already", "opened"]


async def test_of_two_incidents_that_are_asked_into_one_channel_one_goes(two: tuple[Service, Service]) -> None:
    for round_ in range(ROUNDS):
        one, other = await opened(two[0], [about(round_, "fraud"), about(round_, "cost")])
        channel = f"C0THEIRS{round_}"
        found = await both(
            two[0].guests.attach(into(channel, number=one), by=ANA),
            two[1].guests.attach(into(channel, number=other), by=BEN),
        )
        assert [reason for reason in found if isinstance(reason, str)] == ["occupied"]
        places = {(await two[0].incident(number)).place for number in (one, other)}
        assert places == {"guest", "channel"}


async def test_what_is_attached_and_merged_at_once_is_one_or_the_other(two: tuple[Service, Service]) -> None:
    for round_ in range(ROUNDS):
        one, other = await opened(two[0], [about(round_, "fraud"), about(round_, "cost")])
        found = await both(
            two[0].merging.merge(other, into=one, by=ANA),
            two[1].guests.attach(into(f"C0THEIRS{round_}", number=other), by=BEN),
        )
        assert not isinstance(found[0], str)
        assert isinstance(found[1], str) or found[1].how == "came"
        head = await two[0].incident(other)
        assert head.status == "merged"
        assert type((await two[0].entries(other))[-1].event) is ev.MergedInto


async def test_a_delivery_that_comes_to_both_is_heard_once(
    two: tuple[Service, Service], replicas: tuple[Store, Store]
) -> None:
    await two[0].guests.attach(into("C0THEIRS", about="fraud"), by=ANA)
    told = Told(state="over", word="resolved", said_at=START + timedelta(minutes=1), channel="C0THEIRS")
    now = START + timedelta(minutes=2)
    hears = [here.guests.hearing.hear(told, tool="Rootly", now=now, delivery="attach/rootly/1") for here in two * 3]
    assert [one.number for one in await both(*hears)] == [1] * 6
    assert (await kinds(replicas[0], 1)).count("ToldByTool") == 1


async def test_what_the_tool_says_while_a_person_resolves_ends_nothing_twice(
    two: tuple[Service, Service], replicas: tuple[Store, Store]
) -> None:
    await two[0].guests.attach(into("C0THEIRS", about="fraud"), by=ANA)
    told = Told(state="over", word="resolved", said_at=START, channel="C0THEIRS")
    await both(
        two[0].guests.hearing.hear(told, tool="Rootly", now=START), two[1].handle(1, cmd.Resolve(), by=BEN)
    )  # fmt: skip
    found = await kinds(replicas[0], 1)
    assert (found.count("Resolved"), found.count("ToldByTool")) == (1, 1)


def silence(round_: int) -> SilenceAlerts:
    labels = {"alertname": "ModelRecallDrop", "service": f"fraud-{round_}"}
    one = Silenced(source="alertmanager", fingerprint="f", starts_at=START, labels=labels, name="ModelRecallDrop")
    return SilenceAlerts(seconds=3600, alerts=(one,), connectors=("am",))


async def test_silences_that_two_ask_for_have_numbers_of_their_own_and_all_end_with_the_incident(
    two: tuple[Service, Service],
) -> None:
    for round_ in range(ROUNDS):
        (number,) = await opened(two[0], [about(round_, "fraud")])
        asked = await both(
            two[0].handle(number, silence(round_), by=ANA), two[1].handle(number, silence(round_), by=BEN)
        )
        assert not any(isinstance(one, str) for one in asked)
        assert sorted((await two[0].incident(number)).silences) == [1, 2]


async def test_lifted_by_two_it_is_lifted_once(two: tuple[Service, Service], replicas: tuple[Store, Store]) -> None:
    (number,) = await opened(two[0], [about(0, "fraud")])
    await two[0].handle(number, silence(0), by=ANA)
    found = await both(
        *(here.handle(number, LiftSilences(), by=who) for here, who in zip(two, (ANA, BEN), strict=True))
    )
    assert found.count("nothing_silenced") == 1
    lifted = [entry for entry in await entries(replicas[0], number) if isinstance(entry.event, ev.SilenceLiftAsked)]
    assert len(lifted) == 1


async def test_what_is_silenced_while_it_is_merged_is_one_or_the_other(two: tuple[Service, Service]) -> None:
    for round_ in range(ROUNDS):
        one, other = await opened(two[0], [about(round_, "fraud"), about(round_, "cost")])
        found = await both(
            two[0].merging.merge(other, into=one, by=ANA), two[1].handle(other, silence(round_), by=BEN)
        )
        assert not isinstance(found[0], str)
        head = await two[0].incident(other)
        assert (head.status, len(head.silences)) == ("merged", 0 if isinstance(found[1], str) else 1)
