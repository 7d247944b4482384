"""How many incidents alerts may open in a short time: what comes after those goes together into one.

A rule that names the wrong label, or a whole site that goes away, is thousands of services at once. Thousands of
channels help nobody and take Slack hours; nothing is lost where they are one incident, off which a person splits
what is a matter of its own. What has to stay private comes together apart from the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import Connection

from bot.alerts.alert import Alert
from bot.alerts.routing import MANY_SERVICES, SAFETY, Routed
from bot.service.belonging import Pairs, place_of
from bot.service.opening import Beginning
from bot.store import groups, incidents
from bot.store.alerts import Key, Received

#: the service that an incident of many services is said to be about
MANY = MANY_SERVICES
WITHIN = timedelta(minutes=10)
_OPEN, _PRIVATE = (MANY, "generic"), (MANY, SAFETY)


class Crowd:
    """What one commit may begin; ``found`` is what the groups of many services hold, locked.

    What opens and what is only announced are counted apart: a flood of warnings takes no channel from what is worse.
    """

    def __init__(self, connection: Connection, now: datetime, *, most: int, places: int) -> None:
        """``places`` may want an incident each. Held: the locks of their groups."""
        begun = incidents.begun(connection, since=now - WITHIN, most=2 * most) if places else (0, 0)
        self._left = {"opens": most - begun[0], "waits": most - begun[1]}
        full = min(self._left.values()) < places
        self.found = groups.lock(connection, (_OPEN, _PRIVATE)) if full else {}
        self._together: dict[groups.Key, list[tuple[Alert, Received]]] = {_OPEN: [], _PRIVATE: []}

    def begins(self, these: Pairs, about: Mapping[Key, Routed]) -> bool:
        """Whether these begin an incident of their own; else they are among those ``together``."""
        how = "opens" if any(about[alert.key].opening.how == "now" for alert, _ in these) else "waits"
        if self._left[how] > 0:
            self._left[how] -= 1
            return True
        for pair in these:
            routed = about[pair[0].key]
            place = _PRIVATE if routed.private or routed.failure_mode == SAFETY else _OPEN
            self._together[place].append(pair)
        return False

    def together(self) -> list[tuple[groups.Key, Pairs]]:
        """What opens nothing of its own, by the group that it is in."""
        return [(place, these) for place, these in self._together.items() if these]


def of_many(beginning: Beginning, place: groups.Key) -> Beginning:
    """The same beginning, about all of them: no route of one of its alerts says how the others are walked."""
    service, mode = place
    about = Routed(
        service=service, failure_mode=mode, severity=beginning.about.severity, private=mode == SAFETY
    )  # fmt: skip
    text = "More services have alerts than get an incident each: the rest come together here"
    return replace(
        beginning, title="Alerts of many services at once", about=about, labels={"service": service}, alert_name="",
        alert_text=text, alert_url="",
    )  # fmt: skip


def by_place(arrived: Pairs, *, worst_first: bool) -> list[tuple[groups.Key, Pairs]]:
    """What arrived by its group, in the order of their names; or the worst first."""
    found: dict[groups.Key, list[tuple[Alert, Received]]] = {}
    for pair in arrived:
        found.setdefault(place_of(pair[1]), []).append(pair)
    return sorted(found.items(), key=lambda one: _urgency(*one) if worst_first else ("", one[0]))


def _urgency(place: groups.Key, these: Pairs) -> tuple[str, groups.Key]:
    """What nobody said anything of goes with the worst."""
    return min((row.severity or "SEV1" for _, row in these), default="SEV9"), place
