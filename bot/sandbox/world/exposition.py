"""The world's metrics as a scrape would read them: Prometheus' text format."""

from __future__ import annotations

import numpy as np

from bot.sandbox.world.promql.answers import number
from bot.sandbox.world.promql.vectors import NAME
from bot.sandbox.world.world import World

#: labels that a scrape adds and an exporter does not expose
_SCRAPED = (NAME, "job")


def exposition(world: World) -> str:
    """Every series that there is now, with its newest value."""
    lines = ["# Synthetic: the numbers of the sandbox's world, made up from a scenario and a seed."]
    for name in sorted(world.names()):
        lines.append(f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}")
        for series in world.series(name):
            value = float(series.values[-1])
            if not np.isnan(value):
                labels = ",".join(f'{k}="{v}"' for k, v in series.labels.items() if k not in _SCRAPED)
                lines.append(f"{name}{{{labels}}} {number(value)}")
    return "\n".join(lines) + "\n"
