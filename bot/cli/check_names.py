"""What a runbook names and nobody has: connectors, operations, audiences, people on call, other runbooks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bot.config.connectors import misfit, names_used, unknown
from bot.config.settings import Connector, Settings
from bot.runbooks.schema import Action, Choice, Compare, Queries, Query, Update
from bot.runbooks.short import ShortRunbook, ShortStep, ShortWatch
from bot.yaml.reader import suggestion


def not_there(runbook: ShortRunbook, settings: Settings | None, *, runbooks: Collection[str]) -> Iterator[str]:
    """``file:line:column: message`` for every such name; ``runbooks`` are the ids that exist.

    Without ``settings`` only other runbooks are looked for.
    """
    for step in runbook.steps:
        messages = list(_runbooks(step, runbooks))
        if settings is not None:
            messages += [
                *_connectors(step, settings.connectors),
                *_audiences(step, settings),
                *_people(step, settings),
            ]
        for message in dict.fromkeys(messages):
            yield f"{runbook.file}:{step.place[0]}:{step.place[1]}: {message}"


def routes_lead_nowhere(settings: Settings, *, runbooks: Collection[str]) -> Iterator[str]:
    """``file:line:1: message`` for every route whose runbook does not exist."""
    for route in settings.routes:
        if route.runbook and route.runbook not in runbooks:
            hint = suggestion(route.runbook, runbooks)
            yield f"{route.place}:1: route {route.name!r}: there is no runbook {route.runbook!r}{hint}"


def _runbooks(step: ShortStep, known: Collection[str]) -> Iterator[str]:
    for name, option in step.spec.options.items() if isinstance(step.spec, Choice) else ():
        if option.runbook is not None and option.runbook not in known:
            yield f"option {name!r}: there is no runbook {option.runbook!r}{suggestion(option.runbook, known)}"


def _connectors(step: ShortStep, connectors: Mapping[str, Connector]) -> Iterator[str]:
    definitions = _definitions(step)
    for name in dict.fromkeys(name for definition in definitions for name in names_used(definition)):
        if message := unknown(name, connectors):
            yield message
    yield from (said for one in definitions if (said := misfit(one, connectors)))


def _definitions(step: ShortStep) -> list[Query | Compare | Action]:
    spec = step.spec
    if isinstance(spec, Query | Compare | Action):
        return [spec]
    if isinstance(spec, Queries):
        return list(spec.queries)
    return [item for item in spec.checks if isinstance(item, Query)] if isinstance(spec, ShortWatch) else []


def _audiences(step: ShortStep, settings: Settings) -> Iterator[str]:
    for audience in step.spec.audience if isinstance(step.spec, Update) else ():
        if audience != "stakeholders" and audience not in settings.audiences:
            yield f"there is no audience {audience!r}{suggestion(audience, settings.audiences)}"


def _people(step: ShortStep, settings: Settings) -> Iterator[str]:
    approval = step.spec.approval if isinstance(step.spec, Action) else None
    for who in (*((step.assign,) if step.assign else ()), *step.escalate, *(approval.approvers if approval else ())):
        kind, _, name = who.partition(":")
        if kind == "oncall" and name not in settings.oncall:
            yield f"{name!r} is not under 'oncall' in evenkeel.yaml{suggestion(name, settings.oncall)}"
