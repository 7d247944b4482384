"""Questions about alerts that fire: an incident's, and what labels others of their names carry."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from bot.store.alerts import Received
from bot.store.tables import ALERTS

_ROW = ALERTS.c
_COLUMNS = [_ROW[name] for name in Received.__struct_fields__]
#: so many alerts of the same names are looked at for their labels
_MOST_LOOKED_AT = 500


def of_incident(connection: Connection, number: int, sources: Collection[str], *, limit: int) -> list[Received]:
    """The incident's alerts of these sources that fire, in the order in which they came."""
    here = (_ROW.number == number, _ROW.status == "firing", _ROW.source.in_(sources))
    question = select(*_COLUMNS).where(*here).order_by(_ROW.id).limit(limit)
    return [Received(**row) for row in connection.execute(question).mappings()]


def label_names(connection: Connection, names: Collection[str], sources: Collection[str]) -> dict[str, set[str]]:
    """Which labels alerts carry, by the alerts' name: of those of these names that were seen last."""
    these = (_ROW.name.in_(names), _ROW.source.in_(sources))
    question = select(_ROW.name, _ROW.labels).where(*these).order_by(_ROW.last_seen.desc()).limit(_MOST_LOOKED_AT)
    found: dict[str, set[str]] = {}
    for name, labels in connection.execute(question):
        found.setdefault(name, set()).update(labels)
    return found
