"""The place in a payload that a refusal names: Slack's sentence, its JSON pointer, and what stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

_POINTER: Final = re.compile(r"\s*\[json-pointer:(?P<pointer>[^\]]*)\]\s*$")
LONGEST_PART: Final = 1500


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """``part`` is indented JSON, empty if the pointer leads nowhere; ``cut`` says that more stands there."""

    pointer: str
    sentence: str
    part: str = ""
    cut: bool = False


def places(args: Mapping[str, Any], detail: Mapping[str, Any]) -> tuple[Place, ...]:
    """What Slack said in ``response_metadata.messages``, with the parts of the call's arguments that it is about.

    What is said of a part (``failed to match all allowed schemas``) is left out where more is said of what is in it.
    """
    metadata = detail.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    texts = [text for text in messages if isinstance(text, str)] if isinstance(messages, list) else []
    found = [_place(text, args) for text in dict.fromkeys(texts)]
    inner = tuple(place.pointer for place in found)
    return tuple(
        place for place in found
        if not (place.pointer and any(pointer.startswith(f"{place.pointer}/") for pointer in inner))
    )  # fmt: skip


def _place(text: str, args: Mapping[str, Any]) -> Place:
    found = _POINTER.search(text)
    sentence = _POINTER.sub("", text).removeprefix("[ERROR] ").removeprefix("[WARN] ")
    if found is None:
        return Place(pointer="", sentence=sentence)
    pointer = found["pointer"]
    reached = nearest(args, pointer)
    if reached is None:
        return Place(pointer=pointer, sentence=sentence)
    part = pretty(reached)
    return Place(pointer=pointer, sentence=sentence, part=part[:LONGEST_PART], cut=len(part) > LONGEST_PART)


def nearest(args: Mapping[str, Any], pointer: str) -> Any | None:
    """The object at the pointer, or the innermost one around it that is there; None if not even its argument is.

    A number or a text says little by itself: the object that holds it is shown, or the argument that it is. An
    argument that was sent as JSON in text is read.
    """
    here: Any = args
    reached: Any = None
    for step in _steps(pointer):
        found = _read(_at(here, step))
        if found is None:
            break
        here = found
        if reached is None or isinstance(found, Mapping | list):
            reached = found
    return reached


def _steps(pointer: str) -> Iterable[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _at(value: Any, step: str) -> Any | None:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, Sequence) and not isinstance(value, str) and step.isdecimal() and int(step) < len(value):
        return value[int(step)]
    return None


def _read(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError:
            return value
    return value


def pretty(value: Any) -> str:
    """``value`` as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(_read(value)), indent=2).decode()


def surface_of(args: Mapping[str, Any]) -> str:
    """``INC-1/first``: what the call drew, as the message's metadata says; empty if it says nothing."""
    data = _read(args.get("metadata"))
    payload = data.get("event_payload") if isinstance(data, Mapping) else None
    name = payload.get("surface") if isinstance(payload, Mapping) else None
    if not isinstance(name, str):
        return ""
    installation, slash, rest = name.partition("/")
    return rest if slash and rest else installation
