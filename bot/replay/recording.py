"""What was recorded for a replay, as values: what serves, what was measured, what sources say, what people did."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from bot.runbooks.schema import Verdict

Json = Any

#: What a person can do, by the key that says it in the answers file.
Deed = Literal[
    "acknowledge", "choose", "done", "answer", "skip", "run", "approve", "decline", "undo", "outside", "tell",
    "note", "severity", "resolve", "cancel", "reopen", "skip_rehearsal", "break_glass", "widen", "stop", "verdict",
    "inputs", "hypothesis", "assign",
]  # fmt: skip


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what was recorded: frozen, named fields."""


class Measured(Recorded, frozen=True):
    """The verdict of a measuring step or of a watch's looks, without asking any source. ``since``: in seconds."""

    verdict: Verdict
    because: str = "as recorded"
    value: float | None = None
    baseline: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None


class Answer(Recorded, frozen=True):
    """What a source says to whatever holds ``asked``, once ``after`` was carried out and ``since`` seconds passed.

    ``series`` are the labels and the value of each series now, ``before`` is what a look back finds instead;
    ``body`` is an answer as JSON. ``status`` other than 200 is a failure. ``place`` is where it stands in its file.
    """

    asked: str = ""
    after: str | None = None
    since: float = 0.0
    series: tuple[tuple[dict[str, str], float], ...] | None = None
    before: float | None = None
    body: Json = None
    status: int = 200
    place: str = ""


class Act(Recorded, frozen=True):
    """What a person did, ``takes`` seconds after the one before them.

    ``text`` is the option, answer or reason, ``values`` are answers or inputs by name.
    """

    by: str
    deed: Deed
    step: str | None = None
    text: str = ""
    values: dict[str, str] = {}
    reason: str = ""
    takes: float = 60.0
    place: str = ""


class ChangeBefore(Recorded, frozen=True):
    """A deployment, flag or alias change, so many seconds before the alert."""

    kind: str
    version: str = ""
    previous: str = ""
    by: str = ""
    url: str = ""
    before: float = 0.0


class Expected(Recorded, frozen=True):
    """What has to come out: of a step its verdict, option or outcome; ``status`` and ``severity`` of the incident."""

    what: str
    value: str
    place: str = ""


class Recording(Recorded, frozen=True):
    """Everything that was recorded. ``until`` is how many seconds of the incident are replayed at most."""

    running: str | None = None
    target: str | None = None
    measured: dict[str, Measured] = {}
    sources: dict[str, tuple[Answer, ...]] = {}
    oncall: dict[str, tuple[str, ...]] = {}
    people: tuple[Act, ...] = ()
    changes: tuple[ChangeBefore, ...] = ()
    expected: tuple[Expected, ...] = ()
    until: float = 14 * 86400.0
