"""The incident's channel, and what belongs to it: topic, members, pin and bookmark."""

from __future__ import annotations

from datetime import UTC

from bot.incidents.incident import Incident
from bot.incidents.insiders import insiders
from bot.page_keys import page_key
from bot.slack.view.surface import Surface, Workplace
from bot.slack.view.text import is_person, link, person, said

_MOST_IN_TOPIC = 250


def channel(incident: Incident) -> Surface:
    """The channel; it is opened once, keeps the name that it got, and is private if the incident is."""
    content = {"name": incident.channel_name or f"inc-{incident.number}", "is_private": incident.private}
    return Surface(key="channel", kind="channel", content=content, live=False)


def topic(incident: Incident) -> Surface:
    """``INC-1 · SEV2 · fraud-scorer · lead @ana · open``.

    Slack posts a line into the channel for every new topic: it changes with severity, lead and status, and not with
    what is found out. Topics know no ``<!date>``, so the end of a watch is told in UTC.
    """
    lead = [f"lead {person(incident.lead)}"] if incident.lead else []
    parts = [incident.key, incident.severity or "SEV?", said(incident.service, 80), *lead, _status(incident)]
    return Surface(
        key="topic", kind="topic", content={"topic": " · ".join(parts)[:_MOST_IN_TOPIC]}, needs=("channel",)
    )


def _status(incident: Incident) -> str:
    if incident.status == "cancelled":
        return "false alarm"
    if incident.status == "merged":
        return f"goes on as INC-{incident.together.into}"
    if incident.status == "open" and incident.watch is not None:
        return f"watching until {incident.watch.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return incident.status


def members(incident: Incident) -> Surface | None:
    """Everybody who belongs to the incident is invited; to a channel in an archived one's place, who worked there."""
    at_work = filter(is_person, incident.acted) if incident.archiving.renewed else ()
    users = tuple(dict.fromkeys((*insiders(incident), *at_work)))
    if not users:
        return None
    return Surface(key="members", kind="members", content={"users": users}, needs=("channel",))


def pin() -> Surface:
    """The card stays on top."""
    return Surface(key="pin", kind="pin", content={"message": "first"}, needs=("first",), live=False)


def page(incident: Incident, workplace: Workplace) -> str:
    """The address of the incident's page; with its key, if it is private: not for places that everybody reads."""
    return _address(incident, workplace)


def _address(incident: Incident, workplace: Workplace, below: str = "") -> str:
    key = page_key(workplace.page_secret, incident.number) if incident.private else ""
    return f"{workplace.public_url.rstrip('/')}/incidents/{incident.key}{below}{f'?key={key}' if key else ''}"


def postmortem_page(incident: Incident, workplace: Workplace) -> str:
    """The address of the postmortem."""
    return _address(incident, workplace, "/postmortem")


def bookmark(incident: Incident, workplace: Workplace) -> Surface | None:
    """The incident's page, one press away; nothing if the address is none."""
    address = page(incident, workplace)
    if not link(address, "page"):
        return None
    content = {"title": f"{incident.key}: timeline and postmortem", "link": address}
    return Surface(key="bookmark", kind="bookmark", content=content, needs=("channel",), live=False)
