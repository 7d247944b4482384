"""What a log is made of: entries, each with one event of any theme, and their way to JSON and back.

Each theme's file says which events are its own; here they become the one type that a log holds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from bot.incidents.events.actions import ActionEvent
from bot.incidents.events.archiving import ArchiveEvent
from bot.incidents.events.changes import ChangeReported
from bot.incidents.events.charts import ChartDrawn
from bot.incidents.events.guests import GuestEvent
from bot.incidents.events.hypotheses import HypothesisEvent
from bot.incidents.events.incident import IncidentEvent
from bot.incidents.events.jumps import JumpTested
from bot.incidents.events.learning import LearningEvent
from bot.incidents.events.lifting import UPCASTERS
from bot.incidents.events.links import LinkedBack
from bot.incidents.events.paging import PagingEvent
from bot.incidents.events.privacy import PrivacyEvent
from bot.incidents.events.readiness import ReadinessSeen
from bot.incidents.events.runbook import RunbookEvent
from bot.incidents.events.safeguards import SafeguardEvent
from bot.incidents.events.silences import SilenceEvent
from bot.incidents.events.slack import SlackEvent
from bot.incidents.events.together import TogetherEvent
from bot.incidents.events.triage import TriageEvent

SCHEMA = 3

#: who did it, when nobody in particular did
EVENKEEL = "evenkeel"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log. ``by`` is a Slack user id, a source's name, or ``evenkeel``."""

    seq: int
    at: datetime
    by: str
    event: AnyEvent

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a time without a zone cannot stand in a log")


AnyEvent = (
    ActionEvent | ArchiveEvent | ChangeReported | ChartDrawn | GuestEvent | HypothesisEvent | IncidentEvent
    | JumpTested | LearningEvent | LinkedBack | PagingEvent | PrivacyEvent | ReadinessSeen
    | RunbookEvent | SafeguardEvent | SilenceEvent | SlackEvent | TogetherEvent | TriageEvent
)  # fmt: skip

_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


def encode(event: AnyEvent) -> bytes:
    """The event as JSON, its kind included. Raises ValueError for one that could never be read again.

    A number that is none (an infinity, a NaN) becomes ``null``, and where a number has to stand the whole log of the
    incident could not be read any more.
    """
    body = msgspec.json.encode(event)
    if b"null" in body:
        _decoder.decode(body)
    return body


def decode(body: bytes | str, *, schema: int = SCHEMA) -> AnyEvent:
    """The event that ``encode`` made, lifted from ``schema`` if an older program wrote it."""
    if schema == SCHEMA:
        return _decoder.decode(body)
    lifted: dict[str, Any] = msgspec.json.decode(body)
    for older in range(schema, SCHEMA):
        lifted = UPCASTERS[older](lifted)
    event: AnyEvent = msgspec.convert(lifted, AnyEvent)
    return event
