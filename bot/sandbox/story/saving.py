"""What people did in a sandbox that runs, as a story: reads what came of it, changes nothing."""

from __future__ import annotations

from bot.sandbox.story.notes import Notes
from bot.sandbox.story.outcome import Ending, Outcome
from bot.sandbox.story.story import story
from bot.sandbox.world import World
from bot.service import Service


async def saved(notes: Notes, *, service: Service, world: World) -> str:
    """The text of a scenario test with everything that was done since the world began."""
    acts, complete, ended = notes.acts, not notes.full, notes.now()
    incidents = await service.listing()
    outcome = Outcome(
        whispers=notes.whispers,
        logs={incident.number: await service.entries(incident.number) for incident in incidents},
        endings={one.number: Ending(status=one.status, lead=one.lead or "") for one in incidents},
        refusals=notes.refusals,
        switches={switch.name: switch.value for switch in world.switches()},
    )
    return story(
        acts, scenario=world.scenario.name, started=world.started, ended=ended, outcome=outcome, complete=complete
    )
