"""An alert that fires is said to be worse than before: a new priority, a warning that became critical.

Its row says so from then on, its incident becomes as severe, and one that waits may open. It never becomes less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from bot.alerts.alert import Alert
from bot.alerts.routing import Routed, Rules, route
from bot.incidents import events as ev
from bot.incidents.events.peoples_text import SAYS_SO
from bot.incidents.fold import worse
from bot.service.belonging import Pairs
from bot.service.triaging import stirred
from bot.store import Store, incidents
from bot.store import alerts as rows
from bot.store.alerts import Key, Received

_SAYS = "severity"
_GOING = ("open", "triage")


def worsened(sent: Iterable[Alert], known: Mapping[Key, Received], rules: Rules) -> dict[Key, Received]:
    """The rows as they are to be of those alerts that fire and are said to be worse than they were."""
    found = {}
    for alert in sent:
        row = known[alert.key]
        said = alert.labels.get(_SAYS)
        if alert.status == "resolved" or not said or said == row.labels.get(_SAYS):
            continue
        severity = route(alert, rules).severity
        if severity and severity != row.severity and worse(severity, row.severity) == severity:
            found[row.key] = replace(row, severity=severity, labels={**row.labels, _SAYS: said})
    return found


class Worsening:
    """Writes it down, in the transaction that has locked the rows and their incidents."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def unattended(self, connection: Connection, grown: Mapping[Key, Received]) -> set[Key]:
        """Those whose incident is over: somebody saw to them when they were less bad, so they arrive again."""
        numbers = {row.number for row in grown.values() if row.number is not None}
        found = incidents.statuses(connection, numbers) if numbers else {}
        return {key for key, row in grown.items() if row.number in found and found[row.number] not in _GOING}

    def worsen(self, connection: Connection, now: datetime, these: Pairs, about: Mapping[Key, Routed]) -> None:
        """The incidents that these alerts are in hear of it, and then their rows say it."""
        for number in sorted({row.number for _, row in these if row.number is not None}):
            inside = [pair for pair in these if pair[1].number == number]
            head = self._store.log.head(connection, number)
            alert, row = min(inside, key=lambda pair: pair[1].severity or "")
            said = {*rows.severities(connection, number), head.severity or ""} - {""}
            events: list[ev.AnyEvent] = []
            if row.severity and all(worse(row.severity, other) == row.severity != other for other in said):
                name = "" if head.redacted else alert.name or row.name
                reason = f"{name or 'an alert'}{SAYS_SO}"
                events.append(ev.SeverityChanged(severity=row.severity, reason=reason))
            events += stirred(head, [about[pair[0].key] for pair in inside])
            if events and head.status in _GOING:
                self._store.log.append(connection, number, events, by=alert.source, at=now)
        rows.say_worse(connection, [row for _, row in these])
