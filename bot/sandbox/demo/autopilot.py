"""The autopilot: an incident walked from its first message to the action items, by the responders of a scenario."""

from __future__ import annotations

from bot.sandbox.demo.responders import Responders, Say, Stuck
from bot.sandbox.demo.stage import Stage
from bot.sandbox.demo.walks import WALKS

#: how long the bot may take to open the incident, in seconds
PATIENCE = 15.0


async def walk(stage: Stage, *, say: Say) -> int:
    """The number of the incident, once everything is done. ``Stuck`` where something did not come."""
    if not await stage.incident_opened(within=PATIENCE):
        raise Stuck(f"no incident was opened within {PATIENCE:g} s")
    channel = stage.incident_channel()
    assert channel is not None  # noqa: S101 - it was just seen
    team = Responders(stage, number=int(channel.name.split("-")[1]), channel=channel.id, say=say)
    team.say(f"#{channel.name} opened.")
    await WALKS[stage.scenario](team)
    return team.number
