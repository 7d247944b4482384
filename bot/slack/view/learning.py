"""After it is over: the invitation to say how it was possible and what will be done about it."""

from __future__ import annotations

from typing import Any

from bot.incidents.counting import duration
from bot.incidents.incident import Incident
from bot.slack.view.blocks import actions, button, message, section, value
from bot.slack.view.channel import postmortem_page
from bot.slack.view.place import where
from bot.slack.view.surface import Surface, Workplace
from bot.slack.view.text import link, people, person


def learning(incident: Incident, workplace: Workplace) -> Surface | None:
    """Asked for once an incident is resolved; it counts what has been written."""
    if incident.status != "resolved":
        return None
    content = postmortem(incident, workplace)
    return Surface(key="postmortem", kind="message", content=content, needs=where(incident))


def postmortem(incident: Incident, workplace: Workplace) -> dict[str, Any]:
    """``text`` and ``blocks``: where the draft is, what it still needs, and the buttons for that."""
    who = person(incident.lead) if incident.lead else "Whoever led"
    due = incident.runbook.postmortem_due if incident.runbook else 172800.0
    lines = [
        f":memo: {who}: the draft of the postmortem is written from the log. It is due in {duration(due)}.",
        _counted(incident),
        "A why names what made it possible, never who. An action item has an owner and a day.",
    ]
    if incident.runbook is not None and not incident.runbook.postmortem_required:
        lines[0] = ":memo: The runbook asks for no postmortem; a draft is written from the log all the same."
    if incident.status == "open":
        lines[0] = ":memo: The draft of the postmortem is written from the log, and grows until the incident is over."
    row = [
        button("Add a why", "postmortem.why", value(incident), style="primary"),
        button("Add an action item", "postmortem.action", value(incident)),
    ]
    address = postmortem_page(incident, workplace)
    if link(address, "page"):
        row.append(button("Open the postmortem", "postmortem.open", value(incident), url=address))
    return message(f"The postmortem of {incident.key} is drafted", [section(lines), actions(row)])


def _counted(incident: Incident) -> str:
    whys, items = len(incident.whys), len(incident.items)
    if not whys and not items:
        return "So far it has no whys and no action items: what it can only learn from you."
    open_items = [item for item in incident.items if not item.done]
    owners = people(dict.fromkeys(item.owner for item in open_items))
    owned = f", open with {owners}" if open_items else ""
    return f"{whys} {'why' if whys == 1 else 'whys'}, {items} action {'item' if items == 1 else 'items'}{owned}."
