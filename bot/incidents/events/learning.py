"""What is learned: whys, action items, the postmortem."""

from __future__ import annotations

from typing import Literal

from bot.incidents.events.event import Event

WhyKind = Literal["trigger", "latent", "detection", "response", "amplifier", "mitigator"]


class WhyAdded(Event, frozen=True):
    """How was it possible? One answer; ``parent`` is the why that it explains (None: the impact itself)."""

    why: str
    text: str
    parent: str | None = None
    role: WhyKind = "latent"


class ActionItemAdded(Event, frozen=True):
    """Something that will be done, by ``owner`` (a Slack user id), until ``due`` (a date)."""

    item: str
    text: str
    owner: str
    due: str
    role: Literal["prevent", "mitigate", "detect", "process"] = "prevent"


class ActionItemDone(Event, frozen=True):
    """The action item is done."""

    item: str


class SectionWritten(Event, frozen=True):
    """A person wrote a section of the postmortem."""

    section: str
    text: str


LearningEvent = WhyAdded | ActionItemAdded | ActionItemDone | SectionWritten
