"""What evenkeel.yaml may say and had better not: warnings of ``evenkeel check``, beside those about runbooks."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import date, timedelta

from bot.config.settings import Settings
from bot.runbooks.lint import Finding
from bot.runbooks.service import Service

EXPERIMENT_OVER, MISSPELT = "experiment-over", "dependency-misspelt"
#: so much of two names is alike where one of them is the other, misspelt
NEARLY = 0.85


def advice(settings: Settings, *, today: date) -> list[Finding]:
    """The warnings about the catalogue on the day ``today``, service by service."""
    return [
        _finding(service, rule, message)
        for service in settings.services.values()
        for rule, message in (*_over(service, today), *_misspelt(service, settings))
    ]


def _over(service: Service, today: date) -> Iterator[tuple[str, str]]:
    for one in service.experiments:
        last = (one.until - timedelta(seconds=1)).date() if one.until is not None else today
        if last < today:
            yield EXPERIMENT_OVER, f"experiment {one.name!r} was over on {last.isoformat()}: take it out"


def _misspelt(service: Service, settings: Settings) -> Iterator[tuple[str, str]]:
    """A dependency need not be in the catalogue; one that is nearly called as a service of it was meant to be."""
    for name in service.dependencies:
        near = difflib.get_close_matches(name, settings.services.keys() - {service.name}, n=1, cutoff=NEARLY)
        if name not in settings.services and near:
            yield MISSPELT, f"dependency {name!r} is no service of the catalogue; did you mean {near[0]!r}?"


def _finding(service: Service, rule: str, message: str) -> Finding:
    file, line, column = service.place.rsplit(":", 2)
    return Finding(file=file, line=int(line), column=int(column), level="warning", rule=rule, message=message)
