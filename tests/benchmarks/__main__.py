"""Runs every benchmark and prints the table; exit 0 whatever it says, because a table is not a test."""

from __future__ import annotations

import asyncio
import logging
import sys

import uvloop

from bot.logs import set_up_logs
from tests.benchmarks import (
    comparing,
    deciding,
    intake,
    loading,
    long_log,
    many_open,
    measuring,
    opening,
    page,
    process,
    storm,
)
from tests.benchmarks.figures import Figure, table


async def _measure(figures: list[Figure]) -> None:
    """Adds to ``figures`` part by part, so that a part that breaks takes none of the others along."""
    figures += await process.measure()
    figures += await opening.measure()
    figures += await measuring.measure()
    figures += await comparing.measure()
    figures += await asyncio.to_thread(loading.measure)
    figures += await asyncio.to_thread(long_log.measure)
    figures += await intake.measure()
    figures += await many_open.measure()
    figures += await storm.measure()
    figures += await asyncio.to_thread(deciding.measure)
    figures += await page.measure()


def main() -> None:
    """About four minutes."""
    set_up_logs(json=False, level=logging.ERROR)
    sys.stdout.write("About four minutes; whatever else this machine does shows in the figures.\n\n")
    sys.stdout.flush()
    figures: list[Figure] = []
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(_measure(figures))
        finally:
            sys.stdout.write(table(figures))


main()
