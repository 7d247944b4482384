"""Short form to long form: the names of a runbook replaced by the definitions of one service.

A name that the service does not define is no error: its step becomes ``Unconfigured`` with the sentence that says
what to add and where, and the walk goes on. An action that says what people do ``by_hand`` becomes that task.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from bot.runbooks.foreign import foreign
from bot.runbooks.order import is_action
from bot.runbooks.schema import (
    Choice,
    Compare,
    Expression,
    Option,
    Queries,
    Query,
    Runbook,
    Spec,
    Step,
    Task,
    Unconfigured,
    Update,
    Watch,
)
from bot.runbooks.service import Service, read_service
from bot.runbooks.short import Named, ShortRunbook, ShortStep, ShortWatch, WatchTimes

__all__ = ["CHANGES", "Service", "expand", "read_service"]

#: ``query: changes``: our own record of deployments, flag and alias changes, which needs no definition.
CHANGES = Query(source="changes", name="changes", title="Changes")


def expand(
    short: ShortRunbook,
    service: Service | None,
    *,
    name: str = "",
    others: Mapping[str, Service] | None = None,
) -> Runbook:
    """The runbook for ``service``, in walking order. ``name`` is what to call a service that is not described.

    ``others`` are all services of the catalogue: what belongs to them is not this one's to change.
    """
    steps = tuple(_Expansion(short.steps, service, name).steps())
    serving = service.serving if service else None
    return msgspec.structs.replace(
        short.head, steps=steps, serving=serving, registry=service.versions if service else None,
        readiness=service.readiness if service else None, links=service.all_links if service else {},
        foreign=foreign(service, others or {}),
    )  # fmt: skip


class _Expansion:
    """The expansion of one runbook's steps for one service."""

    def __init__(self, steps: Sequence[ShortStep], service: Service | None, name: str) -> None:
        self._steps = steps
        self._service = service
        self._path = f"services.{service.name if service else name or 'NAME'}"
        self._known = service or Service(name=name)

    def steps(self) -> list[Step]:
        return [
            Step(
                id=step.id, phase=step.phase, spec=self._spec(index, step), title=step.title, why=step.why,
                when=step.when, assign=step.assign, due=step.due, escalate=step.escalate, optional=step.optional,
                on_error=step.on_error,
            )
            for index, step in enumerate(self._steps)
        ]  # fmt: skip

    def _spec(self, index: int, step: ShortStep) -> Spec:
        spec = step.spec
        if isinstance(spec, ShortWatch):
            return self._watch(index, spec)
        if not isinstance(spec, Named):
            return spec
        if spec.kind == "query":
            return self._queries(spec.names)
        if spec.kind == "compare":
            return self._known.compare.get(spec.names[0]) or self._unconfigured("compare", spec.names[0], "compare")
        if spec.kind == "action":
            return self._known.actions.get(spec.names[0]) or self._without_action(spec)
        return self._choice(index) if spec.kind == "choice" else self._update(index, spec.names)

    def _without_action(self, spec: Named) -> Spec:
        name = spec.names[0]
        where = "" if name == "rollback" else "actions"
        if spec.by_hand:
            return Task(text=spec.by_hand, instead_of=self._place(where, name))
        return self._unconfigured("action", name, where)

    def _unconfigured(
        self, kind: Literal["query", "compare", "action", "watch"], name: str, where: str
    ) -> Unconfigured:
        return Unconfigured(kind=kind, name=name, missing=self._missing(where, name))

    def _missing(self, where: str, name: str) -> str:
        return f"add {self._place(where, name)} to evenkeel.yaml"

    def _place(self, where: str, name: str) -> str:
        return ".".join(part for part in (self._path, where, name) if part)

    def _metric(self, name: str) -> Query | None:
        return self._known.metrics.get(name) or (CHANGES if name == "changes" else None)

    def _queries(self, names: Sequence[str]) -> Spec:
        found = [query for name in names if (query := self._metric(name)) is not None]
        missing = tuple(self._missing("metrics", name) for name in names if self._metric(name) is None)
        if not found:
            return Unconfigured(kind="query", name=", ".join(names), missing="; ".join(missing))
        return Queries(queries=tuple(found), missing=missing) if len(names) > 1 else found[0]

    def _watch(self, index: int, spec: ShortWatch) -> Spec:
        earlier = self._steps[:index]
        checks: list[Query] = []
        missing: list[str] = []
        for check in spec.checks:
            found = self._check(check, earlier)
            checks += found
            missing += [] if found else self._names(str(check), earlier)
        if not checks:
            sentence = "; ".join(self._missing("metrics", name) for name in missing)
            return Unconfigured(kind="watch", name=", ".join(missing), missing=sentence)
        starts = spec.starts or next((step.id for step in reversed(earlier) if is_action(step)), None)
        times = spec.times or (self._service.watch if self._service else WatchTimes())
        return Watch(
            checks=tuple(checks), every=times.every, duration=times.duration, starts=starts,
            fail_after=times.fail_after, on_fail=spec.on_fail,
        )  # fmt: skip

    def _check(self, check: str | Query, earlier: Sequence[ShortStep]) -> list[Query]:
        """What a check of a watch looks at: a query written out, an earlier step's queries, or a metric."""
        if isinstance(check, Query):
            return [check]
        step = next((step for step in earlier if step.id == check), None)
        if step is None:
            metric = self._metric(check)
            return [metric] if metric else []
        spec = self._queries(step.spec.names) if isinstance(step.spec, Named) else step.spec
        if isinstance(spec, Query):
            return [spec]
        return list(spec.queries) if isinstance(spec, Queries) else []

    def _names(self, check: str, earlier: Sequence[ShortStep]) -> Sequence[str]:
        """The metrics that a check of a watch stands for: those of the step of that name, else itself."""
        step = next((step for step in earlier if step.id == check), None)
        return step.spec.names if step is not None and isinstance(step.spec, Named) else (check,)

    def _choice(self, index: int) -> Choice:
        """``choice: rollback``: roll back to the suggested version, not the model, help, or a false alarm."""
        later = self._steps[index + 1 :]
        position = next(number for number, step in enumerate(later) if is_action(step))
        after = later[position + 1].id if position + 1 < len(later) else None
        return Choice(
            ask="What do we do?",
            options={
                "rollback": Option(
                    label="Roll back{{ ' to ' ~ target if target }}", goto=later[position].id, role="rollback"
                ),
                "not_model": Option(label="Not the model", goto=after),
                "help": Option(label="I need help", role="help"),
                "false_alarm": Option(label="False alarm", role="false_alarm", needs_reason=True),
            },
            suggest=self._suggestion(self._steps[:index]),
        )

    def _suggestion(self, earlier: Sequence[ShortStep]) -> Expression | None:
        for step in reversed(earlier):
            if isinstance(step.spec, Compare) or (isinstance(step.spec, Named) and step.spec.kind == "compare"):
                return f"'rollback' if steps[\"{step.id}\"].verdict == 'bad' and target"
        return None

    def _update(self, index: int, names: Sequence[str]) -> Update:
        """``update: stakeholders``: told once the last action before it (or the first at all) has succeeded."""
        actions = [step.id for step in self._steps if is_action(step)]
        before = [step.id for step in self._steps[:index] if is_action(step)]
        own = self._known.stakeholders if tuple(names) == ("stakeholders",) else ()
        return Update(
            audience=own or tuple(names),
            text="{{ service.name }}: version {{ target }} serves again. We watch whether that holds.",
            after=before[-1] if before else actions[0],
        )
