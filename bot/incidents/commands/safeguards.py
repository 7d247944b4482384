"""What people can ask around an action before and beside their yes: rehearse, widen, break the glass, stop, look."""

from __future__ import annotations

from bot.incidents.commands.command import Command


class Rehearse(Command, frozen=True):
    """Rehearses the requested action in staging once more."""

    step: str
    attempt: int


class SkipRehearsal(Command, frozen=True):
    """Goes on without a rehearsal that passed: at SEV1 or behind broken glass only."""

    step: str
    attempt: int
    reason: str


class BreakGlass(Command, frozen=True):
    """The lead carries the action out although no approver answered."""

    step: str
    attempt: int
    reason: str


class WidenScope(Command, frozen=True):
    """A second person agrees that the action reaches other services too."""

    step: str
    attempt: int


class StopAuto(Command, frozen=True):
    """Stops an action that would begin by itself."""

    step: str
    attempt: int


class DryRun(Command, frozen=True):
    """Reads and plans the action, and says what would be called; nothing is written outside."""

    step: str
