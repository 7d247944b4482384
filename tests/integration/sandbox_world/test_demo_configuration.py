"""The demo's evenkeel.yaml against the world that it describes, through the bot's own connectors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import bot.sandbox
from bot.config import Settings, load_settings
from bot.config.files import read_secret
from bot.connectors import Connectors, SourceRefused
from bot.runbooks.catalogue import Service
from bot.runbooks.templates import render
from bot.sandbox.world import SCENARIOS
from bot.statistics import CompareRequest, SliceCounts, compare_request
from tests.integration.sandbox_world.conftest import Served

FILE = Path(bot.sandbox.__file__).parent / "evenkeel.yaml"
NAMES = {"running": "42", "target": "41"}


@pytest.fixture
def settings(served: Served) -> Settings:
    """The demo's settings for this world."""
    return load_settings(
        FILE.read_text(encoding="utf-8"),
        file="evenkeel.yaml",
        environment={"WORLD_URL": served.address},
        read_secret=read_secret,
    )


@pytest.fixture
def service(settings: Settings) -> Service:
    """The only service that it describes."""
    return settings.services["fraud-scorer"]


@pytest.fixture
async def connectors(settings: Settings) -> AsyncIterator[Connectors]:
    """The bot's connectors to this world."""
    found = Connectors(settings.connectors)
    yield found
    await found.close()


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_every_metric_of_the_catalogue_is_one_number_or_several_of_which_the_worst_can_be_told(
    served: Served, connectors: Connectors, service: Service
) -> None:
    for name, metric in service.metrics.items():
        promql = render(metric.promql or "", NAMES, "promql")
        series = await connectors.prometheus(metric.source).instant(promql, served.clock())
        assert series, name
        assert all(one.last is not None for one in series), name
        assert len(series) == 1 or metric.better is not None, name


async def test_what_serves_is_read_from_traffic(served: Served, connectors: Connectors, service: Service) -> None:
    assert service.serving is not None
    series = await connectors.prometheus("prometheus").instant(service.serving.promql or "", served.clock())
    assert {one.labels["version"]: bool(one.last) for one in series} == {"40": False, "41": False, "42": True}


async def test_the_comparison_finds_the_loss_and_its_worst_slice(connectors: Connectors, service: Service) -> None:
    spec = service.compare["last_good"]
    found = await connectors.evaluator(spec.source).compare(
        service=service.name, a="41", b="42", metric=spec.metric, slices=spec.slices
    )
    assert (found.n, found.counts, found.labels_age_seconds) == (3180, "frauds", 30.0)
    comparison = compare_request(
        CompareRequest(
            test="paired",
            better=spec.better,
            min_effect=spec.min_effect,
            paired=found.paired,
            slices=tuple(
                SliceCounts(by=by, value=value, paired=cut.paired)
                for by, cuts in found.slices.items()
                for value, cut in cuts.items()
            ),
        )
    )
    assert comparison.verdict == "bad"
    assert comparison.worst is not None
    assert comparison.worst.value == "card-not-present"


async def test_the_rollback_s_call_moves_the_flag_and_its_reading_sees_it(
    served: Served, connectors: Connectors, service: Service
) -> None:
    flags, rollback = connectors.http("flags"), service.actions["rollback"]
    arguments = {key: render(str(value), NAMES) for key, value in rollback.arguments.items()}
    before = await flags.read("get", arguments)
    assert before.value["value"] == "42"
    await flags.call("set", arguments, since=before)
    after = await flags.read("get", arguments)
    assert (after.value["value"], after.value["environment"]) == ("41", "production")
    with pytest.raises(SourceRefused, match="meanwhile"):
        await flags.call("set", arguments, since=before)
    assert served.world.flag("staging").value == "42"
    served.clock.forward(10)
    assert service.serving is not None
    series = await connectors.prometheus("prometheus").instant(service.serving.promql or "", served.clock())
    traffic = {one.labels["version"]: one.last or 0.0 for one in series}
    assert traffic["41"] / sum(traffic.values()) >= rollback.done_when.share
