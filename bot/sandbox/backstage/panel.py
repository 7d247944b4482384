"""Looks at everything that the panel shows, and remembers what need not be read again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

from bot.errors import Refused
from bot.incidents.events import Entry
from bot.incidents.incident import Incident
from bot.sandbox.backstage.calls import CallList, call_list, first_message_chain
from bot.sandbox.backstage.controls import RATES
from bot.sandbox.backstage.flags import flags
from bot.sandbox.backstage.log import Logs, as_json, logs
from bot.sandbox.backstage.plots import Plots, plots
from bot.sandbox.backstage.standing import (
    ControllerState,
    IncidentStanding,
    LeaseRow,
    incident_standing,
    read_leases,
)
from bot.sandbox.backstage.trouble import troubles
from bot.sandbox.workspace.journal import Call
from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.world import World
from bot.sandbox.world.charts import charts, marks
from bot.wiring import Evenkeel

MOST_INCIDENTS: Final = 8
SPANS: Final = (20, 180, 1440)
"""How many minutes the charts may reach back."""
SPAN_AT: Final[Mapping[int, int]] = dict(zip(RATES, SPANS, strict=True))
"""How many minutes suit each speed of time."""


class Panel:
    """The panel's values; nothing here changes anything. For all pages the charts reach back ``minutes``."""

    def __init__(self, *, workspace: WorkspaceServer, evenkeel: Evenkeel, world: World) -> None:
        self._workspace = workspace
        self._evenkeel = evenkeel
        self._world = world
        self._entries: dict[int, tuple[int, list[Entry]]] = {}
        self._chain: list[Call] = []
        self.minutes: int = SPANS[0]

    async def values(self) -> dict[str, object]:
        """By part: what it shows now. ``EvenkeelError`` while the database is away."""
        rows = await self._evenkeel.store.writer.read(_newest)
        incidents = [await self._evenkeel.service.incident(row.number) for row in rows]
        return {
            "panel:charts": self._plots(),
            "panel:log": await self._logs(rows, incidents),
            "panel:calls": self._calls(),
            "panel:controller": await self._controller(rows, incidents),
            "panel:flags": flags(self._world),
            "panel:faults": troubles(self._workspace.faults),
        }

    @property
    def pages(self) -> str:
        """Where the bot shows its incidents to people."""
        return f"{self._evenkeel.settings.public_url}/incidents"

    async def entry(self, number: int, seq: int) -> str | None:
        """One entry of a log as JSON; None if there is none."""
        try:
            entries = await self._evenkeel.service.entries(number)
        except Refused:
            return None
        return next((as_json(entry) for entry in entries if entry.seq == seq), None)

    def names(self) -> Mapping[str, str]:
        """What people are called, by user id."""
        users = self._workspace.workspace.directory.users.values()
        return {user.id: user.real_name or user.name for user in users}

    def _plots(self) -> Plots:
        drawn = charts(self._world, minutes=self.minutes)
        return plots(drawn, marks(self._world, minutes=self.minutes), minutes=self.minutes)

    async def _logs(self, rows: list[LeaseRow], incidents: list[Incident]) -> Logs:
        found: list[tuple[Incident, list[Entry]]] = []
        for row, incident in zip(rows, incidents, strict=True):
            seq, entries = self._entries.get(row.number, (0, []))
            if seq != row.seq:
                entries = await self._evenkeel.service.entries(row.number)
                self._entries[row.number] = (row.seq, entries)
            found.append((incident, entries))
        return logs(found, names=self.names(), pages=self.pages)

    def _calls(self) -> CallList:
        journal = self._workspace.journal
        self._chain = self._chain or first_message_chain(journal)
        now = datetime.fromtimestamp(self._world.now(), UTC)
        return call_list(journal, chain=self._chain, limits=self._workspace.limits, now=now)

    async def _controller(self, rows: list[LeaseRow], incidents: list[Incident]) -> ControllerState:
        placements = self._evenkeel.store.placements
        told: list[IncidentStanding] = []
        for row, incident in zip(rows, incidents, strict=True):
            told.append(incident_standing(row, incident, await placements.all(row.number)))
        now = datetime.fromtimestamp(self._world.now(), UTC)
        limits = sorted((method, until) for method, until in (await placements.limits()).items() if until > now)
        return ControllerState(held=sum(1 for one in told if one.held), incidents=tuple(told), limits=tuple(limits))


def _newest(connection: Connection) -> list[LeaseRow]:
    return read_leases(connection, most=MOST_INCIDENTS)
