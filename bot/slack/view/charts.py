"""The charts of what was measured, messages of their own: no other one waits for a picture."""

from __future__ import annotations

from slack_sdk.models.blocks import ImageBlock
from slack_sdk.models.blocks.basic_components import SlackFile

from bot.incidents.charted import ChartState
from bot.incidents.incident import Incident
from bot.slack.view.blocks import message
from bot.slack.view.place import where
from bot.slack.view.surface import Surface
from bot.slack.view.text import plain, said


def charts(incident: Incident) -> tuple[Surface, ...]:
    """A message for every chart that is in Slack."""
    after = where(incident)[-1:]
    return tuple(_chart(name, drawn, after) for name, drawn in incident.charts.items() if drawn.file)


def _chart(name: str, drawn: ChartState, after: tuple[str, ...]) -> Surface:
    words = plain(drawn.words, 1000) or "a chart"
    image = ImageBlock(slack_file=SlackFile(id=drawn.file), alt_text=words)
    return Surface(
        key=f"chart/{name}", kind="message", content=message(said(f"Chart: {drawn.title}", 200), [image]),
        needs=after, yields=True,
    )  # fmt: skip
