"""The process that computes."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import SourceUnavailable
from bot.runbooks.steps import Child
from bot.statistics import Rows, RowsRequest, Table, compare_request, compare_rows
from bot.statistics.counts import CompareRequest, PairedCounts


@pytest.fixture
async def child() -> AsyncIterator[Child]:
    one = Child(time_limit=60.0)
    yield one
    await one.close()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def test_a_comparison_is_computed_elsewhere(child: Child) -> None:
    request = CompareRequest(
        test="paired", better="higher", min_effect=0.02,
        paired=PairedCounts(both=2200, only_a=471, only_b=159, neither=350),
    )  # fmt: skip
    assert (await child.run(compare_request, request)).verdict == "bad"
    assert await child.run(os.getpid) != os.getpid()


async def test_a_million_rows_go_over_as_the_bytes_they_are(child: Child) -> None:
    body = b'{"columns":{"a":[' + b",".join([b"1"] * 1_000_000) + b'],"b":[' + b",".join([b"1,0"] * 500_000) + b"]}}"
    rows = Rows(both=Table(body, "json"))
    request = RowsRequest(test="paired", better="higher", min_effect=0.02, rows=rows)
    found = await child.run(compare_rows, request)
    assert (found.verdict, found.n, found.effect) == ("bad", 1_000_000, -0.5)


async def test_what_the_work_raises_comes_back(child: Child) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        await child.run(int, "x")


async def test_waiting_for_a_turn_is_not_held_against_the_time_of_a_work(child: Child) -> None:
    await child.run(abs, -1)
    child.time_limit = 2.0
    works = [child.run(time.sleep, 0.5) for _ in range(5)]
    assert await asyncio.gather(*works) == [None] * 5


async def test_a_crash_is_a_sentence_and_the_next_work_is_done(child: Child) -> None:
    with pytest.raises(SourceUnavailable, match="ended unexpectedly"):
        await child.run(die)
    assert await child.run(abs, -1) == 1


async def test_work_that_takes_too_long_is_ended_with_its_process() -> None:
    child = Child(time_limit=0.05)
    with pytest.raises(SourceUnavailable, match=r"took longer than 0\.05 s"):
        await child.run(time.sleep, 60)
    await child.close()


_PARENT = """
import asyncio, os, time
from bot.runbooks.steps import Child

async def main():
    print(await Child().run(os.getpid), flush=True)
    time.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_a_parent_that_was_killed_takes_its_child_along(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    gone, _, _ = select.select([child], [], [], 10.0)
    os.close(child)
    assert gone == [child]
