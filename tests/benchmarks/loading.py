"""How long a team's runbooks take to load: 200 of them, no two with the same words."""

from __future__ import annotations

import re
import statistics
import time

from bot.config.files import SHIPPED, read_runbooks
from bot.json_schema.schemas import EXAMPLES
from bot.runbooks.loading import load_library
from tests.benchmarks.figures import Figure, each_ms

RUNBOOKS = 200
LIMIT = 1.0  # seconds


def measure() -> list[Figure]:
    """The library of a large team, read anew each time."""
    files = runbooks(RUNBOOKS)
    found = load_library(files)
    if found.problems or len(found.runbooks) != RUNBOOKS:
        raise RuntimeError(f"the runbooks of the benchmark are not in order: {found.problems[:3]}")
    lines = sum(text.count("\n") for text in files.values())
    seconds = statistics.median(each_ms(lambda: load_library(files), times=3, timer=time.process_time)) / 1000
    note = f"{RUNBOOKS} runbooks, {lines:,} lines, every word checked; time of the processor"
    return [Figure("loading all runbooks", seconds, "s", LIMIT, note)]


def runbooks(count: int) -> dict[str, str]:
    """Variants of those that exist: other ids, other labels and other texts, so that nothing is parsed only once."""
    texts = [*read_runbooks(SHIPPED).values(), (EXAMPLES / "runbook.yaml").read_text(encoding="utf-8")]
    return {f"{number}.yaml": _variant(texts[number % len(texts)], number) for number in range(count)}


def _variant(text: str, number: int) -> str:
    text = re.sub(r"(?m)^id: (.*)$", rf"id: \1-{number}", text)
    text = text.replace("labels.region", f"labels.region_{number}")
    return re.sub(r"(task|text|ask|label): ([A-Z])", rf"\1: T{number} \2", text)
