"""Modals after the incident: how it was possible, and who does what until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.incidents.incident import Incident
from bot.slack.view.modals.frame import About, day, frame, one_of, somebody, text

#: In the select of whys: the impact itself.
IMPACT = "-"
_ROLES = {
    "latent": "Made it possible, long before", "trigger": "Set it off", "detection": "We saw it late",
    "response": "We were slowed down", "amplifier": "Made it worse", "mitigator": "Kept it from being worse",
}  # fmt: skip
_KINDS = {
    "prevent": "So that it cannot happen", "detect": "So that we see it sooner",
    "mitigate": "So that it hurts less", "process": "So that we work better together",
}  # fmt: skip


def why(incident: Incident, texts: Mapping[str, str], *, about: About) -> dict[str, Any]:
    """Asks how something was possible; ``texts`` are the answers so far, by their ids, to choose from."""
    parents = {IMPACT: "The incident itself"} | {w.why: texts.get(w.why, w.why) for w in incident.whys}
    latest = incident.whys[-1].why if incident.whys else IMPACT
    fields = [
        one_of("parent", "What does it explain?", parents, initial=latest if latest in parents else IMPACT),
        text("text", "How was that possible?", hint="What made it possible, never who. Several answers are good.",
             most=2000),
        one_of("role", "What part did it play?", _ROLES, initial="latent"),
    ]  # fmt: skip
    return frame("postmortem.why", f"{incident.key}: a why", fields, about=about)


def action_item(incident: Incident, *, about: About, today: date, owner: str = "") -> dict[str, Any]:
    """Asks what will be done, by whom, until when; two weeks from ``today`` to begin with."""
    fields = [
        text("text", "What will be done?", hint="Begin with a verb; say how one sees that it is done.", most=1000),
        somebody("owner", "Who owns it?", initial=owner or incident.lead),
        day("due", "Until when?", initial=(today + timedelta(days=14)).isoformat()),
        one_of("role", "What is it for?", _KINDS, initial="prevent"),
    ]
    return frame("postmortem.action", f"{incident.key}: action item", fields, about=about)
