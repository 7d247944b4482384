"""What changes when an incident becomes private, moves because of that, or is held."""

from __future__ import annotations

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident
from bot.personal import Personal, without_address_in_link, without_persons

#: the source of what a person declares
SLACK = "slack"
_PERSONAL = Personal()


def shown(event: ev.IncidentOpened) -> ev.IncidentOpened:
    """What opened it, without what is about persons: a log that an older version wrote may hold that.

    What a person typed is theirs to say.
    """
    if event.source == SLACK:
        return event
    return replace(
        event, title=without_persons(event.title), alert_name=without_persons(event.alert_name),
        alert_text=without_persons(event.alert_text), alert_url=without_address_in_link(event.alert_url),
        labels=_PERSONAL.kept_labels(event.labels),
    )  # fmt: skip


def private_from_now_on(head: Incident) -> Changes:
    """It goes on in a new private channel; the public one that it had is left behind."""
    public = head.channel if head.place == "channel" and not head.private else ""
    return {
        "private": True, "moves": head.moves + 1, "fled": (*head.fled, *((public,) if public else ())),
        "place": "channel", "channel": "", "channel_name": f"inc-{head.number}", "keeper": "", "no_channel": "",
    }  # fmt: skip


def _made_private(head: Incident, event: ev.MadePrivate, _: ev.Entry) -> Changes:
    return private_from_now_on(head) if event.again or not head.private else {}


def _held(_: Incident, __: ev.HoldPlaced, ___: ev.Entry) -> Changes:
    return {"held": True}


def _lifted(_: Incident, __: ev.HoldLifted, ___: ev.Entry) -> Changes:
    return {"held": False}


CHANGES: Table = {ev.MadePrivate: _made_private, ev.HoldPlaced: _held, ev.HoldLifted: _lifted}
