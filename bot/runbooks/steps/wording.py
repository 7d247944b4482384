"""How numbers, versions and times stand in the lines that people read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.runbooks.schema import Verdict
from bot.runbooks.verdicts import span

#: The verdict of several measurements is the first of these that any of them has.
WORST_FIRST: tuple[Verdict, ...] = ("bad", "warn", "error", "no_data", "inconclusive", "ok")


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict of several measurements together; none at all is ``no_data``."""
    return min(verdicts, key=WORST_FIRST.index, default="no_data")


def version(name: str) -> str:
    """``v42`` for ``42``; a version that has a word for a name keeps it."""
    return f"v{name}" if name[:1].isdigit() else name


def bare(name: str) -> str:
    """``42`` for ``v42``: what two spellings of a version have in common."""
    return name[1:] if name[:1] in "vV" and name[1:2].isdigit() else name


def same_version(one: str | None, other: str | None) -> bool:
    """Whether two names mean one version: ``42`` and ``v42`` do."""
    return one is not None and other is not None and bare(one) == bare(other)


def share(part: float) -> str:
    """``99.4 %``; never ``100 %`` for less than all, never ``0 %`` for more than nothing."""
    percent = round(part * 100, 1)
    if percent >= 100 > part * 100:
        percent = 99.9
    if percent <= 0 < part:
        return "under 0.1 %"
    return f"{percent:g} %"


def points(difference: float, *, unit: bool = False) -> str:
    """``-9.8`` for a difference of rates of -0.098, and ``points`` after it if asked."""
    text = f"{difference * 100:+.1f}"
    return f"{'0.0' if text in ('+0.0', '-0.0') else text}{' points' if unit else ''}"


def count(number: int) -> str:
    """``3,180``."""
    return f"{number:,}"


def around(at: datetime, moment: datetime, what: str) -> str:
    """``14 min before the alert``."""
    apart = (moment - at).total_seconds()
    return f"{span(abs(apart))} {'before' if apart >= 0 else 'after'} {what}"


def whole_second(at: datetime) -> datetime:
    """The first whole second that is not before ``at``, in UTC: what a stamp in a text can say exactly."""
    up = at.astimezone(UTC)
    return up if up.microsecond == 0 else up.replace(microsecond=0) + timedelta(seconds=1)
