"""When the channel of an incident that is over may be archived, and what became of it. Pure.

Slack lets no bot take a channel out of the archive: an incident that is reopened after that gets a new channel.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.incidents.acting import State

if TYPE_CHECKING:
    from bot.incidents.incident import Incident

#: so long before it goes its people are told; half the time if that is less
NOTICE = timedelta(days=1)
OVER = ("resolved", "cancelled", "merged")


class Archiving(State, frozen=True):
    """``after`` is how long nobody may have written, in seconds; None: the channel stays.

    ``at`` is when it goes, said at ``told_at`` for the time number ``told``. ``archived`` are the channels that went,
    ``gone`` those that somebody took away; ``renewed`` is how often another one was opened because of that.
    ``because``: why nobody could look.
    """

    after: float | None = None
    at: datetime | None = None
    told: int = 0
    told_at: datetime | None = None
    because: str = ""
    archived: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    renewed: int = 0


def surface_of(channel: str) -> str:
    """The key of the surface that stands for the archiving of the channel."""
    return f"archive:{channel}"


def is_archived(incident: Incident) -> bool:
    """Whether nothing can be written any more where the incident lived: the channel is in the archive, or gone."""
    known = incident.archiving
    return bool(incident.channel) and incident.channel in (*known.archived, *known.gone)


def may_go(incident: Incident) -> bool:
    """Whether its channel may be archived one day.

    It stays while the incident is open or watched, under a legal hold, and where nobody may look who writes there. So
    does one of an incident that became private on its way: what it left behind is looked after from there.
    """
    known = incident.archiving
    over = incident.status in OVER and incident.watch is None
    ours = incident.place == "channel" and bool(incident.channel) and not is_archived(incident)
    wanted = known.after is not None and not known.because
    return wanted and over and ours and not incident.held and not incident.moves


def quiet_for(incident: Incident) -> timedelta:
    """How long nothing may have happened before it is announced that the channel goes."""
    after = timedelta(seconds=incident.archiving.after or 0.0)
    return after - notice_of(incident)


def notice_of(incident: Incident) -> timedelta:
    """How long before it goes that is announced."""
    return min(NOTICE, timedelta(seconds=incident.archiving.after or 0.0) / 2)
