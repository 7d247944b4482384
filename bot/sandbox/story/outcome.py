"""What came of the acts, and which act it came of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from bot.incidents.events import ActionStarted, Approved, Entry
from bot.sandbox.story.acts import AnyAct, Chose, Pressed, Whisper
from bot.sandbox.story.phrases import phrase

#: what is told, or written down, later than this after an act is not counted as its consequence
AT_ONCE: Final = timedelta(seconds=3)
#: acts of one person that are nearer to each other than this cannot be told apart by what came of them
TOO_NEAR: Final = timedelta(seconds=1)
#: so long after one of these events it is certain what serves
SETTLED: Final = timedelta(seconds=10)
_MOVES: Final = (Approved, ActionStarted)


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """Where an incident stands at the end."""

    status: str
    lead: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What could be seen when the story was saved.

    ``logs`` and ``endings`` are by the incidents' numbers, ``refusals`` are Slack's words for what it refused the
    bot, ``switches`` is what production is set to, by flag.
    """

    whispers: Sequence[Whisper] = ()
    logs: Mapping[int, Sequence[Entry]] = {}
    endings: Mapping[int, Ending] = {}
    refusals: Sequence[str] = ()
    switches: Mapping[str, str] = {}


class After(msgspec.Struct, frozen=True, kw_only=True):
    """What followed an act. ``said`` is a piece of what the person was told, empty if that is not certain; ``kinds``
    are the events since it was last asked for them, None if it is not asked. In a ``hurry`` the next act came
    before anything was drawn anew."""

    said: str = ""
    kinds: tuple[str, ...] | None = None
    hurry: bool = False


def settled(outcome: Outcome, ended: datetime) -> bool:
    """Whether no action was on its way when the story ended."""
    entries = [entry for log in outcome.logs.values() for entry in log]
    return all(ended - entry.at >= SETTLED for entry in entries if isinstance(entry.event, _MOVES))


def consequences(acts: Sequence[AnyAct], outcome: Outcome) -> tuple[tuple[After, ...], Mapping[str, tuple[str, ...]]]:
    """What followed each of the acts, and by person the kinds of events that were not asked for until the end."""
    pending = {user: _events(user, outcome.logs) for user in dict.fromkeys(act.user for act in acts)}
    found: list[After] = []
    for number, act in enumerate(acts):
        following = acts[number + 1 :]
        own = next((other for other in following if other.user == act.user), None)
        said = "" if act.failed else _said(act, following[0].at if following else None, outcome.whispers)
        kinds = None
        if not act.failed and (own is None or own.at - act.at >= TOO_NEAR):
            until = act.at + AT_ONCE if own is None else min(own.at, act.at + AT_ONCE)
            kinds = _taken(pending[act.user], until)
        hurry = _hurried(act, following[0] if following else None)
        asked = kinds if kinds or said else None
        found.append(After(said=said, kinds=asked, hurry=hurry))
    left = {user: tuple(kind for _, _, kind in events) for user, events in pending.items() if events}
    return tuple(found), left


def _events(user: str, logs: Mapping[int, Sequence[Entry]]) -> list[tuple[int, datetime, str]]:
    """By incident and in order, as a stage tells them."""
    return [
        (number, entry.at, type(entry.event).__name__)
        for number in sorted(logs)
        for entry in logs[number]
        if entry.by == user
    ]


def _taken(events: list[tuple[int, datetime, str]], until: datetime) -> tuple[str, ...]:
    """The kinds of the events before ``until``, which are pending no more."""
    taken = [event for event in events if event[1] < until]
    events[:] = [event for event in events if event[1] >= until]
    return tuple(kind for _, _, kind in taken)


def _said(act: AnyAct, following: datetime | None, whispers: Sequence[Whisper]) -> str:
    until = act.at + AT_ONCE if following is None else min(following, act.at + AT_ONCE)
    told = [whisper for whisper in whispers if whisper.user == act.user and act.at <= whisper.at < until]
    return phrase(told[-1].words) if told else ""


def _hurried(act: AnyAct, following: AnyAct | None) -> bool:
    """Whether the next act was on something that stood there before this one, and came right after it."""
    if not isinstance(act, Pressed | Chose) or not isinstance(following, Pressed | Chose):
        return False
    again = (act.control.label, act.control.surface) == (following.control.label, following.control.surface)
    return following.at - act.at < (AT_ONCE if again else TOO_NEAR) and following.control.drawn < act.at
