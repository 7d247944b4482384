"""Alerts join an incident, or end: what the log says about it, and how severe it is from then on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from bot.alerts.alert import Alert
from bot.alerts.flapping import PAUSE, WINDOW
from bot.alerts.reports import reports_among
from bot.incidents import events as ev
from bot.incidents.events.peoples_text import FIRES_AGAIN, SAYS_SO
from bot.incidents.fold import worse
from bot.incidents.incident import Incident
from bot.service.belonging import Pairs, Past, flapping, was_in, who
from bot.service.intake import Delivery
from bot.store import Store, erasing, lives
from bot.store import alerts as rows

_FIRST = 20


class Joining:
    """Appends to the logs of incidents that are there already, in the transaction that has locked them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def past(self, connection: Connection, now: datetime, arrived: Pairs) -> Past:
        """Where these alerts were before, in incidents that are open."""
        these = {who(alert) for alert, _ in arrived}
        return lives.earlier(connection, these, now=now, since=now - WINDOW, lately=now - PAUSE)

    def join(
        self,
        connection: Connection,
        now: datetime,
        head: Incident,
        these: Pairs,
        left_out: list[ev.AnyEvent],
        *,
        past: Past | None = None,
    ) -> int:
        """The alerts are the incident's, which is open again if it was resolved; ``past``: where they were before.

        A severity that is worse than any alert said before raises the incident's; else what people said stands.
        """
        these = self._blank(connection, head, these, past or {})
        alert, row = min(these, key=lambda pair: pair[1].severity or "SEV9")
        again = [pair for pair in these if was_in(head.number, pair, past or {})]
        anew = {who(alert): row.starts_at for alert, row in again if row.number is None}
        instead = lives.supersede(connection, head.number, anew, at=now)
        came = attached(these, again=len(again), instead=instead)
        events: list[ev.AnyEvent] = [*_reopened(head, alert), came, *left_out]
        events += flapping(head, again, past or {})
        ended = [row.id for _, row in these if row.status == "resolved"]
        lives.begin_again(connection, ended, at=now, since=now - PAUSE)
        says = row.severity
        # The incident's own first: in a storm it is as bad already, and nothing need be asked.
        if says and _above(says, {head.severity}) and _above(says, rows.severities(connection, head.number)):
            events.append(ev.SeverityChanged(severity=says, reason=f"{alert.name or 'an alert'}{SAYS_SO}"))
        self._store.log.append(connection, head.number, events, by=alert.source, at=now)
        return head.number

    def _blank(self, connection: Connection, head: Incident, these: Pairs, past: Past) -> Pairs:
        """What was redacted of the incident's alerts is not said anew when they begin again."""
        if not head.redacted or head.held:
            return these
        again = {row.id for alert, row in these if was_in(head.number, (alert, row), past)}
        erasing.blank_these(connection, sorted(again))
        return [(replace(alert, name="") if row.id in again else alert, row) for alert, row in these]

    def end(self, connection: Connection, now: datetime, over: Pairs) -> None:
        """These alerts are over; each incident hears it once."""
        rows.end(connection, {row.id: alert.ends_at or now for alert, row in over})
        for number in sorted({row.number for _, row in over if row.number is not None}):
            ended = [alert for alert, row in over if row.number == number]
            head = self._store.log.head(connection, number)
            if head.redacted and not head.held:  # the request that ended them says it, too
                erasing.blank_these(connection, [row.id for _, row in over if row.number == number])
            event = ev.AlertsResolved(
                count=len(ended), fingerprints=_fingerprints(ended),
                firing=rows.firing(connection, number, reported=head.reports > 0),
            )  # fmt: skip
            self._store.log.append(connection, number, [event], by=ended[0].source, at=now)


def _reopened(head: Incident, alert: Alert) -> list[ev.AnyEvent]:
    if head.status != "resolved":
        return []
    return [ev.Reopened(reason=f"{alert.name or 'an alert'}{FIRES_AGAIN}")]


def _above(severity: str, said: Iterable[str | None]) -> bool:
    """Whether it is worse than all of these."""
    return all(worse(severity, one) != one for one in said if one)


def attached(these: Pairs, *, again: int = 0, instead: int = 0) -> ev.AlertsAttached:
    """One event for all that one commit brought; ``again`` of them had been there, ``instead`` of some that fired."""
    return ev.AlertsAttached(
        count=len(these),
        fingerprints=_fingerprints([alert for alert, _ in these]),
        severity=min((row.severity for _, row in these if row.severity), default=None),
        names=tuple(dict.fromkeys(alert.name for alert, _ in these if alert.name))[:_FIRST],
        again=again,
        instead=instead,
        reports=reports_among(alert for alert, _ in these),
    )


def _fingerprints(alerts: Sequence[Alert]) -> tuple[str, ...]:
    return tuple(alert.fingerprint for alert in alerts[:_FIRST])


def left_out(deliveries: Iterable[Delivery], these: Pairs) -> list[ev.AnyEvent]:
    """A line for the timeline if the sender left alerts out of a request that brought any of these."""
    keys = {alert.key for alert, _ in these}
    short = [d for d in deliveries if d.truncated and any(alert.key in keys for alert in d.alerts)]
    most = max(short, key=lambda d: d.truncated, default=None)
    if most is None:
        return []
    sender = most.source.capitalize()
    text = f"{sender} left out {most.truncated} more alerts of this notification; all of them are there."
    return [ev.NoteAdded(text=text, author=most.source)]
