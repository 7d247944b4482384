"""An incident of a fraud scorer, with sources that answer what a test wants them to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar

import httpx
import msgspec
from msgspec.structs import replace

from bot.config.settings import Connector
from bot.connectors import Change, Connectors
from bot.incidents import events as ev
from bot.incidents.fold import fold
from bot.incidents.incident import Incident
from bot.runbooks.schema import Action, DoneWhen, Runbook, Spec, Step, Undo
from bot.runbooks.steps import Compute, Context
from tests.unit.connectors.sources import FLAGS, setting

P = ParamSpec("P")
T = TypeVar("T")
ALERT = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
NOW = ALERT + timedelta(minutes=1)
TRAFFIC = 'sum by (version) (rate(predictions{service="fraud-scorer"}[2m]))'
SERVING = DoneWhen(source="prometheus", promql=TRAFFIC)
ROLLBACK = Action(
    call="flags.set", scope="fraud-scorer", name="rollback", read="flags.get", done_when=SERVING,
    arguments={"flag": "fraud-model", "value": "{{ target }}", "environment": "production"}, undo=Undo(),
)  # fmt: skip


class Deployed(msgspec.Struct, frozen=True, kw_only=True):
    """A change as our own record holds it."""

    at: datetime
    version: str | None = "42"
    previous: str | None = "41"
    kind: str = "deploy"
    by: str | None = "ci"
    url: str | None = "https://ci.example/deploys/881"
    service: str = "fraud-scorer"
    about: str | None = None


RELEASE = Deployed(at=ALERT - timedelta(minutes=14))


class World:
    """Answers every connector. ``queries`` are what PromQL texts answer: numbers by label, or a response."""

    def __init__(self) -> None:
        self.queries: dict[str, Any] = {}
        self.ranges: dict[str, Any] = {}
        self.traffic: dict[str, float] | httpx.Response | Exception = {"42": 100.0}
        self.flag: Any = {"flag": "fraud-model", "value": "42", "environment": "production"}
        self.evaluation: Any = {}
        self.write: Any = httpx.Response(204)
        self.on_read: Callable[[], None] = lambda: None
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path.endswith("/query"):
            text = request.url.params["query"]
            return answer(self.traffic if text == TRAFFIC else self.queries.get(text, {}), "vector")
        if request.url.path.endswith("/query_range"):
            return answer(self.ranges.get(request.url.params["query"], {}), "matrix")
        if request.url.path.endswith("/evaluations"):
            return respond(self.evaluation)
        if request.method == "GET":
            self.on_read()
            return respond(self.flag)
        return respond(self.write)

    def writes(self) -> list[Any]:
        """The bodies of the calls that change something."""
        return [msgspec.json.decode(r.content) for r in self.asked if r.method != "GET"]


def respond(value: Any) -> httpx.Response:
    if isinstance(value, Exception):
        raise value
    return value if isinstance(value, httpx.Response) else httpx.Response(200, json=value)


def answer(value: Any, kind: str) -> httpx.Response:
    """Prometheus' answer: ``{"42": 1.0}`` are series by version, a number is one series without labels."""
    if isinstance(value, httpx.Response | Exception):
        return respond(value)
    series = value if isinstance(value, dict) else {"": value}
    rows: list[Any] = []
    for name, one in series.items():
        labels = {"version": name} if name else {}
        points = [[float(number), str(v)] for number, v in enumerate(one if isinstance(one, list) else [one])]
        rows.append({"metric": labels, **({"values": points} if kind == "matrix" else {"value": points[0]})})
    return httpx.Response(200, json={"status": "success", "data": {"resultType": kind, "result": rows}})


CONNECTORS: dict[str, Connector] = {
    "prometheus": setting("prometheus", name="prometheus"),
    "evaluator": setting("evaluator", name="evaluator"),
    "flags": FLAGS,
}


def step(spec: Spec, step_id: str = "it") -> Step:
    return Step(id=step_id, phase="measure", spec=spec)


def incident(*steps: Step, serving: DoneWhen | None = SERVING, events: Sequence[ev.AnyEvent] = ()) -> Incident:
    """Opened a minute ago by an alert, the versions not seen yet, and then what ``events`` say, a second each."""
    opened = ev.IncidentOpened(
        number=1, title="recall", service="fraud-scorer", failure_mode="performance", source="alertmanager",
        began_at=ALERT,
    )  # fmt: skip
    runbook = Runbook(
        id="r", version=1, title="R", failure_mode="performance", owner="o", summary="s", steps=steps, serving=serving
    )
    log = [opened, ev.RunbookAttached(runbook=runbook), *events]
    entries = [
        ev.Entry(seq=seq, at=ALERT + timedelta(seconds=seq), by="evenkeel", event=event)
        for seq, event in enumerate(log, 1)
    ]
    found = fold(entries)
    assert found is not None
    return found


SEEN = ev.VersionsSeen(running="42", target="41", shares={"42": 1.0})


def approved(*, undo: bool = False, running: str = "42", target: str = "41", attempt: int = 1) -> list[ev.AnyEvent]:
    """A rollback that was asked for and approved."""
    requested = ev.ApprovalRequested(
        step="it", attempt=attempt, target=target, running=running, expires_at=NOW + timedelta(minutes=15), undo=undo
    )
    return [SEEN, requested, ev.Approved(step="it", attempt=attempt)]


async def computed(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What would be computed elsewhere, in this process."""
    return work(*args, **kwargs)


def context(
    head: Incident,
    world: World,
    *,
    now: datetime = NOW,
    changes: Sequence[Change] = (),
    compute: Compute = computed,
    lease_no: int = 7,
) -> Context:
    async def known(service: str, *, since: datetime) -> Sequence[Change]:
        return [change for change in changes if change.service == service and change.at >= since]

    connectors = Connectors(CONNECTORS, transport=httpx.MockTransport(world))
    return Context(
        incident=head, now=lambda: now, connectors=connectors, changes=known, compute=compute, lease_no=lease_no
    )


def with_serving(action: Action, **changes: Any) -> Action:
    """The action with another ``done_when``."""
    return replace(action, done_when=replace(action.done_when, **changes))
