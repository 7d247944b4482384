"""What keeps alerts quiet for a while: mutes, which a person sets, and maintenance windows of evenkeel.yaml.

A quiet alert is stored, and neither opens an incident nor joins one. If it still fires when its quiet time is over,
it goes where it would have gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot.alerts.alert import Alert
from bot.alerts.routing import SAFETY, Labels, Patterns, Routed, matched_labels, misfits
from bot.runbooks.patterns import takes_too_long

#: The longest that anything is muted: for good is a change of the alert, or a route.
LONGEST = timedelta(days=7)
_EVERY_DAY = frozenset(range(7))
_LONGEST_PATTERN = 200


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A time for which alerts that fit ``match`` are expected: once, from ``begins`` to ``ends``, or on ``days``
    (Monday is 0) from one time of day to another one, over midnight if that is earlier, in ``zone``."""

    name: str
    match: Patterns
    begins: datetime | None = None
    ends: datetime | None = None
    days: frozenset[int] = _EVERY_DAY
    since: time = time.min
    until: time = time.min
    zone: str = "UTC"

    @property
    def words(self) -> str:
        """What it is called beside an alert."""
        return f"maintenance: {self.name}"

    def covers(self, at: datetime) -> bool:
        """Whether it is on at that moment."""
        if self.begins is not None and self.ends is not None:
            return self.begins <= at < self.ends
        local = at.astimezone(ZoneInfo(self.zone))
        now, today = local.time(), local.weekday()
        if self.since < self.until:
            return today in self.days and self.since <= now < self.until
        before = (today - 1) % 7
        return (today in self.days and now >= self.since) or (before in self.days and now < self.until)


class Mute(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody keeps alerts that fit ``match`` (label -> pattern) quiet until ``until``."""

    id: int
    match: dict[str, str]
    until: datetime
    by: str
    reason: str = ""
    at: datetime | None = None

    @property
    def words(self) -> str:
        """What it is called beside an alert."""
        return f"mute {self.id}"


def quiet_labels(alert: Alert, about: Routed) -> dict[str, str]:
    """What a mute and a window are compared with: the labels, and what the alert was found to be about."""
    found = {"service": about.service, "failure_mode": about.failure_mode, "severity": about.severity or ""}
    return matched_labels(alert) | found


def why_quiet(labels: Labels, at: datetime, *, mutes: Iterable[Mute], windows: Sequence[Window]) -> str:
    """What keeps an alert with these labels quiet at ``at``, in a few words; empty: nothing does.

    Whoever mutes a noisy service does not mean an alert about safety: a mute keeps one quiet if it says so.
    """
    for window in windows:
        if window.covers(at) and not misfits(window.match, labels):
            return window.words
    for mute in mutes:
        if labels.get("failure_mode") == SAFETY and "failure_mode" not in mute.match:
            continue
        if at < mute.until and not misfits({key: (pattern,) for key, pattern in mute.match.items()}, labels):
            return mute.words
    return ""


def unreadable(match: Mapping[str, str]) -> str:
    """Why a pattern of what somebody typed cannot be asked of every alert, in a sentence; empty if all can.

    Everything that comes in is compared with it, so one that fails or never ends would stop the intake.
    """
    for key, pattern in match.items():
        body = pattern.removeprefix("!")
        if not body.startswith("~"):
            continue
        if len(body) > _LONGEST_PATTERN or takes_too_long(body[1:]):
            return f"The pattern of {key} is too involved: name values, or use a plain one as in `{key}=~Drift.*`."
        try:
            re.compile(body[1:])
        except re.error as error:
            return f"The pattern of {key}, `{body[1:]}`, cannot be read: {error}."
    return ""


def quieting(at: datetime, *, mutes: Iterable[Mute], windows: Sequence[Window]) -> list[str]:
    """All that ``why_quiet`` may answer at that moment."""
    on = [window.words for window in windows if window.covers(at)]
    return on + [mute.words for mute in mutes if at < mute.until]


def exactly(value: str) -> str:
    """The pattern that only this value fits."""
    if not value.startswith(("~", "!")):
        return value
    return "~" + "".join(character if character.isalnum() else f"\\{character}" for character in value)
