"""Draws the charts of a measurement and puts them into Slack as files; a message shows them.

A picture is never waited for: it is work of its own, after the measurement. What cannot be drawn is said once, in the
log, and the incident lives on without it.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from bot.charts import words
from bot.charts.kept import kept
from bot.charts.render import png
from bot.connectors import NotConnected
from bot.errors import Mistake, SlackError, SlackRefusal, Unavailable
from bot.incidents import events as ev
from bot.incidents.agenda.charting import stage_of
from bot.incidents.agenda.work import Found
from bot.incidents.charted import Wanted, charts_of, worth_drawing
from bot.runbooks.schema import Step
from bot.runbooks.steps.charting import read_chart
from bot.runbooks.steps.context import Context

log = structlog.get_logger(__name__)

#: For reading, drawing and sending one chart; in seconds.
TIME_LIMIT = 20.0
#: So long after the measurement it is tried again while a source, the other process or Slack is away.
PATIENCE = timedelta(minutes=10)


async def draw(context: Context, step: Step) -> tuple[ev.AnyEvent, ...]:
    """``ChartDrawn`` for each chart that is not drawn as the incident stands now; none while something is away."""
    head = context.incident
    stage, verdict = stage_of(head, step, Found(context.now())), head.state(step.id).verdict
    drawn: list[ev.AnyEvent] = []
    for wanted in charts_of(head.walk(), step):
        known = head.charts.get(wanted.chart)
        if worth_drawing(wanted, verdict) and (known is None or known.stage != stage):
            drawn += await _draw(context, step, wanted, stage)
    return tuple(drawn)


def _is_over(context: Context, step: Step) -> bool:
    """Whether what is away has been away for so long that nobody waits for a picture any more."""
    measured = context.incident.state(step.id).at
    return measured is not None and context.now() > measured + PATIENCE


async def _draw(context: Context, step: Step, wanted: Wanted, stage: str) -> list[ev.AnyEvent]:
    def without(because: str) -> list[ev.AnyEvent]:
        log.warning("no chart", incident=context.incident.number, chart=wanted.chart, because=because)
        return [ev.ChartDrawn(step=step.id, chart=wanted.chart, stage=stage, because=because)]

    if context.pictures is None:
        return without("pictures cannot be sent from here")
    try:
        async with asyncio.timeout(TIME_LIMIT):
            chart = await read_chart(context, wanted.query)
            picture = await context.compute(png, chart)
            name, said = f"INC-{context.incident.number}-{wanted.chart.replace('/', '-')}.png", words(chart)
            file = await context.pictures(picture, name=name, title=chart.label, alt=said)
    except (SlackRefusal, NotConnected, Mistake, ValueError) as error:
        return without(str(error))
    except (TimeoutError, Unavailable, SlackError) as error:
        because = str(error) or f"took longer than {TIME_LIMIT:g} s"
        if _is_over(context, step):
            return without(because)
        log.info("a chart waits", incident=context.incident.number, chart=wanted.chart, because=because)
        return []
    drawn = ev.ChartDrawn(
        step=step.id, chart=wanted.chart, stage=stage, title=chart.label, file=file, words=said, numbers=kept(chart)
    )
    return [drawn]
