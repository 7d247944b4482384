"""Runbooks with a mistake, queries that time out, answers that are nonsense: one step is blind, the walk goes on."""

from __future__ import annotations

import asyncio

import pytest

from bot.config.files import SHIPPED, read_runbooks
from tests.patience import PATIENCE
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, CONNECTED, Stage

#: errors are asked of a source of their own, which has no patience
IMPATIENT = CONNECTED.replace(
    "connectors:\n", 'connectors:\n  impatient: {kind: prometheus, url: "${WORLD_URL}", timeout: 1s}\n', 1
).replace("      errors:\n        source: prometheus", "      errors:\n        source: impatient", 1)


async def test_a_query_that_times_out_is_said_on_the_card_and_the_others_are_there(stages: Stages) -> None:
    stage: Stage = await stages(config=IMPATIENT)
    stage.sources.hangs("http_errors_total")
    async with asyncio.timeout(PATIENCE):
        await stage.breaks()
    assert (await stage.incident()).state("health").verdict == "error"
    card = stage.screen.card()
    assert "Not checked: service health" in card
    assert "did not answer within 1 s" in card
    assert "Recall 0.7" in card
    assert "*Suggested: roll back to v41.*" in card
    stage.sources.recovers()
    await stage.types(ANA, "/incident step health run")
    assert "normal: service health" in stage.screen.card().lower()
    assert stage.refused() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("<html>login</html>", 200),
        ('{"status": "success", "data": 7}', 200),
        ("{}", 503),
        ('{"status":"error"}', 400),
    ],
)
async def test_nonsense_from_one_source_blinds_one_step(body: str, status: int, stage: Stage) -> None:
    stage.sources.answers("/evaluations", status=status, body=body)
    await stage.breaks()
    assert (await stage.incident()).state("versions").verdict == "error"
    card = stage.screen.card()
    assert "Not checked: comparison with the last good version (evaluator " in card
    assert "Recall 0.7" in card
    assert "v42 released 02:51 UTC" in card
    assert stage.refused() == []


async def test_when_everything_is_away_the_card_says_so_and_people_go_on(stage: Stage) -> None:
    stage.sources.answers("/sources/", status=503)
    await stage.breaks()
    await stage.press(ANA, "I'm on it")
    card = stage.screen.card()
    assert "Suggested" not in card
    assert "Not checked" in card
    assert (await stage.incident()).lead == ANA
    assert "I did it outside" in await stage.types(ANA, "/incident")
    assert stage.refused() == []


async def test_a_runbook_with_a_mistake_is_named_and_the_good_ones_load(stages: Stages) -> None:
    books = read_runbooks(SHIPPED)
    broken = "schema: runbook/v1\nid: broken\nversion: 1\ntitle: Broken\nfailure_mode: performance\nphasen: {}\n"
    stage: Stage = await stages(runbooks={**books, "runbooks/broken.yaml": broken})
    await stage.breaks()
    runbook = (await stage.incident()).runbook
    assert runbook is not None
    assert runbook.id == "model-performance-drop"
    ready = await stage.gets("/readyz")
    assert "runbooks/broken.yaml:6:1" in ready.text
    assert ready.json()["checks"]["runbooks"]["ok"] is False
