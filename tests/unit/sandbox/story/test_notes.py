"""What is noted of people, and what it is called."""

from __future__ import annotations

import inspect

import pytest

from bot.sandbox.story import RecordedPeople
from bot.sandbox.story.acts import Deleted, Filled, Posted, Pressed, PressedInView, Reacted, SwitchSet, Typed
from bot.sandbox.story.notes import Notes
from bot.sandbox.workspace.people import People
from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.workspace.values import Json, Message, SlackSays, User

ANA = "U0ANA"


@pytest.fixture
def server() -> WorkspaceServer:
    """Nobody answers for the bot: every delivery fails."""
    server = WorkspaceServer(people=RecordedPeople)
    server.workspace.directory.add(User(id=ANA, name="ana", real_name="Ana Duarte"))
    server.workspace.channels.create("room", creator=ANA, members=(ANA, server.workspace.app.bot_user))
    return server


def people(server: WorkspaceServer) -> RecordedPeople:
    assert isinstance(server.people, RecordedPeople)
    return server.people


def room(server: WorkspaceServer) -> str:
    return server.workspace.channels.by_name("room").id


def row(*labels: str, step: str = "") -> Json:
    ref = f'{{"i":"INC-1","s":"{step}"}}'
    elements = [
        {"type": "button", "action_id": label.lower(), "value": ref, "text": {"type": "plain_text", "text": label}}
        for label in labels
    ]
    return {"type": "actions", "block_id": f"b{step}", "elements": elements}


def drawn(server: WorkspaceServer, *blocks: Json, surface: str = "", ephemeral_to: str = "") -> Message:
    metadata = {"event_type": "x", "event_payload": {"surface": f"sandbox/INC-1/{surface}"}} if surface else None
    return server.workspace.messages.post(
        channel=room(server), user=server.workspace.app.bot_user, blocks=blocks, metadata=metadata,
        ephemeral_to=ephemeral_to,
    )  # fmt: skip


async def test_a_button_is_called_by_its_words_and_by_more_where_words_do_not_do(server: WorkspaceServer) -> None:
    first = drawn(server, row("Done", "Go", step="labels"), surface="first")
    drawn(server, row("Done", step="upstream"), surface="tasks")
    for action in ("go", "done"):
        await people(server).press(ANA, first.channel, first.ts, action)
    go, done = [act.control for act in people(server).notes.acts if isinstance(act, Pressed)]
    assert (go.label, go.surface, go.incident, go.step, go.by) == ("Go", "first", 1, "labels", ())
    assert (done.label, done.by) == ("Done", ("step",))


async def test_the_older_of_two_that_are_called_alike_is_counted(server: WorkspaceServer) -> None:
    older, newer = (drawn(server, row("Go"), ephemeral_to=ANA) for _ in range(2))
    said = [await people(server).post_as(ANA, room(server), "again") for _ in range(2)]
    for message in (older, newer):
        await people(server).press(ANA, message.channel, message.ts, "go")
    await people(server).delete_message(ANA, room(server), said[0].ts)
    nths = [act.control.nth for act in people(server).notes.acts if isinstance(act, Pressed)]
    assert nths == [2, 1]
    assert [act.message.nth for act in people(server).notes.acts if isinstance(act, Deleted)] == [2]


async def test_what_the_workspace_refuses_is_noted_as_refused(server: WorkspaceServer) -> None:
    message = drawn(server, row("Go"))
    with pytest.raises(SlackSays):
        await people(server).press(ANA, message.channel, message.ts, "gone")
    with pytest.raises(SlackSays):
        await people(server).react(ANA, message.channel, "1.000000", "eyes")
    pressed, reacted = people(server).notes.acts
    assert isinstance(pressed, Pressed)
    assert pressed.refused == "no_such_element"
    assert isinstance(reacted, Reacted)
    assert reacted.refused == "message_not_found"


async def test_a_bot_that_does_not_answer_is_noted(server: WorkspaceServer) -> None:
    await people(server).slash(ANA, room(server), "/incident new")
    (act,) = people(server).notes.acts
    assert isinstance(act, Typed)
    assert (act.channel, act.line.words, act.failed != "") == ("room", "/incident new", True)


async def test_a_modal_is_noted_with_what_differs_from_what_it_proposed(server: WorkspaceServer) -> None:
    blocks = [
        {"type": "input", "block_id": name, "label": {"type": "plain_text", "text": name},
         "element": {"type": "plain_text_input", "action_id": "value", "initial_value": name}}
        for name in ("text", "reason")
    ]  # fmt: skip
    views = server.workspace.views
    view = views.open(views.new_trigger(ANA), {"type": "modal", "callback_id": "form", "blocks": blocks})
    await people(server).submit_view(ANA, view.id, {"text": {"value": "text"}, "reason": {"value": ""}})
    with pytest.raises(SlackSays):
        await people(server).press_in_view(ANA, view.id, "nothing")
    form, press = people(server).notes.acts
    assert isinstance(form, Filled)
    assert {name: getattr(answer, "words", "") for name, answer in form.answers.items()} == {"reason": ""}
    assert form.errors == {"reason": "Please complete this required field."}
    assert isinstance(press, PressedInView)
    assert press.refused == "no_such_element"


async def test_a_message_is_called_by_its_surface_or_its_words(server: WorkspaceServer) -> None:
    card = drawn(server, row("Go"), surface="first")
    words = await people(server).post_as(ANA, room(server), "the queue is long")
    for message in (card, words):
        await people(server).react(ANA, message.channel, message.ts, ":eyes:")
    reactions = [act for act in people(server).notes.acts if isinstance(act, Reacted)]
    assert [(act.message.words, act.name) for act in reactions] == [("first", "eyes"), ("the queue is long", "eyes")]


async def test_only_the_beginning_of_a_very_long_text_is_kept(server: WorkspaceServer) -> None:
    await people(server).post_as(ANA, room(server), "z" * 40_000)
    (act,) = people(server).notes.acts
    assert isinstance(act, Posted)
    assert (len(act.text.words), act.text.length, act.text.whole) == (300, 40_000, False)


def test_a_full_notebook_says_so_and_keeps_what_it_has(server: WorkspaceServer) -> None:
    notes = Notes(server.workspace, server.journal, most=2)
    for number in range(3):
        noted = notes.add(SwitchSet(user="", at=server.workspace.stamps.now(), name="flag", value=str(number)))
        notes.amend(noted, failed="x")
    assert notes.full
    assert [act.value for act in notes.acts if isinstance(act, SwitchSet)] == ["0", "1"]


def test_what_only_one_person_is_told_is_noted_with_its_beginning(server: WorkspaceServer) -> None:
    told = {"type": "section", "text": {"type": "mrkdwn", "text": "Only for you. " + "w" * 3000}}
    drawn(server, told, ephemeral_to=ANA)
    drawn(server, told)
    (whisper,) = people(server).notes.whispers
    assert whisper.user == ANA
    assert whisper.words.startswith("Only for you.")
    assert len(whisper.words) == 400


def test_whatever_people_can_do_is_noted() -> None:
    can = {name for name, what in inspect.getmembers(People, inspect.iscoroutinefunction) if not name.startswith("_")}
    assert can
    assert can - set(vars(RecordedPeople)) == set()
