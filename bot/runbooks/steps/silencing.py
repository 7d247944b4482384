"""Silences where the alerts come from: made, looked after, ended; each is safe to repeat after a crash.

A silence carries a mark in its comment, and is looked for by it before it is made. Ending looks for the mark too, so
one that was made by a process that died before it could say so ends with the others.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from bot.alerts.alert import Alert
from bot.connectors import Connectors
from bot.errors import SourceUnavailable
from bot.incidents import events as ev
from bot.incidents.agenda import Work
from bot.incidents.events.silences import Silenced
from bot.incidents.incident import Incident
from bot.incidents.silences import SilenceState

Take = Callable[[str, Sequence[Alert]], Awaitable[object]]
#: the source's clock may be behind ours: what begins in the past begins now
_EARLIER = timedelta(minutes=1)


class Silencing:
    """Carries out ``silence``, ``silence_look``, ``unsilence``, and ``unsilence_some`` of what was split off.

    ``take`` takes in alerts as if their source had sent them: of what is silenced it sends nothing.
    """

    def __init__(self, *, connectors: Connectors, installation: str, address: str, take: Take) -> None:
        self._connectors = connectors
        self._installation = installation
        self._address = address.rstrip("/")
        self._take = take

    async def __call__(self, incident: Incident, work: Work) -> tuple[ev.AnyEvent, ...]:
        """What the work came to; nothing if the incident knows no such silence."""
        number, _, name = work.step.partition(":")
        state = incident.silences.get(int(number))
        if state is None:
            return ()
        if work.kind == "silence":
            return await self._silence(incident, state, name)
        if work.kind == "silence_look":
            return await self._look(state, name)
        if work.kind == "unsilence_some":
            return await self._free(incident, state, name)
        return await self._end(incident, state, name)

    async def _silence(self, incident: Incident, state: SilenceState, name: str) -> tuple[ev.AnyEvent, ...]:
        ids: list[str] = []
        try:
            source = self._connectors.alertmanager(name)
            there = {one.comment: one.id for one in await source.silences(holding=self._mark(incident, state))}
            for position, alert in enumerate(state.alerts):
                if position in state.parted:
                    continue
                comment = self._comment(incident, state, position)
                made = there.get(comment) or await source.silence(
                    alert.labels, since=state.at - _EARLIER, until=state.until, comment=comment
                )
                ids.append(made)
            missing = await self._missing(state, name)
        except SourceUnavailable as error:
            return (ev.SilenceSet(silence=state.number, connector=name, ids=tuple(ids), because=str(error)),)
        unknown = tuple(alert.fingerprint for alert in missing)
        return (ev.SilenceSet(silence=state.number, connector=name, ids=tuple(ids), unknown=unknown),)

    async def _missing(self, state: SilenceState, name: str) -> list[Silenced]:
        """What does not fire there now, silenced or not. Raises SourceUnavailable."""
        firing = [_own(labels) for labels in await self._connectors.alertmanager(name).firing()]
        return [alert for alert in state.staying if _own(alert.labels) not in firing]

    async def _end(self, incident: Incident, state: SilenceState, name: str) -> tuple[ev.AnyEvent, ...]:
        try:
            source = self._connectors.alertmanager(name)
            for one in await source.silences(holding=self._mark(incident, state)):
                await source.expire(one.id)
        except SourceUnavailable as error:
            return (ev.SilenceEnded(silence=state.number, connector=name, because=str(error)),)
        return (ev.SilenceEnded(silence=state.number, connector=name),)

    async def _free(self, incident: Incident, state: SilenceState, name: str) -> tuple[ev.AnyEvent, ...]:
        """What was split off is heard again; the rest stays silent."""
        positions = tuple(position for position in state.parted if position not in state.places[name].freed)
        gone = {self._comment(incident, state, position) for position in positions}
        because = ""
        try:
            source = self._connectors.alertmanager(name)
            for one in await source.silences(holding=self._mark(incident, state)):
                if one.comment in gone:
                    await source.expire(one.id)
        except SourceUnavailable as error:
            because = str(error)
        return (ev.SilenceFreed(silence=state.number, connector=name, positions=positions, because=because),)

    async def _look(self, state: SilenceState, name: str) -> tuple[ev.AnyEvent, ...]:
        """What does not fire at two looks in a row, anywhere, is over.

        A source that was started anew knows nothing for a moment. One that never knew an alert does not know its end.
        """
        place = state.places[name]
        try:
            missing = await self._missing(state, name)
        except SourceUnavailable:
            return ()
        elsewhere = [other.missing for other_name, other in state.places.items() if other_name != name]
        known = [alert for alert in missing if alert.fingerprint not in state.strangers]
        over = [a for a in known if all(a.fingerprint in gone for gone in (place.missing, *elsewhere))]
        back = [alert for alert in state.staying if alert not in missing and alert.fingerprint in place.missing]
        for source in {alert.source for alert in (*over, *back)}:
            told = [_alert(alert, resolved=alert in over) for alert in (*over, *back) if alert.source == source]
            await self._take(source, told)
        fingerprints = tuple(alert.fingerprint for alert in missing)
        return (ev.SilenceLooked(silence=state.number, connector=name, missing=fingerprints),)

    def _mark(self, incident: Incident, state: SilenceState) -> str:
        return f"[{self._installation}/{incident.key}/{state.number}/"

    def _comment(self, incident: Incident, state: SilenceState, position: int) -> str:
        where = f"{self._address}/incidents/{incident.key}"
        return f"{incident.key}, until it is over: {where} {self._mark(incident, state)}{position + 1}]"


def _own(labels: dict[str, str]) -> dict[str, str]:
    """The labels that the alert has; those of the source's own use are not in what it sends."""
    return {name: value for name, value in labels.items() if value and not name.startswith("__")}


def _alert(alert: Silenced, *, resolved: bool) -> Alert:
    return Alert(
        source=alert.source, fingerprint=alert.fingerprint, status="resolved" if resolved else "firing",
        name=alert.name, starts_at=alert.starts_at, labels=_own(alert.labels),
    )  # fmt: skip
