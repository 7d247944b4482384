"""Incidents as guests, on both databases: a channel has one, whoever asks and however often."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import Refused
from bot.incidents import commands as cmd
from bot.incidents.commands.guests import AttachToChannel
from bot.service.crowding import MANY
from bot.service.guests import Invitation
from bot.store import Store
from tests.integration.store.services import alert, service


def into(channel: str, *, about: str = "fraud-scorer", number: int | None = None, once: bool = False) -> Invitation:
    where = AttachToChannel(channel=channel, name=f"inc-{channel.lower()}")
    return Invitation(where=where, source="slack", service="" if number else about, number=number, once=once)


async def test_two_who_ask_at_once_get_the_same_incident(store: Store) -> None:
    here = service(store)
    attached = await asyncio.gather(*(here.guests.attach(into("C0THEIRS"), by=f"U{n}") for n in range(4)))
    assert {one.incident.key for one in attached} == {"INC-1"}
    assert sorted(one.how for one in attached) == ["already", "already", "already", "opened"]


async def test_the_opening_is_one_commit_that_knows_its_place(store: Store) -> None:
    here = service(store)
    incident = (await here.guests.attach(into("C0THEIRS"), by="U1")).incident
    assert (incident.place, incident.channel, incident.channel_name) == ("guest", "C0THEIRS", "inc-c0theirs")
    assert await here.in_channel("C0THEIRS") == 1
    assert {entry.at for entry in await here.entries(1)} == {incident.opened_at}


async def test_a_repeated_delivery_changes_nothing(store: Store) -> None:
    here = service(store)
    first = await here.guests.attach(into("C0THEIRS"), by="rootly", delivery="attach/rootly/1")
    await here.handle(1, cmd.Resolve(), by="U1")
    again = await here.guests.attach(into("C0THEIRS"), by="rootly", delivery="attach/rootly/1")
    assert (first.how, again.how, again.incident.number) == ("opened", "already", 1)


async def test_a_channel_whose_incident_is_over_gets_another_only_if_a_person_asks(store: Store) -> None:
    here = service(store)
    await here.guests.attach(into("C0THEIRS"), by="U1")
    await here.handle(1, cmd.Resolve(), by="U1")
    assert (await here.guests.attach(into("C0THEIRS", once=True), by="rootly")).how == "already"
    assert (await here.guests.attach(into("C0THEIRS"), by="U1")).incident.number == 2


async def test_the_services_alerts_join_the_guest_and_a_live_incidents_go_on_joining_that(store: Store) -> None:
    here = service(store)
    await here.take("alertmanager", [alert()])
    await here.guests.attach(into("C0THEIRS", number=1), by="U1")
    assert (await here.take("alertmanager", [alert("b")])).incidents == ["INC-1"]
    assert (await here.incident(1)).place == "guest"


async def test_a_service_that_came_together_with_many_others_leaves_them_for_the_guest(store: Store) -> None:
    here = service(store, most_incidents=1)
    await here.take("alertmanager", [alert("a", service="alpha"), alert("b", service="beta")])
    assert (await here.incident(2)).service == MANY
    assert (await here.guests.attach(into("C0THEIRS", about="beta"), by="U1")).incident.number == 3
    assert (await here.take("alertmanager", [alert("c", service="beta")])).incidents == ["INC-3"]


async def test_what_is_over_or_nowhere_is_refused(store: Store) -> None:
    here = service(store)
    await here.take("alertmanager", [alert()])
    await here.handle(1, cmd.Resolve(), by="U1")
    for number in (1, 9):
        with pytest.raises(Refused):
            await here.guests.attach(into("C0THEIRS", number=number), by="U1")
    assert await here.in_channel("C0THEIRS") is None


@pytest.mark.parametrize(
    ("by", "private", "expected"),
    [("U1", False, 2), ("U1", True, 2), ("rootly", True, 2), ("U0BEN", False, 2), ("U0BEN", True, 1)],
)
async def test_a_private_incident_of_the_service_comes_only_with_who_belongs_to_it(
    store: Store, by: str, private: bool, expected: int
) -> None:
    here = service(store)
    await here.take("alertmanager", [alert(failure_mode="safety")])
    await here.handle(1, cmd.Acknowledge(), by="U0BEN")
    where = AttachToChannel(channel="C0THEIRS", name="inc-theirs", private=private)
    invitation = Invitation(where=where, source="slack", service="fraud-scorer", number=None)

    assert (await here.guests.attach(invitation, by=by)).incident.number == expected
    assert (await here.incident(1)).place == ("guest" if expected == 1 else "channel")
