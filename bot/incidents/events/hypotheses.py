"""What people suspect, beside the runbook: stated, and judged by evidence."""

from __future__ import annotations

from typing import Literal

from bot.incidents.events.event import Event

Judged = Literal["open", "supported", "ruled_out"]


class HypothesisAdded(Event, frozen=True):
    """Somebody suspects something. ``hypothesis`` is its number, from 1."""

    hypothesis: int
    text: str


class HypothesisJudged(Event, frozen=True):
    """Somebody found evidence for it or against it, or opens it again."""

    hypothesis: int
    judged: Judged
    evidence: str = ""


HypothesisEvent = HypothesisAdded | HypothesisJudged
