"""Draws the charts of a measurement and puts them into Slack as files; a message shows them.

A picture is never waited for: it is work of its own, after the measurement. What cannot be drawn is said once, in the
log, and the incident lives on without it.
"""

from __future__ import annotations

import asyncio

import structlog

from bot.charts import words
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


async def draw(context: Context, step: Step) -> tuple[ev.AnyEvent, ...]:
    """``ChartDrawn`` for each chart that is not drawn as the incident stands now; none while Slack is away."""
    head = context.incident
    stage, verdict = stage_of(head, step, Found(context.now())), head.state(step.id).verdict
    drawn: list[ev.AnyEvent] = []
    for wanted in charts_of(head.walk(), step):
        known = head.charts.get(wanted.chart)
        if worth_drawing(wanted, verdict) and (known is None or known.stage != stage):
            drawn += await _draw(context, step, wanted, stage)
    return tuple(drawn)


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
    except TimeoutError:
        return without(f"took longer than {TIME_LIMIT:g} s")
    except (SlackRefusal, NotConnected, Unavailable, Mistake, ValueError) as error:
        return without(str(error))
    except SlackError as error:
        log.info("a chart waits for Slack", incident=context.incident.number, because=str(error))
        return []
    drawn = ev.ChartDrawn(step=step.id, chart=wanted.chart, stage=stage, title=chart.label, file=file, words=said)
    return [drawn]
