"""What changes when an incident becomes private, moves because of that, or is held."""

from __future__ import annotations

from bot.incidents import events as ev
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident


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
