"""People report what they noticed: it is counted with what is known of the service, or begins something new."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
from sqlalchemy import Connection

from bot.alerts.reports import SOURCE, Report, as_alert
from bot.config import Settings
from bot.errors import Refused
from bot.incidents.incident import Incident
from bot.runbooks.matching import failure_mode_of
from bot.runbooks.schema import SEVERITIES
from bot.service.intake import Delivery, Taken
from bot.store import Lane, Store, incidents

#: how the service takes the alerts of one request
Take = Callable[[Delivery], Awaitable[Taken]]
_UNFINISHED = ("open", "triage")


class Reported(msgspec.Struct, frozen=True):
    """``incident`` is what the report was counted with; None if something keeps it quiet, or it came before.

    ``report`` is its place in the count.
    """

    incident: Incident | None
    report: int = 0


class Reporting:
    """Takes reports. A report joins the newest incident of its service, whatever that turned out to be about."""

    def __init__(self, store: Store, settings: Settings, *, take: Take) -> None:
        self._store = store
        self._settings = settings
        self._take = take

    async def report(self, report: Report) -> Reported:
        """The report is stored and counted. Raises ``Refused`` for one that says too little."""
        report = _complete(report)
        now = await self._store.writer.submit(lambda _, now: now, lane=Lane.CLICK)
        alert = as_alert(report, at=now, failure_mode=await self._about(report))
        name = f"{SOURCE}:{report.delivery}" if report.delivery else ""
        taken = await self._take(Delivery(SOURCE, (alert,), name=name))
        if not taken.incidents:
            return Reported(None)
        number = int(taken.incidents[0].removeprefix("INC-"))
        incident = await self._store.writer.read(lambda connection: self._store.log.head(connection, number))
        return Reported(incident, incident.reports)

    async def _about(self, report: Report) -> str:
        """The failure mode of the newest incident of the service, else what the words sound like."""
        newest = await self._store.writer.read(lambda connection: self._newest(connection, report.service))
        if newest is not None:
            return newest.failure_mode
        words = {"service": report.service, "alertname": report.text[:300]}
        return failure_mode_of(words, self._settings.failure_modes)

    def _newest(self, connection: Connection, service: str) -> Incident | None:
        numbers = incidents.of_service(connection, service, status=_UNFINISHED, limit=1)
        return self._store.log.head(connection, numbers[0]) if numbers else None


def _complete(report: Report) -> Report:
    text, service = report.text.strip(), report.service.strip()[:200]
    severity = (report.severity or "").strip().upper() or None
    if not text:
        raise Refused("empty", "Say what you noticed, in a sentence.", field="text")
    if not service:
        raise Refused("needs_service", "Say which service it is about.", field="service")
    if severity is not None and severity not in SEVERITIES:
        raise Refused("no_such_severity", "Say sev1 to sev4, or leave it out.", field="severity")
    return msgspec.structs.replace(report, text=text, service=service, severity=severity)
