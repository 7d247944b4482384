"""What people write in Slack and want to keep: pushpins and the message shortcut."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.incidents import events as ev
from bot.sandbox.workspace.values import Message
from tests.scenarios.stage import ANA, BEN, CHI, Stage, recorded


@pytest.fixture
async def opened(bare: Stage) -> Stage:
    await bare.sends(recorded("1_firing"))
    await bare.rest()
    return bare


async def _says(stage: Stage, text: str, *, thread_ts: str = "") -> Message:
    channel = stage.screen.channel()
    message = await stage.server.people.post_as(CHI, channel.id, text, thread_ts=thread_ts)
    await stage.rest(90)
    return message


async def test_a_pushpin_adds_the_message_at_the_time_when_it_was_written(opened: Stage) -> None:
    written = opened.clock.now()
    message = await _says(opened, "errors began with the 05:30 release")
    await opened.server.people.react(BEN, message.channel, message.ts, "pushpin")
    await opened.server.people.react(BEN, message.channel, message.ts, "eyes")
    await opened.rest()
    (note,) = await opened.happened(ev.NoteAdded)
    assert (note.text, note.author) == ("errors began with the 05:30 release", CHI)
    assert note.written_at is not None
    assert abs(note.written_at - written) < timedelta(seconds=1)
    assert "errors began with the 05:30 release" in await opened.timeline()
    assert opened.refused() == []


async def test_a_pushpin_in_a_thread_adds_the_answer(opened: Stage) -> None:
    first = await _says(opened, "who changed the flag?")
    answer = await _says(opened, "I did, at 05:31", thread_ts=first.ts)
    await opened.server.people.react(BEN, answer.channel, answer.ts, "pushpin")
    await opened.rest()
    assert [note.text for note in await opened.happened(ev.NoteAdded)] == ["I did, at 05:31"]


async def test_the_message_shortcut_adds_and_answers(opened: Stage) -> None:
    message = await _says(opened, "checkout declines everything")
    await opened.server.people.shortcut(ANA, "timeline.add", channel=message.channel, ts=message.ts)
    await opened.rest()
    assert [note.text for note in await opened.happened(ev.NoteAdded)] == ["checkout declines everything"]


async def test_a_message_elsewhere_becomes_an_incident(bare: Stage) -> None:
    lobby = bare.screen.named("ml-incidents")
    message = await bare.server.people.post_as(CHI, lobby.id, "is ranker down for everybody?")
    await bare.server.people.shortcut(ANA, "incident.from_message", channel=lobby.id, ts=message.ts)
    await bare.rest(0)
    assert await bare.fills(ANA, service="ranker") == {}
    assert bare.screen.channel().name == "inc-1-ranker-is-ranker-down-for-everybody"


async def test_a_pushpin_outside_of_incidents_is_nobodys_business(bare: Stage) -> None:
    lobby = bare.screen.named("ml-incidents")
    message = await bare.server.people.post_as(CHI, lobby.id, "lunch?")
    await bare.server.people.react(ANA, lobby.id, message.ts, "pushpin")
    await bare.rest()
    assert bare.screen.whispered(ANA) == []
    assert await bare.bot.service.listing() == []
