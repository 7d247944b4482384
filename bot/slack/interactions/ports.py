"""What the listeners need of the layers below, as protocols: the service that decides, and Slack's answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.alerts.quiet import Mute
from bot.alerts.reports import Report
from bot.incidents.commands import AnyCommand
from bot.incidents.events import AnyEvent, Entry
from bot.incidents.incident import Incident
from bot.service import Declaration
from bot.service.guests import Attached, Invitation
from bot.service.merging import Both
from bot.service.reporting import Reported
from bot.service.shelf import Shelf
from bot.store.kinds import Kind


class HandledLike(Protocol):
    """What came of a command; ``duplicate`` if the delivery had been seen before, and nothing was done again."""

    @property
    def incident(self) -> Incident: ...

    @property
    def events(self) -> Sequence[AnyEvent]: ...

    @property
    def duplicate(self) -> bool: ...


class GuestsLike(Protocol):
    """Incidents come into channels of others."""

    async def attach(self, invitation: Invitation, *, by: str, delivery: str | None = None) -> Attached: ...


class ReportingLike(Protocol):
    """Takes what people noticed."""

    async def report(self, report: Report) -> Reported: ...


class SilencesLike(Protocol):
    """Alerts are silenced where they come from."""

    async def ask(self, number: int, seconds: float, *, by: str, delivery: str | None = None) -> HandledLike: ...


class MutingLike(Protocol):
    """Alerts are kept quiet for a while."""

    async def mute(
        self, match: Mapping[str, str], *, length: timedelta, by: str, reason: str = "", delivery: str | None = None
    ) -> Mute | None: ...

    async def mute_incident(
        self, number: int, *, length: timedelta, by: str, reason: str = "", delivery: str | None = None,
        waiting: bool = False,
    ) -> Mute | None: ...  # fmt: skip

    async def unmute(self, mute: int, *, by: str) -> Mute: ...

    async def current(self, now: datetime) -> Sequence[Mute]: ...


class ServiceLike(Protocol):
    """The only way to write to a log, and to read what is in it. Raises ``Refused`` for an unknown incident."""

    async def handle(
        self, number: int, command: AnyCommand, *, by: str, delivery: str | None = None
    ) -> HandledLike: ...

    async def declare(
        self, declaration: Declaration, *, by: str, team_id: str, delivery: str | None = None
    ) -> Incident: ...

    @property
    def shelf(self) -> Shelf: ...

    @property
    def merging(self) -> MergingLike: ...

    @property
    def guests(self) -> GuestsLike: ...

    @property
    def muting(self) -> MutingLike: ...

    @property
    def silences(self) -> SilencesLike: ...

    @property
    def reporting(self) -> ReportingLike: ...

    async def redact(self, number: int, seq: int, *, by: str) -> Incident: ...

    async def incident(self, number: int) -> Incident: ...

    async def entries(self, number: int) -> Sequence[Entry]: ...

    async def in_channel(self, channel: str) -> int | None: ...

    async def in_threads(self, status: str | None = None, *, limit: int = ...) -> Sequence[Incident]: ...

    async def listing(self, status: str | None = None) -> Sequence[Incident]: ...


class MergingLike(Protocol):
    """Makes two incidents one, and one two."""

    async def kinds(self, number: int, words: str = "") -> Sequence[Kind]: ...

    async def merge(self, number: int, *, into: int, by: str, delivery: str | None = None) -> Both: ...

    async def split(self, number: int, keys: Collection[str], *, by: str, delivery: str | None = None) -> Both: ...


class GatewayLike(Protocol):
    """Answers that somebody waits for: no queue, no repeating. Raises ``SlackError``."""

    async def answer(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]: ...


class ClockLike(Protocol):
    """Tells the time, aware and in UTC."""

    def now(self) -> datetime: ...
