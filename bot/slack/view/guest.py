"""A guest in a channel of somebody else: one message, the card, and everything else in its thread.

No channel is opened, nobody is invited, nothing is pinned, and the channel's topic stays as it is.
"""

from __future__ import annotations

from typing import Any

from bot.incidents.guests import refused_there
from bot.incidents.incident import Incident
from bot.slack.view.announcement import announcement
from bot.slack.view.blocks import message, section
from bot.slack.view.place import FIRST
from bot.slack.view.surface import Surface, Workplace


def beside(incident: Incident, workplace: Workplace) -> tuple[Surface, ...]:
    """What is shown elsewhere than in the channel: where the incident lived before, people read where it goes on.

    It is announced only if it was before, or if Slack will not have the card in that channel.
    """
    shown = [_goes_on(incident, number, workplace) for number in range(len(incident.left))]
    shown += [_moved_out(incident, workplace)] if incident.home and not incident.fled else []
    announced = incident.left or (incident.triage is not None and incident.triage.announced)
    kept_out = incident.asked_again or refused_there(incident)
    told = announcement(incident, workplace) if announced or kept_out else None
    return (*shown, *([told] if told is not None else []))


def _goes_on(incident: Incident, number: int, workplace: Workplace) -> Surface:
    """What the card says where it was the incident's ``number``-th place."""
    channel = incident.left[number]
    key = FIRST if number == 0 else f"{FIRST}:{channel}"
    return Surface(
        key=key, kind="message", content=_where_now(incident, workplace), place=channel or workplace.incidents_channel
    )


def _moved_out(incident: Incident, workplace: Workplace) -> Surface:
    """Those who are in the incident's own channel are told: a card that changes above them rings for nobody."""
    key = f"moved:{incident.channel}"
    return Surface(key=key, kind="message", content=_where_now(incident, workplace), place=incident.home)


def _where_now(incident: Incident, workplace: Workplace) -> dict[str, Any]:
    text = f":arrow_right: {incident.key} goes on in <#{incident.channel}>, in one thread."
    if refused_there(incident):
        kept_out = (
            f":warning: {incident.key} was asked into <#{incident.channel}>, and Slack does not let me post there."
        )
        text = f"{kept_out} Invite me; until then `{workplace.command} {incident.key}` shows what can be done."
    return message(text, [section([text])])
