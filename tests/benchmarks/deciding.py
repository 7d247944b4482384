"""``decide`` runs while a row is locked: it has to be quick."""

from __future__ import annotations

import time
from functools import partial

from bot.incidents import commands as cmd
from bot.incidents.decide import decide
from tests.benchmarks.figures import Figure, each_ms
from tests.unit.slack.stories import ANA, Story


def measure() -> list[Figure]:
    """The slowest of the commonest commands, at the 99th percentile."""
    story = Story().measured()
    incident, now = story.incident(), story.now
    commands: list[cmd.AnyCommand] = [
        cmd.Acknowledge(), cmd.AddNote(text="a note"), cmd.Choose(step="decide", option="rollback", attempt=1),
    ]  # fmt: skip
    slowest = 0.0
    for command in commands:
        times = sorted(
            each_ms(partial(decide, incident, command, by=ANA, now=now), times=500, timer=time.thread_time)
        )
        slowest = max(slowest, times[int(len(times) * 0.99)])
    return [Figure("decide, p99 of the slowest command", slowest, "ms", 1, "of CPU: a busy machine does not count")]
