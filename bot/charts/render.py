"""A specification as a picture. Called in the child process: the renderer is large, and takes its time at first."""

from __future__ import annotations

from bot.charts.chart import Chart
from bot.charts.spec import spec

#: Pixels for each of the specification's: sharp on a phone.
SCALE = 2.0


def png(chart: Chart) -> bytes:
    """The chart as PNG. Raises ValueError if it cannot be drawn."""
    import vl_convert

    if not chart.points:
        raise ValueError("there is nothing to draw")
    return bytes(vl_convert.vegalite_to_png(spec(chart), scale=SCALE))


def svg(chart: Chart) -> str:
    """The chart as SVG. Raises ValueError if it cannot be drawn."""
    import vl_convert

    if not chart.points:
        raise ValueError("there is nothing to draw")
    return str(vl_convert.vegalite_to_svg(spec(chart)))
