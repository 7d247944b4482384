"""Runs every benchmark and prints the table; exit 0 whatever it says, because a table is not a test."""

from __future__ import annotations

import asyncio
import logging
import sys

import uvloop

from bot.logs import set_up_logs
from tests.benchmarks import deciding, intake, long_log, opening, process
from tests.benchmarks.figures import Figure, table


async def _measure(figures: list[Figure]) -> None:
    """Adds to ``figures`` part by part, so that a part that breaks takes none of the others along."""
    figures += await process.measure()
    figures += await opening.measure()
    figures += await asyncio.to_thread(long_log.measure)
    figures += await intake.measure()
    figures += await asyncio.to_thread(deciding.measure)


def main() -> None:
    """A bit over a minute."""
    set_up_logs(json=False, level=logging.ERROR)
    sys.stdout.write("A bit over a minute; whatever else this machine does shows in the figures.\n\n")
    sys.stdout.flush()
    figures: list[Figure] = []
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(_measure(figures))
        finally:
            sys.stdout.write(table(figures))


main()
