"""What was posted where everybody reads, and may not be read there any more, is redrawn without its content. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.slack.plan import Standing
from bot.slack.view.surface import Surface

_KINDS = ("message", "topic")


def with_emptied(desired: Sequence[Surface], standings: Mapping[str, Standing]) -> tuple[Surface, ...]:
    """``desired``, and for every message and topic that is there and wanted no more what its place shows instead.

    Without an ``emptied`` surface in ``desired`` nothing is emptied: what is wanted no more stays as it was. Its key
    ends as those of the place where the incident is now, which is left alone.
    """
    template = next((surface for surface in desired if surface.kind == "emptied"), None)
    if template is None:
        return tuple(desired)
    rest = [surface for surface in desired if surface is not template]
    here = f"@{template.key.rpartition('@')[2]}"
    wanted = {surface.key for surface in rest}
    gone = [
        standing
        for key, standing in standings.items()
        if key not in wanted and not key.endswith(here) and standing.kind in _KINDS and _may_show(standing)
    ]
    return (*rest, *(_emptied(standing, template) for standing in gone if standing.channel or template.place))


def _may_show(standing: Standing) -> bool:
    """Whether it is there, or may be: an unanswered call is looked for."""
    return standing.there or (standing.kind == "message" and standing.state == "asked")


def _emptied(standing: Standing, template: Surface) -> Surface:
    place = standing.channel or template.place
    if standing.kind == "topic":
        return Surface(key=standing.key, kind="topic", content={"topic": template.content["topic"]}, place=place)
    shown = {name: template.content[name] for name in ("text", "blocks")}
    return Surface(key=standing.key, kind="message", content=shown, place=place)
