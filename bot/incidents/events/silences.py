"""The incident's alerts are silenced where they come from, for a while, and heard again."""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.incidents.events.event import Event


class Silenced(msgspec.Struct, frozen=True, omit_defaults=True):
    """One alert that is to be silent. ``labels`` are what it is silenced by; an empty value: it has no such label."""

    source: str
    fingerprint: str
    starts_at: datetime
    labels: dict[str, str]
    name: str = ""


class SilenceAsked(Event, frozen=True):
    """A person wants these alerts silent until then, at each of the ``connectors``; numbered from 1."""

    silence: int
    until: datetime
    alerts: tuple[Silenced, ...]
    connectors: tuple[str, ...]


class SilenceSet(Event, frozen=True):
    """The silences of ``connector`` are made, by their ids there; ``because``: why they are not."""

    silence: int
    connector: str
    ids: tuple[str, ...] = ()
    because: str = ""
    unknown: tuple[str, ...] = ()  # fingerprints of what does not fire there: another one sends it, or it ended


class SilenceLooked(Event, frozen=True):
    """Which of the silenced alerts did not fire at ``connector`` any more: nobody tells us while they are silent."""

    silence: int
    connector: str
    missing: tuple[str, ...] = ()  # fingerprints


class SilenceLiftAsked(Event, frozen=True):
    """A person wants to hear the alerts again."""

    silence: int


class SilenceEnded(Event, frozen=True):
    """The silences of ``connector`` are over before their time; ``because``: why they could not be ended."""

    silence: int
    connector: str
    because: str = ""


class SilenceParted(Event, frozen=True):
    """Some of the silenced alerts, by their place in it from 0, are incident ``number`` now: they are to be heard."""

    silence: int
    positions: tuple[int, ...]
    number: int


class SilenceFreed(Event, frozen=True):
    """The silences of these alerts are over at ``connector``; ``because``: why they could not be ended."""

    silence: int
    connector: str
    positions: tuple[int, ...] = ()
    because: str = ""


class SilenceOver(Event, frozen=True):
    """The silence ran out."""

    silence: int


SilenceEvent = (
    SilenceAsked | SilenceSet | SilenceLooked | SilenceLiftAsked | SilenceEnded | SilenceParted | SilenceFreed
    | SilenceOver
)  # fmt: skip
