"""From two files of predictions to a verdict in a sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.config.settings import Connector
from bot.connectors import Connectors
from bot.incidents import events as ev
from bot.runbooks.schema import Compare
from bot.runbooks.steps import measure
from tests.unit.steps.scene import SEEN, World, context, incident, step

N = 1200


def header_and_rows(right_in: int) -> str:
    """Frauds of two regions, every ``right_in``-th of those in the US missed, as CSV."""
    lines = ["id,label,prediction,region"]
    for number in range(N):
        region = "us" if number % 2 else "eu"
        missed = region == "us" and number % right_in == 1
        lines.append(f"{number},1,{0 if missed else 1},{region}")
    return "\n".join(lines) + "\n"


async def measured(folder: Path) -> ev.StepMeasured:
    spec = Compare(
        source="predictions", a="{{ target }}", b="{{ running }}", metric="recall", test="paired", better="higher",
        min_effect=0.02, slices=("region",),
    )  # fmt: skip
    the_step = step(spec)
    connectors = Connectors(
        {"predictions": Connector(name="predictions", kind="evaluator", url="", folder=str(folder))}
    )
    known = context(incident(the_step, events=[SEEN]), World())
    (found,) = await measure(replace(known, connectors=connectors), the_step)
    assert isinstance(found, ev.StepMeasured)
    return found


async def test_a_version_that_misses_more_in_one_region_is_bad_and_the_region_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "fraud-scorer"
    folder.mkdir()
    (folder / "v41.csv").write_text(header_and_rows(100))
    (folder / "42.csv").write_text(header_and_rows(4))
    found = await measured(tmp_path)
    assert (found.verdict, found.n) == ("bad", N)
    assert "v42 against v41, same 1,200" in found.because
    assert "worst slice: us" in found.because


async def test_without_a_file_the_step_says_which_one_is_missing(tmp_path: Path) -> None:
    found = await measured(tmp_path)
    assert found.verdict == "error"
    assert "predictions has no predictions of 4" in found.because
    assert found.again_at is not None
