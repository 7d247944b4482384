"""Help: the people on call are mentioned where the incident lives, so that their Slack rings."""

from __future__ import annotations

from bot.incidents.incident import Incident
from bot.slack.interactions.desk import Desk, Place
from bot.slack.view.text import people, person, said


async def page_owner(desk: Desk, place: Place, incident: Incident, why: str) -> None:
    """Whoever is on call for the incident is mentioned in its channel, once; nobody known is said to who asked."""
    known = dict.fromkeys(who for group in incident.people.values() for who in group)
    on_call = [who for who in known if who != place.user]
    if not on_call:
        owner = said(incident.owner or "the service", 60)
        await desk.whisper(place, f"Nobody is on call for {owner} in evenkeel.yaml (`oncall`); mention them by hand.")
        return
    text = f":sos: {people(on_call)}: {person(place.user)} asks for help with {incident.key} ({said(why, 80)})."
    await desk.say(place, text, surface=f"{desk.workplace.installation}/{incident.key}/help:{incident.seq}")
