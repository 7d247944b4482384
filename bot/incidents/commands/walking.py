"""What people can ask of the walk beside its steps: other runbooks, inputs, their own verdict, hypotheses.

A runbook's steps are not known here: who carries out a command that needs a runbook supplies it (``Supplied``).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.incidents.commands.command import Command
from bot.incidents.events import Judged
from bot.runbooks.schema import Runbook


class Supplied(msgspec.Struct, frozen=True):
    """A runbook in its long form for the incident's service, with the ``text`` of its file."""

    runbook: Runbook
    text: str = ""


class AttachRunbook(Command, frozen=True):
    """Walks another runbook, ``instead`` of the rest of this one or ``after`` it.

    ``pins``: how many runbooks the incident held when the button was drawn; None: it was typed.
    """

    runbook: str
    walk: Literal["after", "instead"] = "instead"
    pins: int | None = None
    supplied: Supplied | None = None


class KeepRunbook(Command, frozen=True):
    """Goes on with the runbook that is walked, although others fit as well."""

    pins: int | None = None


class SwitchRunbook(Command, frozen=True):
    """Goes over to the newest version of the runbook that is walked."""

    supplied: Supplied | None = None


class GiveInputs(Command, frozen=True):
    """Says what the runbook could not know, by name."""

    values: dict[str, str]


class OverrideVerdict(Command, frozen=True):
    """Says what a measurement means, whatever it came to."""

    step: str
    attempt: int
    verdict: str
    reason: str


class AddHypothesis(Command, frozen=True):
    """Suspects something."""

    text: str


class JudgeHypothesis(Command, frozen=True):
    """Says what the evidence is for a suspicion, or against it."""

    hypothesis: int
    judged: Judged
    evidence: str = ""
