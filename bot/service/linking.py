"""Where an incident's address is written to: where its alert came from, as far as that is connected. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.config.settings import Connector
from bot.incidents.links import PAGERDUTY_INCIDENT


def links_for(source: str, labels: Mapping[str, str], connectors: Mapping[str, Connector]) -> tuple[str, ...]:
    """``grafana:NAME`` and ``pagerduty:NAME``: kinds and names of the connectors that take the address."""
    there = [name for name, one in connectors.items() if one.kind == source and _takes(one)]
    if source == "pagerduty" and not labels.get(PAGERDUTY_INCIDENT):
        return ()
    return tuple(f"{source}:{name}" for name in there) if source in ("grafana", "pagerduty") else ()


def _takes(connector: Connector) -> bool:
    """PagerDuty's other address takes events and nothing else."""
    return connector.kind != "pagerduty" or not (urlsplit(connector.url).hostname or "").startswith("events.")
