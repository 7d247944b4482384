"""Pictures of what was measured."""

from __future__ import annotations

from bot.charts import Chart
from bot.incidents.events.event import Event


class ChartDrawn(Event, frozen=True):
    """The chart of a measurement is in Slack as the file ``file``; ``because``: why there is none.

    ``chart`` names it among the incident's, ``stage`` says how far the incident was when it was drawn. ``words`` are
    what it shows, for those who cannot see it. ``numbers`` are what was drawn, with fewer points, for pages that draw
    it themselves; None in older logs.
    """

    step: str
    chart: str
    stage: str
    title: str = ""
    file: str = ""
    words: str = ""
    because: str = ""
    numbers: Chart | None = None
