"""The one message about an incident in the incidents channel, kept current; in a thread, its head."""

from __future__ import annotations

from slack_sdk.models.blocks import Block

from bot.incidents.archiving import is_archived
from bot.incidents.incident import Incident
from bot.incidents.insiders import insiders
from bot.slack.view.alerts_seen import many
from bot.slack.view.blocks import context, message, section
from bot.slack.view.place import card_key
from bot.slack.view.surface import Surface, Workplace
from bot.slack.view.text import at, on, person, said
from bot.slack.view.triage import place
from bot.slack.view.watching import held
from bot.slack.view.wording import CANCELLED, GONE_ON, REOPENED, RESOLVED, WATCHING, title


def announcement(incident: Incident, workplace: Workplace) -> Surface | None:
    """Wanted as soon as there is a place to send people to; one that was announced before says so until there is."""
    waited = incident.triage is not None and incident.triage.announced
    if not waited and not incident.channel and incident.place not in ("thread", "direct") and not incident.generation:
        return None
    return Surface(
        key="announcement",
        kind="message",
        content=message(said(_headline(incident), 300), _blocks(incident, workplace)),
        place=place(incident, workplace),
    )


def _blocks(incident: Incident, workplace: Workplace) -> list[Block]:
    head = f"{_state(incident)} *{said(_headline(incident), 300)}*"
    in_channel = incident.channel and incident.place == "channel"
    where = f"Join <#{incident.channel}>" if in_channel else _thread(incident)
    if incident.place == "channel" and not incident.channel:
        where = "Its channel is being opened"
    if is_archived(incident):
        where = "Its channel is archived" if incident.channel in incident.archiving.archived else "It has no channel"
    if incident.status == "merged":
        where = "Merged"
    if incident.private:
        return _only_where(incident, workplace)
    parts = [incident.key, f"opened {at(incident.opened_at)}"]
    if incident.lead or incident.status == "open":
        parts.append(f"lead {person(incident.lead)}" if incident.lead else "nobody leads yet")
    if incident.alerts > 1:
        parts.append(f"{many(incident.alerts)} alerts")
    if workplace.sandbox:
        parts.append("synthetic data")
    return [section([head, f"{where} · {_standing(incident)}"]), context(parts)]


def _thread(incident: Incident) -> str:
    if incident.place != "guest":
        return "Details in the thread"
    if card_key(incident) in incident.refused:
        return f"Slack did not let me post in <#{incident.channel}>: invite me there"
    return f"Followed in <#{incident.channel}>"


def _only_where(incident: Incident, workplace: Workplace) -> list[Block]:
    """Everybody may read this: neither what a private incident is about nor how bad it is."""
    if incident.place == "channel" and incident.status == "open" and not insiders(incident):
        where = "Its channel is private, and nobody is known to invite. Take the lead to be invited: "
        where += f"`{workplace.command} lead {incident.key}`"
    elif incident.place == "channel":
        ask = "ask whoever leads" if incident.lead or incident.status != "open" else "once somebody leads, ask them"
        where = f"Its channel is private: {ask} to invite you"
    elif incident.keeper:
        where = f"Slack opened no private channel; {person(incident.keeper)} has it in direct messages"
    else:
        where = "Slack opened no private channel, and nobody is known to tell. Take the lead to be told: "
        where += f"`{workplace.command} lead {incident.key}`"
    lead = f"lead {person(incident.lead)}" if incident.lead else "nobody leads yet"
    parts = [f"opened {at(incident.opened_at)}", lead, *(["synthetic data"] if workplace.sandbox else [])]
    head = f"{_state(incident)} *{_headline(incident)}*"
    return [section([head, f"{where} · {_standing(incident)}"]), context(parts)]


def _headline(incident: Incident) -> str:
    """What is wrong; of a private incident only that there is one, for everybody may read this."""
    return f"{incident.key} · private" if incident.private else title(incident)


def _state(incident: Incident) -> str:
    if incident.status == "open":
        return WATCHING if incident.watch or held(incident) else REOPENED
    return RESOLVED if incident.status == "resolved" else GONE_ON if incident.status == "merged" else CANCELLED


def _standing(incident: Incident) -> str:
    """Where it stands, in two words and a time."""
    if incident.status == "cancelled":
        return "false alarm"
    if incident.status == "merged":
        into = incident.together.into_channel
        return f"goes on as INC-{incident.together.into}{f' in <#{into}>' if into and not incident.private else ''}"
    if incident.status == "resolved":
        return f"resolved{f' {at(incident.status_at)}' if incident.status_at else ''}"
    if incident.watch is not None:
        return f"fixed, watching until {on(incident.watch.until)}"
    if held(incident):
        return "fixed and watched, waits to be resolved"
    return "reopened" if incident.reopened else "open"
