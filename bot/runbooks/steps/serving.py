"""What serves: each version's share of production traffic, as the service's metrics tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bot.connectors import NotConnected, Series, SourceUnavailable
from bot.incidents.incident import Incident
from bot.runbooks.schema import Action, DoneWhen
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.wording import same_version
from bot.runbooks.templates import render


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
    return next((one for one in found if one is not None and one.promql), None)


async def read_shares(context: Context, definition: DoneWhen, names: Mapping[str, Any] | None = None) -> Shares:
    """The shares now. Raises SourceUnavailable, TemplateError."""
    if not definition.promql:
        raise NotConnected(f"what serves is not configured for {context.incident.service}: add serving")
    promql = render(definition.promql, names or context.names, "promql")
    series = await context.connectors.prometheus(definition.source).instant(promql, context.now())
    return shares_of([(one, one.last or 0.0) for one in series], definition)


def shares_of(weighed: Sequence[tuple[Series, float]], definition: DoneWhen) -> Shares:
    """The shares of series weighed by their traffic. Raises SourceUnavailable if they do not tell versions apart."""
    by: dict[str, float] = {}
    for series, weight in weighed:
        name = series.labels.get(definition.label)
        if not name and weight > 0:
            missing = f"{definition.source}: what serves has no label {definition.label!r}; sum by it"
            raise SourceUnavailable(missing)
        if weight < 0:
            raise SourceUnavailable(f"{definition.source}: the traffic is negative")
        if name:
            by[name] = by.get(name, 0.0) + weight
    total = sum(by.values())
    ordered = sorted(by.items(), key=lambda item: (-item[1], item[0]))
    return Shares({name: weight / total for name, weight in ordered if weight > 0} if total else {})
