"""What another tool says of its own incident reaches ours: the one in its channel, or the one with its address.

It is heard by the log's rules (``HearTool``). Nothing is opened, and nothing ended, by it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.config import Settings
from bot.guests.tool import Told
from bot.incidents.commands.guests import HearTool
from bot.incidents.decide import decide
from bot.incidents.incident import Incident
from bot.runbooks.schema import SEVERITIES
from bot.store import Lane, Store, deliveries, guests, incidents


def ours(severity: str, settings: Settings) -> str:
    """SEV1 to SEV4 for what a tool calls a severity; empty for a word that means none of them."""
    said = severity.strip().upper()
    return said if said in SEVERITIES else settings.severity_labels.get(said.lower(), "")


def heard(store: Store, connection: Connection, now: datetime, head: Incident, command: HearTool) -> Incident:
    """The incident, whose log has been told what applies of it."""
    if head.status in ("merged", "triage"):
        return head
    at = max(now, head.last_at)
    events = decide(head, command, by=command.tool, now=at)
    if events:
        store.log.append(connection, head.number, events, by=command.tool, at=at)
    return store.log.head(connection, head.number) if events else head


class Hearing:
    """Carries what is said to the incident that it is about."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def ours(self, severity: str) -> str:
        """SEV1 to SEV4 for what a tool calls a severity; empty for a word that means none of them."""
        return ours(severity, self._settings)

    def command(self, told: Told, *, tool: str, now: datetime) -> HearTool:
        """What is said, in our words; what has no time, or one to come, was so ``now``."""
        severity, said_at = self.ours(told.severity), min(told.said_at or now, now)
        return HearTool(
            tool=tool, state=told.state, said_at=said_at, word=told.word, severity=severity, channel=told.channel
        )  # fmt: skip

    async def hear(self, told: Told, *, tool: str, now: datetime, delivery: str | None = None) -> Incident | None:
        """The incident that it is about, which has heard it; None: there is none. Said again it changes nothing.

        That a channel's incident is over there is remembered for a day: an older invitation that comes late opens
        nothing. Raises ``NewerSchema``, ``DatabaseAway``.
        """
        command = self.command(told, tool=tool, now=now)

        def job(connection: Connection, at: datetime) -> Incident | None:
            repeated = deliveries.receive(connection, delivery, at=at) if delivery else None
            if told.channel:  # or somebody opens one there who has not heard that it is over
                guests.lock_channel(connection, told.channel)
            number = self._number(connection, told)
            if repeated is not None:
                return self._store.log.head(connection, number) if number is not None else None
            if number is not None:
                return heard(self._store, connection, at, self._store.log.head(connection, number), command)
            if told.channel and told.state == "over":
                over_there(connection, told.channel, at=command.said_at)
            return None

        return await self._store.writer.submit(job, lane=Lane.CLICK)

    def _number(self, connection: Connection, told: Told) -> int | None:
        if told.channel:
            here = incidents.in_channel(connection, told.channel)
            return here if here is not None else deliveries.number_of(connection, _asked(told.channel))
        return guests.beside(connection, told.url) if told.url else None


def asked_in(connection: Connection, channel: str, number: int, *, at: datetime) -> None:
    """It was asked there whether incident ``number`` goes on there; for a day the tool's end calls that off."""
    deliveries.receive(connection, _asked(channel), at=at, number=number)


def _asked(channel: str) -> str:
    return f"attach/asked/{channel}"


def over_there(connection: Connection, channel: str, *, at: datetime) -> None:
    """The tool said that its incident in the channel was over ``at``; the last time counts."""
    deliveries.renew(connection, f"attach/over/{channel}", at=at)


def was_over(connection: Connection, channel: str, *, at: datetime) -> bool:
    """Whether it said so after ``at``, of a channel in which no incident of ours lives."""
    said = deliveries.noted_at(connection, f"attach/over/{channel}")
    return said is not None and said >= at
