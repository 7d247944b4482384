"""Slack on a bad day, switched on by hand: which faults there are, how a form asks for one, and what is planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from bot.sandbox.workspace.faults import EVERY_METHOD, Fault, Faults, Planned
from bot.sandbox.workspace.limits import Limits
from bot.sandbox.workspace.methods import METHODS

ALWAYS: Final = "always"
MOST_TIMES: Final = 1000
LONGEST_WAIT: Final = 600


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A fault that can be chosen. ``seconds``: the number of seconds that it takes and the usual one, if any."""

    name: str
    label: str
    sentence: str
    seconds: int | None = None


KINDS: Final = (
    Kind(name="ratelimited", label="429 Too many requests", sentence="refused, with Retry-After", seconds=5),
    Kind(name="status", label="500 Server error", sentence="refused before its work"),
    Kind(name="slow", label="Slow", sentence="its work begins late", seconds=3),
    Kind(name="lose_answer", label="Answer lost", sentence="the work is done, the answer never arrives"),
    Kind(name="drop_before", label="Connection dropped", sentence="nothing is done, no answer arrives"),
)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a form asks for: ``times`` None is until somebody takes it back."""

    method: str
    fault: Fault
    times: int | None


class PlannedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One planned fault in words."""

    number: int
    method: str
    label: str
    times: str


class Troubles(msgspec.Struct, frozen=True, kw_only=True):
    """What is planned, in the order in which it comes."""

    rows: tuple[PlannedRow, ...]


def methods(limits: Limits) -> tuple[str, ...]:
    """The methods that a fault can be for, in order."""
    return tuple(sorted({*METHODS, *limits.methods()}))


def wish(form: Mapping[str, str], *, known: Callable[[str], bool]) -> Wish:
    """The form read. ``ValueError`` with a sentence for what cannot be."""
    kind = next((kind for kind in KINDS if kind.name == form.get("kind")), None)
    if kind is None:
        raise ValueError(f"There is no fault “{form.get('kind', '')[:40]}”.")
    method = form.get("method", "")
    if method != EVERY_METHOD and not known(method):
        raise ValueError(f"Slack has no method “{method[:80]}” here.")
    times = None if form.get("times") == ALWAYS else _whole(form.get("count", ""), "The number of calls", MOST_TIMES)
    seconds = 0.0
    if kind.seconds is not None:
        seconds = float(_whole(form.get("seconds", ""), "The number of seconds", LONGEST_WAIT))
    return Wish(method=method, fault=msgspec.convert({"kind": kind.name, "seconds": seconds}, Fault), times=times)


def _whole(text: str, what: str, most: int) -> int:
    if not text.isdecimal() or not text.isascii() or not 1 <= int(text[:9]) <= most:
        raise ValueError(f"{what} is a whole number from 1 to {most}, not “{text[:20]}”.")
    return int(text)


def troubles(faults: Faults) -> Troubles:
    """What is planned now."""
    return Troubles(rows=tuple(_row(one) for one in faults.planned()))


def _row(one: Planned) -> PlannedRow:
    if one.times is None:
        times = "until you remove it"
    else:
        times = f"the next {one.times} calls" if one.times > 1 else "the next call"
    method = "every method" if one.method == EVERY_METHOD else one.method
    return PlannedRow(number=one.number, method=method, label=in_words(one.fault), times=times)


def in_words(fault: Fault) -> str:
    """``429, Retry-After 5 s``."""
    match fault.kind:
        case "ratelimited":
            return f"429, Retry-After {fault.seconds:g} s"
        case "status":
            return f"HTTP {fault.status}"
        case "slow":
            return f"{fault.seconds:g} s late"
        case "error":
            return f"error {fault.code}"
        case "lose_answer":
            return "answer lost after the work"
        case "drop_before":
            return "connection dropped before the work"
