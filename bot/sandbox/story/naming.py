"""What the things that people act on are called, as they stand when the act begins; nothing here refuses."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from bot.sandbox.story.acts import Control, Told
from bot.sandbox.story.finding import Found, about, button, label_of, message, surface_of, words_of
from bot.sandbox.story.phrases import phrase
from bot.sandbox.workspace.inputs import Entered, find_element, options_of
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Json, Message, SlackSays

_WAYS = ((), ("step",), ("surface",), ("surface", "step"))


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
        return Told(words="", found=False)
    key, _, surface = surface_of(this).partition("/")
    number = int(key.removeprefix("INC-") or 0)
    own = words_of(this)
    plain = own if len(own) <= 60 and not set(own) & set("<\n") else ""
    for words in (surface, plain, phrase(own)):
        if words and message(workspace, words, user=user, number=number) is this:
            return Told(words=words, incident=number)
    return Told(words=surface or own[:60], incident=number, found=False)


def control(
    workspace: Workspace, user: str, *, channel: str, ts: str, action_id: str, block_id: str
) -> tuple[Control, Json]:
    """The button or menu by its words, with what else it takes to tell it apart; and the element (empty: gone)."""
    nothing = Control(label="", action_id=action_id, by=None, drawn=workspace.stamps.now())
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
        step=step, by=None, drawn=_drawn(there),
    )  # fmt: skip
    by = next((way for way in _WAYS if _leads_to(workspace, user, named, way=way, wanted=found)), None)
    return msgspec.structs.replace(named, by=by), found.element


def _leads_to(workspace: Workspace, user: str, named: Control, *, way: tuple[str, ...], wanted: Found) -> bool:
    names = {"surface": named.surface, "step": named.step}
    names = {name: value if name in way else "" for name, value in names.items()}
    if not all(names[name] for name in way):
        return False
    found = button(workspace, named.label, user=user, number=named.incident, **names)
    return found is not None and found.place == wanted.place


def _drawn(this: Message) -> datetime:
    return datetime.fromtimestamp(float(this.edited or this.ts), UTC)


def chosen(element: Json, entered: Entered) -> tuple[str, ...]:
    """What was chosen, by the words of the options; what is no option stays as it is."""
    many = [entered] if isinstance(entered, str) else entered or []
    words = {str(option.get("value")): str(option["text"]["text"]) for option in options_of(element)}
    return tuple(words.get(one, one) for one in many)
