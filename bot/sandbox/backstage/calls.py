"""The calls of Slack's Web API as rows: when, how long, what came of it, and how much the method has left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from bot.sandbox.backstage.pointers import Place, places, pretty, surface_of
from bot.sandbox.workspace.journal import Call, Journal
from bot.sandbox.workspace.limits import Limits

MOST_ROWS: Final = 60
#: what the standing of a method and the critical path are read from
MOST_READ: Final = 600
WINDOW: Final = timedelta(seconds=60)
#: a bar of full length is a call that took so long, in seconds
LONG: Final = 0.5
FIRST_MESSAGE: Final = "chat.postMessage"
#: refusals that say the work was done already
HARMLESS: Final = frozenset({"already_pinned", "already_in_channel", "already_reacted", "no_reaction", "not_pinned"})

Outcome = Literal["runs", "ok", "already", "refused", "lost"]


class CallRow(msgspec.Struct, frozen=True, kw_only=True):
    """One call. ``used`` of ``allowed`` calls of its method were made in the minute that ended with it; ``allowed``
    is 0 for what has no limit.

    ``bar`` is its length, 0 to 100. ``critical``: the first message waited for it. ``sent`` is what was refused, as
    indented JSON, where Slack does not say which part of it.
    """

    number: int
    at: datetime
    method: str
    took: str
    bar: int
    outcome: Outcome
    said: str
    surface: str
    used: int
    allowed: int
    critical: bool
    places: tuple[Place, ...] = ()
    sent: str = ""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How much of its minute a method has used up."""

    method: str
    used: int
    allowed: int
    scarce: bool


class CallList(msgspec.Struct, frozen=True, kw_only=True):
    """The newest calls first. ``path`` says how the first message came about, empty before it."""

    rows: tuple[CallRow, ...]
    standings: tuple[Standing, ...]
    total: int
    refused: int
    path: str


def duration(seconds: float) -> str:
    """``0.8 ms``, ``12 ms``, ``1.2 s``."""
    if seconds >= 1.0:
        return f"{seconds:.1f} s"
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.0095 else f"{seconds * 1000:.1f} ms"


def call_list(
    journal: Journal, *, chain: Sequence[Call], limits: Limits, now: datetime, most: int = MOST_ROWS
) -> CallList:
    """The journal's newest calls at ``now``, and how much of their ``limits`` is used up.

    ``chain`` is ``first_message_chain``, which is found once and does not change then.
    """
    read = journal.latest(MOST_READ)
    critical = {call.number for call in chain}
    return CallList(
        rows=tuple(_row(call, critical=critical) for call in read[:most]),
        standings=standings({call.method for call in read if call.at > now - WINDOW}, limits),
        total=journal.count,
        refused=len(journal.refused(but=HARMLESS)) + sum(1 for call in read if call.lost and call.ok),
        path=path_in_words(chain),
    )


def counts(call: Call) -> bool:
    """Whether Slack let the call through, so that it counts against its method's limit."""
    return call.error not in ("ratelimited", "dropped") and not call.error.startswith("http_")


def standings(methods: Iterable[str], limits: Limits) -> tuple[Standing, ...]:
    """What is used up of these methods' limits, those with the least left first; what is unused is left out."""
    now = [(method, limits.standing(method)) for method in methods]
    found = [
        Standing(method=method, used=one.used, allowed=one.allowed, scarce=one.used >= 0.8 * one.allowed)
        for method, one in now
        if one.used
    ]
    return tuple(sorted(found, key=lambda one: (-one.used / one.allowed, one.method)))


def first_message_chain(journal: Journal) -> list[Call]:
    """The calls that had to come one after another for the bot's first message; empty before it was posted."""
    first = next((call for call in journal.calls(FIRST_MESSAGE) if call.ok), None)
    return journal.chain(until=first) if first else []


def path_in_words(chain: Sequence[Call]) -> str:
    """``2 calls, 212 ms``: from the beginning of the first call to the end of the last."""
    if not chain or chain[-1].ended is None:
        return ""
    took = duration(chain[-1].ended - chain[0].began)
    return f"{len(chain)} call{'s' if len(chain) != 1 else ''}, {took}"


def _row(call: Call, *, critical: set[int]) -> CallRow:
    took = None if call.ended is None else call.ended - call.began
    outcome = outcome_of(call)
    where = places(call.args, call.detail) if outcome == "refused" else ()
    no_place = outcome == "refused" and counts(call) and not any(place.part for place in where)
    return CallRow(
        number=call.number,
        at=call.at,
        method=call.method,
        took="" if took is None else duration(took),
        bar=0 if took is None else max(1, min(100, round(100 * took / LONG))),
        outcome=outcome,
        said=call.error,
        surface=surface_of(call.args),
        used=call.used + counts(call),
        allowed=call.allowed,
        critical=call.number in critical,
        places=where,
        sent=pretty(call.args)[:1500] if no_place and call.args else "",
    )


def outcome_of(call: Call) -> Outcome:
    """What came of the call, as the bot heard it."""
    if call.ended is None:
        return "runs"
    if call.lost or call.error == "dropped":
        return "lost"
    if call.ok:
        return "ok"
    return "already" if call.error in HARMLESS else "refused"
