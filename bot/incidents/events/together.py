"""Which alerts belong to the incident: one that flaps, all of them over, incidents that become one, or two."""

from __future__ import annotations

from bot.incidents.events.event import Event


class FlappingSeen(Event, frozen=True):
    """An alert ended and began again, over and over: it began ``times`` within an hour. Said once for each alert."""

    source: str
    fingerprint: str
    name: str = ""
    times: int = 0


class ResolveProposed(Event, frozen=True):
    """All alerts have been over for the quiet time: the card proposes to resolve."""


class AlertsHeldBack(Event, frozen=True):
    """An alert like the incident's fires, and ``why`` keeps it quiet: ``mute 3``; empty: none is any more."""

    why: str = ""


class KeptOpen(Event, frozen=True):
    """A person says that it is not over although no alert fires; nothing is proposed until alerts come and go."""


class IncidentMerged(Event, frozen=True):
    """``number`` goes on in this incident, with its alerts and its people."""

    number: int
    title: str = ""
    service: str = ""
    severity: str | None = None
    alerts: int = 0
    reports: int = 0  # how many of them were reported by people
    firing: int = 0
    people: tuple[str, ...] = ()  # Slack user ids


class MergedInto(Event, frozen=True):
    """This incident goes on as ``number``, in ``channel`` if that has one."""

    number: int
    channel: str = ""


class AlertsSplitOff(Event, frozen=True):
    """``count`` alerts are incident ``number`` from now on; ``firing`` of those that stay still fire."""

    number: int
    count: int
    reports: int = 0  # how many of them were reported by people
    fingerprints: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    firing: int = 0


class SplitFrom(Event, frozen=True):
    """The incident's alerts belonged to incident ``number`` before; a person said that they are another matter."""

    number: int


TogetherEvent = (
    FlappingSeen | ResolveProposed | AlertsHeldBack | KeptOpen | IncidentMerged | MergedInto | AlertsSplitOff
    | SplitFrom
)  # fmt: skip
