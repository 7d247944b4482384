"""How a person names what they see: a button by its words, a message by its beginning.

The recorder asks which name finds a thing, a story asks what a name finds: with the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from bot.sandbox.workspace.inputs import elements_of
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Json, Message


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """An element of a message, and the block that it stands in."""

    message: Message
    block: Json
    element: Json

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Channel, message, block and action: what tells it apart from every other."""
        return self.message.channel, self.message.ts, str(self.block.get("block_id")), self.element["action_id"]


class _Ref(msgspec.Struct, frozen=True):
    """What the bot's elements carry: incident and step."""

    i: str = ""
    s: str = ""


_REF: msgspec.json.Decoder[_Ref] = msgspec.json.Decoder(_Ref)


def label_of(element: Json) -> str:
    """The words on it."""
    return str((element.get("text") or element.get("placeholder") or {}).get("text", ""))


def surface_of(message: Message) -> str:
    """The bot's own name of the message with the incident (``INC-1/first``); empty for other messages."""
    surface = str((message.metadata or {}).get("event_payload", {}).get("surface", ""))
    return "/".join(surface.split("/")[-2:])


def about(found: Found) -> tuple[int, str]:
    """The incident's number (0: none) and the step that an element is about."""
    for text in (found.element.get("value"), found.block.get("block_id")):
        try:
            ref = _REF.decode(str(text or ""))
        except msgspec.DecodeError:
            continue
        digits = ref.i.removeprefix("INC-")
        return (int(digits) if digits.isascii() and digits.isdigit() else 0), ref.s
    return 0, ""


def buttons(workspace: Workspace, *, user: str, number: int) -> Iterator[Found]:
    """What ``user`` can press in messages about incident ``number`` (0: in all), newest message first."""
    return (found for found in _everything(workspace, user) if _is_about(found.message, number))


def _everything(workspace: Workspace, user: str) -> Iterator[Found]:
    for message in _seen(workspace, user):
        for block in message.blocks:
            for element in elements_of(block):
                yield Found(message=message, block=block, element=element)


def _is_about(message: Message, number: int) -> bool:
    return not number or f'"INC-{number}"' in str(message.blocks)


def called(
    workspace: Workspace, what: str, *, user: str, number: int = 1, surface: str = "", step: str = ""
) -> Iterator[Found]:
    """Those called ``what``, by their words or their action id; on that surface, about that step, if given."""
    for found in _everything(workspace, user):
        if what not in (label_of(found.element), found.element["action_id"]):
            continue
        if surface and surface_of(found.message).partition("/")[2] != surface:
            continue
        if (not step or about(found)[1] == step) and _is_about(found.message, number):
            yield found


def messages(workspace: Workspace, what: str, *, user: str, number: int = 1) -> Iterator[Message]:
    """Those that are the surface ``what`` of the incident, then those whose words hold it; newest first each."""
    key = f"INC-{number}/{what}"
    yield from (one for one in _seen(workspace, user) if surface_of(one) == key)
    yield from (one for one in _seen(workspace, user) if surface_of(one) != key and what in words_of(one))


def words_of(message: Message) -> str:
    """All words of a message: of its blocks, else of its text."""
    return "\n".join(_texts(message.blocks)) or message.text


def _texts(blocks: Iterable[Json]) -> Iterator[str]:
    for block in blocks:
        for part in (block.get("text"), *block.get("elements", ())):
            if isinstance(part, dict):
                text = part.get("text")
                yield text if isinstance(text, str) else label_of(part)


def _seen(workspace: Workspace, user: str) -> Iterator[Message]:
    for channel in reversed(workspace.channels.all()):
        for one in reversed(workspace.messages.all_in(channel.id)):
            if one.ephemeral_to in ("", user):
                yield one
