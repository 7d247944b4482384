from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.connectors import Evaluator, SourceUnavailable
from bot.statistics.counts import PairedCounts
from tests.unit.connectors.sources import connected, setting

PAIRED = {"both": 3, "only_a": 2, "only_b": 1, "neither": 0}
ANSWER = {
    "metric": "recall", "n": 6, "labels_age_seconds": 60.5, "paired": PAIRED, "a": {"n": 6, "successes": 5},
    "slices": {"region": {"eu": {"paired": PAIRED, "n": 6}}}, "versions": {"a": "41"},
}  # fmt: skip


def evaluator(answer: Any, seen: list[httpx.URL] | None = None) -> Evaluator:
    def handler(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request.url)
        return httpx.Response(200, json=answer)

    return connected(handler, evaluator=setting("evaluator")).evaluator("evaluator")


async def test_counts_come_back_by_slice() -> None:
    seen: list[httpx.URL] = []
    found = await evaluator(ANSWER, seen).compare(
        service="fraud-scorer", a="41", b="42", metric="recall", slices=("region", "query_type")
    )
    assert found.paired == PairedCounts(**PAIRED)
    assert found.slices["region"]["eu"].paired == PairedCounts(**PAIRED)
    assert found.labels_age_seconds == 60.5
    assert seen[0].path == "/base/evaluations"
    assert dict(seen[0].params) == {
        "service": "fraud-scorer", "a": "41", "b": "42", "metric": "recall", "slices": "region,query_type",
    }  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        [], {}, {"n": "six"}, {"n": 6, "paired": {"both": 1}}, {"n": 6, "paired": {**PAIRED, "both": -1}},
        {"n": 6, "a": {"n": 1, "successes": 2}}, {"n": 6, "slices": [1]},
    ],
)  # fmt: skip
async def test_counts_that_cannot_be_are_nonsense(answer: Any) -> None:
    with pytest.raises(SourceUnavailable, match=r"^evaluator answered nonsense: "):
        await evaluator(answer).compare(service="s", a="1", b="2", metric="m")
