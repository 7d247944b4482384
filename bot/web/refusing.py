"""What the intake refuses of a sender that it knows is noted, for Slack and for whoever looks: else it is lost."""

from __future__ import annotations

from datetime import datetime

from bot.alerts.alert import Batch
from bot.alerts.redaction import Redaction
from bot.alerts.refused import PACKING, SOME, TOO_LARGE, kept_of, kind_of
from bot.alerts.sources import Request, Source
from bot.errors import BadRequest, Mistake
from bot.service import Service
from bot.web.limits import Unread

_NOT_KEPT = "[not kept: it was not read]"


class Refusals:
    """Notes refusals; nobody waits for it. What a stranger sends is not noted."""

    def __init__(self, service: Service, redaction: Redaction) -> None:
        self._service, self._redaction = service, redaction

    def unread(self, source: str, known: Source, received: Request, refused: Unread) -> None:
        """A request without its body, which nobody read: who signs its bodies is not known then."""
        kind = TOO_LARGE if refused.status_code == 413 else PACKING
        if not _is_known(known, received):
            self._service.taken_in.refused[kind] += 1
            return
        self._refuse(source, kind, str(refused.detail), at=received.at, body=refused.begun)

    def unreadable(self, source: str, received: Request, refused: BadRequest) -> None:
        """A genuine request of which nothing could be read."""
        self._refuse(source, kind_of(str(refused)), str(refused), at=received.at, body=received.body)

    def partly(self, source: str, received: Request, batch: Batch) -> None:
        """A genuine request of which some alerts could not be read."""
        times, why = batch.unreadable, batch.reasons[0]
        self._refuse(source, SOME, why, at=received.at, body=received.body, times=times)

    def _refuse(self, source: str, kind: str, why: str, *, at: datetime, body: bytes, times: int = 1) -> None:
        def kept() -> str:
            return kept_of(body, self._redaction) if body else _NOT_KEPT

        self._service.refusing.refuse(source, kind, why, at=at, body=kept, times=times)


def _is_known(known: Source, received: Request) -> bool:
    """Whether the headers alone say who sends."""
    try:
        known.verify(received)
    except Mistake:
        return False
    return True
