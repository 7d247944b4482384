"""What the things that people act on are called, as they stand when the act begins; nothing here refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec

from bot.sandbox.story.acts import Control, Told
from bot.sandbox.story.finding import Found, about, called, label_of, messages, surface_of, words_of
from bot.sandbox.story.phrases import phrase
from bot.sandbox.workspace.inputs import Entered, find_element, options_of
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Json, Message, SlackSays

_WAYS: Final = ((), ("step",), ("surface",), ("surface", "step"))
#: every step has one of these, in the same words: which is meant must not hang on how much has been redrawn
_OF_EVERY_STEP: Final = ("step.done", "step.skip", "step.answer", "step.assign", "incident.update")
_SHORT: Final = 60
_NEVER: Final = 1_000_000


def channel_name(workspace: Workspace, channel: str) -> str:
    """Its name; ``@evenkeel`` for the direct conversation with the bot; empty for what is not there."""
    try:
        there = workspace.channels.get(channel)
    except SlackSays:
        return ""
    return f"@{workspace.directory.user(workspace.app.bot_user).name}" if there.is_im else there.name


def told(workspace: Workspace, user: str, channel: str, ts: str) -> Told:
    """The message by its surface or its words."""
    try:
        this = workspace.messages.get(channel, ts)
    except SlackSays:
        return Told(words="", nth=0)
    key, _, surface = surface_of(this).partition("/")
    number, own = int(key.removeprefix("INC-") or 0), words_of(this)
    short = own if len(own) <= _SHORT and "<#" not in own else ""
    words = surface or short or phrase(own) or own[:_SHORT]
    found = enumerate(messages(workspace, words, user=user, number=number), start=1)
    return Told(words=words, incident=number, nth=next((nth for nth, one in found if one.ts == ts), 0))


def control(
    workspace: Workspace, user: str, *, channel: str, ts: str, action_id: str, block_id: str
) -> tuple[Control, Json]:
    """The button or menu by its words, with what else it takes to tell it apart; and the element (empty: gone)."""
    nothing = Control(label="", action_id=action_id, nth=0, drawn=workspace.stamps.now())
    try:
        there = workspace.messages.get(channel, ts)
    except SlackSays:
        return nothing, {}
    pair = find_element(there.blocks, action_id=action_id, block_id=block_id)
    pair = pair or find_element(there.blocks, action_id=action_id)
    if pair is None:
        return nothing, {}
    found = Found(message=there, block=pair[0], element=pair[1])
    (number, step), surface = about(found), surface_of(there).partition("/")[2]
    named = Control(
        label=label_of(found.element) or action_id, action_id=action_id, surface=surface, incident=number,
        step=step, drawn=_drawn(there),
    )  # fmt: skip
    nths = {way: _nth(workspace, user, named, way=way, wanted=found) for way in _ways(named)}
    by = min(nths, key=lambda way: (nths[way] or _NEVER, len(way)))
    return msgspec.structs.replace(named, by=by, nth=nths[by]), found.element


def _ways(named: Control) -> list[tuple[str, ...]]:
    """What may be said besides the label."""
    known = {"step": named.step, "surface": named.surface}
    ways: list[tuple[str, ...]] = [way for way in _WAYS if all(known[name] for name in way)]
    by_step = [way for way in ways if "step" in way]
    return by_step if by_step and named.action_id in _OF_EVERY_STEP else ways


def _nth(workspace: Workspace, user: str, named: Control, *, way: tuple[str, ...], wanted: Found) -> int:
    """The how manieth of those that are called so it is; 0: it is not among them."""
    names = {name: value for name, value in (("surface", named.surface), ("step", named.step)) if name in way}
    found = called(workspace, named.label, user=user, number=named.incident, **names)
    return next((nth for nth, one in enumerate(found, start=1) if one.place == wanted.place), 0)


def _drawn(this: Message) -> datetime:
    return datetime.fromtimestamp(float(this.edited or this.ts), UTC)


def chosen(element: Json, entered: Entered) -> tuple[str, ...]:
    """What was chosen, by the words of the options; what is no option stays as it is."""
    many = [entered] if isinstance(entered, str) else entered or []
    words = {str(option.get("value")): str(option["text"]["text"]) for option in options_of(element)}
    return tuple(words.get(one, one) for one in many)
