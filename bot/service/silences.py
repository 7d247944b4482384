"""Which of an incident's alerts can be silenced where they come from, and by which labels."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from sqlalchemy import Connection

from bot.config import Settings
from bot.incidents.commands.silences import SilenceAlerts
from bot.incidents.events.silences import Silenced
from bot.incidents.silences import MOST_ALERTS
from bot.store import Store, firing
from bot.store.alerts import Received

#: the sources whose alerts an Alertmanager knows
SOURCES = ("alertmanager", "grafana")


class Silences:
    """``handle`` carries out a command on an incident."""

    def __init__(self, store: Store, settings: Settings, handle: Callable[..., Awaitable[Any]]) -> None:
        self._store = store
        self._connectors = tuple(
            name for name, connector in settings.connectors.items() if connector.kind == "alertmanager"
        )
        self._handle = handle

    async def ask(self, number: int, seconds: float, *, by: str, delivery: str | None = None) -> Any:
        """The alerts of the incident that fire are to be silent for so long. Raises ``Refused``."""
        alerts = await self._store.writer.read(lambda connection: _firing(connection, number))
        command = SilenceAlerts(seconds=seconds, alerts=alerts, connectors=self._connectors)
        return await self._handle(number, command, by=by, delivery=delivery)


def _firing(connection: Connection, number: int) -> tuple[Silenced, ...]:
    fire = firing.of_incident(connection, number, SOURCES, limit=MOST_ALERTS + 1)
    others = firing.label_names(connection, {one.name for one in fire}, SOURCES)
    return tuple(_silenced(one, others.get(one.name, ())) for one in fire)


def _silenced(row: Received, others: Iterable[str]) -> Silenced:
    """All labels of the alert, and that it has none of those that others of its name have besides."""
    labels = dict.fromkeys(sorted(others), "") | row.labels
    return Silenced(
        source=row.source, fingerprint=row.fingerprint, starts_at=row.starts_at, labels=labels, name=row.name
    )
