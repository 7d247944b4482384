"""Whether alerts open their incident: how it begins with them, and what those that join it change. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.alerts.routing import Opening, Routed
from bot.incidents import events as ev
from bot.incidents.incident import Incident
from bot.yaml.durations import spoken


def waiting(about: Sequence[Routed], *, window: float) -> ev.Waiting | None:
    """How an incident waits that begins with these alerts; None: it is open at once."""
    counted = _counted(about)
    if counted is not None and len(about) < counted.count:
        return ev.Waiting(announced=False, count=counted.count, within=counted.within, window=window)
    if counted is None and all(one.opening.how == "triage" for one in about):
        return ev.Waiting(window=window)
    return None


def _counted(about: Sequence[Routed]) -> Opening | None:
    """The smallest number that is enough; None if any of the alerts counts by itself."""
    openings = [one.opening for one in about]
    if any(opening.how != "after" for opening in openings):
        return None
    return min(openings, key=lambda opening: opening.count)


def stirred(head: Incident, about: Sequence[Routed]) -> list[ev.AnyEvent]:
    """What alerts change that have just joined ``head``: one that waits may be announced, or open."""
    waits = head.triage
    if head.status != "triage" or waits is None:
        return []
    loud = next((one for one in about if one.opening.how == "now"), None)
    if loud is not None:
        return [ev.TriageOpened(because=_because(loud))]
    if waits.count and waits.arrived >= waits.count:
        return [ev.TriageOpened(because=f"{waits.arrived} alerts within {spoken(waits.within)}")]
    if not waits.announced and any(one.opening.how == "triage" for one in about):
        return [ev.TriageAnnounced()]
    return []


def _because(loud: Routed) -> str:
    if loud.route:
        return f"an alert joined that the route “{loud.route}” opens"
    return f"a {loud.severity} alert joined" if loud.severity else "an alert joined, and nobody said how bad it is"
