"""What serves, told by Graphite: the version is the name that the series was given, or a tag of it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from bot.connectors import SourceUnavailable
from bot.incidents import events as ev
from bot.runbooks.schema import DoneWhen, Step
from bot.runbooks.steps import Context, act, see_versions
from bot.runbooks.steps.done import look
from bot.runbooks.steps.serving import read_shares
from tests.unit.connectors.sources import setting
from tests.unit.steps import scene
from tests.unit.steps.scene import RELEASE, ROLLBACK, World, approved, context, incident, step

PATH = "aliasByNode(ml.fraud.*.predictions, 2)"
SERVING = DoneWhen(source="graphite", graphite=PATH, label="target")
CONFIRMED = replace(ROLLBACK, done_when=SERVING)


class Rendered(World):
    """Also answers as Graphite does: a series' name, its points and its tags."""

    def __init__(self, **rows: Any) -> None:
        super().__init__()
        self.rows: dict[str, Any] = {name.lstrip("v"): points for name, points in rows.items()}
        self.tags: dict[str, dict[str, str]] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/render"):
            return super().__call__(request)
        self.asked.append(request)
        rows = [
            {"target": name, "tags": self.tags.get(name, {}), "datapoints": [[v, n] for n, v in enumerate(points)]}
            for name, points in self.rows.items()
        ]
        return httpx.Response(200, json=rows)


@pytest.fixture(autouse=True)
def _graphite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(scene.CONNECTORS, "graphite", setting("graphite", name="graphite"))


def at(world: World, *, serving: DoneWhen = SERVING, events: Any = (), the_step: Step | None = None) -> Context:
    found = the_step or step(CONFIRMED)
    return context(incident(found, serving=serving, events=events), world, changes=[RELEASE])


async def test_the_newest_value_of_each_series_is_its_version_s_traffic() -> None:
    world = Rendered(v42=[1.0, 90.0], v41=[50.0, 10.0, None])
    (found,) = await see_versions(at(world))
    assert isinstance(found, ev.VersionsSeen)
    assert (found.running, found.target, found.shares) == ("42", "41", {"42": 0.9, "41": 0.1})
    assert world.asked[0].url.params["target"] == PATH


async def test_a_tag_tells_the_version_where_it_is_named() -> None:
    world = Rendered(a=[75.0], b=[25.0])
    world.tags = {"a": {"release": "42"}, "b": {"release": "41"}}
    shares = await read_shares(at(world), replace(SERVING, label="release"))
    assert shares.by == {"42": 0.75, "41": 0.25}


async def test_a_series_that_nobody_named_is_no_version() -> None:
    world = Rendered(**{"sumSeries(ml.fraud.42.predictions)": [90.0]})
    with pytest.raises(SourceUnavailable, match="is a call and no version; name the series by it, with aliasByNode"):
        await read_shares(at(world), SERVING)


async def test_what_ran_before_is_found_in_the_traffic_of_the_last_day() -> None:
    world = Rendered(v42=[10.0, 90.0], v41=[90.0, 0.0])
    (found,) = await see_versions(context(incident(step(CONFIRMED), serving=SERVING), world, changes=[]))
    assert isinstance(found, ev.VersionsSeen)
    assert (found.running, found.target) == ("42", "41")


async def test_an_action_is_proven_by_the_share_that_graphite_tells() -> None:
    the_step = step(CONFIRMED)
    before = at(Rendered(v42=[100.0], v41=[0.0]), events=approved(), the_step=the_step)
    started: list[Any] = []

    async def begin(event: Any) -> None:
        started.append(event)

    (finished,) = await act(before, the_step, begin)
    assert isinstance(finished, ev.ActionFinished)
    assert (finished.outcome, started[0].shares) == ("written", {"42": 1.0})
    state = before.incident.state("it").action
    assert state is not None
    after = await look(at(Rendered(v42=[0.0], v41=[100.0]), events=approved()), CONFIRMED, state)
    assert (after.holds, after.seen) == (True, "v41 has 100 % of traffic")


async def test_a_condition_is_read_by_graphite_too() -> None:
    done = DoneWhen(source="graphite", graphite="fraud.fallback", ok="value == 1")
    spec = replace(ROLLBACK, done_when=done)
    prepared = at(Rendered(fallback=[0.0, 1.0]), events=approved(), the_step=step(spec))
    state = prepared.incident.state("it").action
    assert state is not None
    assert (await look(prepared, spec, state)).holds
