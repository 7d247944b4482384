"""Pushpins, shortcuts, the end of a channel, and whatever else Slack sends."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.incidents import events as ev
from tests.integration.slack_app.office import Office


async def test_a_pushpin_adds_the_message_at_the_time_when_it_was_written(office: Office) -> None:
    await office.begins(office.story())
    said = await office.server.people.post_as(office.ben.id, office.room.id, "the labels come late")
    await office.server.people.react(office.ana.id, office.room.id, said.ts, "pushpin")
    handled = await office.handled()
    assert handled.events == (
        ev.NoteAdded(
            text="the labels come late", author=office.ben.id, message=f"{office.room.id}/{said.ts}",
            written_at=datetime.fromtimestamp(float(said.ts), UTC),
        ),
    )  # fmt: skip
    entries = await office.service.entries(1)
    assert entries[-1].by == office.ana.id


async def test_an_answer_in_a_thread_is_found_too(office: Office) -> None:
    await office.begins(office.story())
    first = await office.server.people.post_as(office.ben.id, office.room.id, "who knows v42?")
    reply = await office.server.people.post_as(office.ana.id, office.room.id, "I trained it", thread_ts=first.ts)
    await office.server.people.react(office.ben.id, office.room.id, reply.ts, "pushpin")
    (note,) = (await office.handled()).events
    assert isinstance(note, ev.NoteAdded)
    assert (note.text, note.author) == ("I trained it", office.ana.id)


async def test_without_the_history_scope_the_person_is_told_which_one_is_missing(office: Office) -> None:
    await office.begins(office.story())
    office.server.access.scopes = office.server.access.scopes - {"channels:history", "groups:history"}
    said = await office.server.people.post_as(office.ben.id, office.room.id, "the labels come late")
    react = office.server.people.react(office.ana.id, office.room.id, said.ts, "pushpin")
    told = await office.told(office.ana, react)
    assert "the app lacks the scope `channels:history`" in told.text
    assert office.service.done.empty()


async def test_the_end_of_the_channel_stands_in_the_timeline(office: Office) -> None:
    await office.begins(office.story())
    office.server.workspace.channels.archive(office.room.id, user=office.ana.id)
    (note,) = (await office.handled()).events
    assert isinstance(note, ev.NoteAdded)
    assert note.text == "The incident's channel was archived in Slack."


async def test_a_message_goes_into_the_timeline_by_its_shortcut(office: Office) -> None:
    await office.begins(office.story())
    said = await office.server.people.post_as(office.ben.id, office.room.id, "v42 has a new feature")
    act = office.server.people.shortcut(office.ana.id, "timeline.add", channel=office.room.id, ts=said.ts)
    told = await office.told(office.ana, act)
    assert told.text == "It is in the timeline of INC-1, at the time when it was written."
    (note,) = (await office.handled()).events
    assert isinstance(note, ev.NoteAdded)
    assert (note.text, note.author) == ("v42 has a new feature", office.ben.id)


async def test_a_message_becomes_an_incident_by_its_shortcut(office: Office) -> None:
    said = await office.server.people.post_as(office.ben.id, office.lobby.id, "recall is down\nsince 03:05")
    people = office.server.people
    act = people.shortcut(office.ana.id, "incident.from_message", channel=office.lobby.id, ts=said.ts)
    view = await office.asked(office.ana, act)
    fields = {block["block_id"]: block["element"].get("initial_value") for block in view.content["blocks"]}
    assert fields["title"] == "recall is down"
    assert fields["text"] == "recall is down\nsince 03:05"


async def test_an_incident_is_declared_from_anywhere_by_the_global_shortcut(office: Office) -> None:
    view = await office.asked(office.ana, office.server.people.shortcut(office.ana.id, "incident.declare"))
    assert view.callback_id == "incident.declare"
    values = {"title": {"value": "recall is down"}, "service": {"value": "fraud-scorer"}}
    submitted = await office.server.people.submit_view(office.ana.id, view.id, values)
    assert (submitted.errors, submitted.failed) == ({}, "")
    assert (await office.service.incident(1)).title == "recall is down"


async def test_messages_of_people_are_acknowledged_and_change_nothing(office: Office) -> None:
    await office.begins(office.story())
    before = len(await office.service.entries(1))
    await office.server.people.post_as(office.ben.id, office.room.id, "hello")
    await office.types(office.ana, "/incident help")
    assert len(await office.service.entries(1)) == before
    assert office.server.journal.refused() == []
