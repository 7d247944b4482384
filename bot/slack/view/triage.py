"""An incident that nobody has opened yet: one message in the incidents channel, with what, where, how often, and what
to press. Nothing else of it is shown, and nobody is called.

Once its alerts are over the message says so and has no buttons. After a mute it is posted once more, so that it is
seen; the earlier message then points down.
"""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.incidents.incident import Incident
from bot.slack.view.alerts_seen import many
from bot.slack.view.blocks import actions, button, context, message, section, value
from bot.slack.view.reported import reported
from bot.slack.view.surface import Surface, Workplace
from bot.slack.view.text import at, link, on, person, said
from bot.slack.view.wording import CANCELLED, GONE_ON, WAITING, title
from bot.slack.view.wording import headline as headline_of

ANNOUNCEMENT = "announcement"


def place(incident: Incident, workplace: Workplace) -> str:
    """Where the incident is announced: where its route says, unless Slack refuses that."""
    refused = ANNOUNCEMENT in incident.refused
    return workplace.incidents_channel if refused or not incident.announce_in else incident.announce_in


def waiting(incident: Incident, workplace: Workplace) -> list[Surface]:
    """All that is shown before somebody opens it; nothing of one that is held back."""
    waits = incident.triage
    if waits is None or not waits.announced:
        return []
    drawn = [_surface(incident, workplace, announced(incident, workplace, elements=buttons(incident)))]
    if waits.rounds:
        older = [section([_head(incident), "The mute was over and it still fired: it is announced again below."])]
        drawn = [_surface(incident, workplace, older), _again(drawn[0], waits.rounds)]
    return drawn


def again(incident: Incident, told: Surface | None) -> list[Surface]:
    """The message that was posted after a mute, as the announcement stands now."""
    waits = incident.triage
    return [_again(told, waits.rounds)] if told is not None and waits is not None and waits.rounds else []


def _again(told: Surface, rounds: int) -> Surface:
    return Surface(key=f"{ANNOUNCEMENT}:{rounds}", kind="message", content=told.content, place=told.place)


def _surface(incident: Incident, workplace: Workplace, blocks: list[Block]) -> Surface:
    text = said(headline(incident), 300)
    return Surface(
        key=ANNOUNCEMENT, kind="message", content=message(text, blocks), place=place(incident, workplace)
    )  # fmt: skip


def announced(
    incident: Incident, workplace: Workplace, *, elements: Sequence[InteractiveElement] = ()
) -> list[Block]:
    """What, where, how often, and how it stands; without ``elements`` there is nothing to press."""
    drawn = [section([_head(incident), *_what(incident), *_ended(incident)])]
    if elements:
        drawn.append(actions(elements))
    return [*drawn, context(_small_print(incident, workplace))]


def headline(incident: Incident) -> str:
    """What is wrong; of a private incident only that there is one, for everybody may read this."""
    return f"{incident.key} · private" if incident.private else title(incident)


def _head(incident: Incident) -> str:
    marks = {"merged": GONE_ON, "cancelled": CANCELLED}
    mark = marks.get(incident.status, WAITING if incident.firing else CANCELLED)
    return f"{mark} *{said(headline(incident), 300)}*"


def _what(incident: Incident) -> list[str]:
    """The alert's own words, with a link to where it says them; not the name again that stands above."""
    if incident.private:
        return []
    words = "" if incident.alert_text == headline_of(incident) else incident.alert_text
    parts = (said(words, 200), link(incident.alert_url, "Source"))
    line = "  ".join(part for part in parts if part)
    return [line] if line else []


def _ended(incident: Incident) -> list[str]:
    """Why there are fewer buttons, or none."""
    waits, since = incident.triage, incident.together.quiet_since
    if incident.status == "merged":
        into = incident.together.into_channel
        there = f" in <#{into}>" if into and not incident.private else ""
        return [f"Goes on as INC-{incident.together.into}{there}."]
    if incident.status == "cancelled" and incident.status_by.startswith(("U", "W")):
        return [f"False alarm, says {person(incident.status_by)}."]
    if since is not None:
        return [f"Over by itself {at(since)}; nobody opened it."]
    if waits is None or not waits.dismissed_by:
        return []
    if waits.muted_until is not None:
        return [f"Muted until {on(waits.muted_until)} by {person(waits.dismissed_by)}."]
    return [
        f"Not now, says {person(waits.dismissed_by)}{f' {at(waits.dismissed_at)}' if waits.dismissed_at else ''}."
    ]


def buttons(incident: Incident) -> list[InteractiveElement]:
    """What can be pressed now; nothing once its alerts are over."""
    waits = incident.triage
    if waits is None or incident.status != "triage" or not incident.firing:
        return []
    ref = value(incident)
    row = [button("Open", "triage.open", ref)]
    if not waits.dismissed_by:
        row.append(button("Not now", "triage.dismiss", ref))
    if waits.muted_until is None:
        row.append(button("Mute for 1 h", "triage.mute", ref))
    return row


def _small_print(incident: Incident, workplace: Workplace) -> list[str]:
    """How often, since when, and why nobody was called."""
    alerts = incident.alerts - incident.reports
    count = [f"{many(alerts)} alert{'s' if alerts != 1 else ''}"] if alerts or not incident.reports else []
    count += [line[:1].lower() + line[1:] for line in reported(incident)]
    parts = [f"{incident.key}: {', '.join(count)} since {on(incident.began)}"]
    if incident.status == "triage" and incident.firing:
        parts.append("nobody has opened it, and nobody was called")
    if incident.route and not incident.private:
        parts.append(f"route “{said(incident.route, 60)}”")
    if workplace.sandbox:
        parts.append("synthetic data")
    return parts
