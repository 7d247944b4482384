"""What became of alerts that were sent, in one sentence: how many were taken, what there is of them, what it cost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec

from bot.incidents.incident import Incident
from bot.sandbox.backstage.calls import duration
from bot.sandbox.backstage.pointers import surface_of
from bot.sandbox.workspace.journal import Call


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """``taken`` alerts in ``took`` seconds; ``began`` and ``joined`` name what began and what was there before.

    ``drawn``: Slack shows all of it, so that no call is missing from ``calls``.
    """

    what: str = "alert"
    taken: int
    took: float
    began: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    calls: int
    drawn: bool = True


def came_of(
    incidents: Sequence[Incident],
    *,
    known: Collection[int],
    calls: Iterable[Call],
    what: str = "alert",
    taken: int,
    took: float,
    drawn: bool,
) -> Came:
    """``incidents`` are those that the alerts belong to, of which ``known`` were there before; ``calls`` are all that
    the bot made meanwhile. Those that draw something of another incident are not counted."""
    keys = {incident.key for incident in incidents}
    surfaces = [surface_of(call.args).partition("/")[0] for call in calls]
    return Came(
        what=what, taken=taken, took=took, drawn=drawn,
        began=tuple(_called(incident) for incident in incidents if incident.number not in known),
        joined=tuple(incident.key for incident in incidents if incident.number in known),
        calls=sum(not key or key in keys for key in surfaces),
    )  # fmt: skip


def sentence(came: Came) -> str:
    """``1,000 alerts taken in 1.2 s, 1 incident (INC-2), 12 Slack calls.``"""
    parts = [f"{_count(came.taken, came.what)} taken in {duration(came.took)}"]
    if came.began:
        parts.append(", ".join(came.began))
    if came.joined:
        parts.append(f"counted with {', '.join(came.joined)}")
    if not came.began and not came.joined:
        parts.append("kept quiet by a mute")
    parts.append(f"{_count(came.calls, 'Slack call')}{'' if came.drawn else ' so far'}")
    return f"{', '.join(parts)}."


def _called(incident: Incident) -> str:
    if incident.status == "triage":
        return f"1 announcement ({incident.key})"
    return f"1 {'private ' if incident.private else ''}incident ({incident.key})"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
