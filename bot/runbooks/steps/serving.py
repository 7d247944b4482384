"""What serves: each version's share of production traffic, as the service's metrics tell it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bot.connectors import NotConnected, Series, SourceUnavailable
from bot.incidents.incident import Incident
from bot.runbooks.schema import Action, DoneWhen, Query
from bot.runbooks.steps import courses
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.wording import same_version

#: What Graphite calls a series that nobody named.
_NO_VERSION = re.compile(r"[()]")


class Shares(msgspec.Struct, frozen=True):
    """Each version's share of the traffic (0 to 1), the largest first; empty where there is no traffic."""

    by: dict[str, float]

    @property
    def running(self) -> str | None:
        """The version with most of the traffic."""
        return next(iter(self.by), None)

    def of(self, version: str) -> float:
        """The share of one version, however its name is spelt."""
        return sum(part for name, part in self.by.items() if same_version(name, version))


def serving(incident: Incident) -> DoneWhen | None:
    """How the runbook reads what serves: its own definition, else that of its first action."""
    if incident.runbook is None:
        return None
    actions = [step.spec.done_when for step in incident.walk() if isinstance(step.spec, Action)]
    found = [incident.runbook.serving, *actions]
    return next((one for one in found if one is not None and one.by_traffic), None)


def query_of(definition: DoneWhen) -> Query:
    """The traffic by version, as any query is asked."""
    return Query(source=definition.source, promql=definition.promql, graphite=definition.graphite, name="serving")


async def read_shares(context: Context, definition: DoneWhen, names: Mapping[str, Any] | None = None) -> Shares:
    """The shares now. Raises SourceUnavailable, TemplateError."""
    if not definition.by_traffic:
        raise NotConnected(f"what serves is not configured for {context.incident.service}: add serving")
    query = query_of(definition)
    series = await courses.now(context, query, names or context.names)
    return shares_of([(one, one.last or 0.0) for one in series], definition)


def shares_of(weighed: Sequence[tuple[Series, float]], definition: DoneWhen) -> Shares:
    """The shares of series weighed by their traffic. Raises SourceUnavailable if they do not tell versions apart."""
    by: dict[str, float] = {}
    for series, weight in weighed:
        name = series.labels.get(definition.label)
        if (not name and weight > 0) or _NO_VERSION.search(name or ""):
            raise SourceUnavailable(f"{definition.source}: {_nameless(definition, name)}")
        if weight < 0:
            raise SourceUnavailable(f"{definition.source}: the traffic is negative")
        if name:
            by[name] = by.get(name, 0.0) + weight
    total = sum(by.values())
    ordered = sorted(by.items(), key=lambda item: (-item[1], item[0]))
    return Shares({name: weight / total for name, weight in ordered if weight > 0} if total else {})


def _nameless(definition: DoneWhen, name: str | None) -> str:
    if name:
        return f"{name[:80]!r} is a call and no version; name the series by it, with aliasByNode"
    how = "; sum by it" if definition.graphite is None else ""
    return f"what serves has no label {definition.label!r}{how}"
