"""What is missing in Slack: desired minus placed, as calls. Pure.

Every surface has a ``Standing``, which goes through these states; the arrows are what the reconciler learns.

::

    wanted ──intent stored──> intended ──answer──> placed ──digest differs──> (changed in place)
      ^                        │   ^                 │
      │                        │   └─surely not done─┤
      │                 answer lost                  └──refused──> refused ──digest differs──> tried again
      │                        v
      └──looked, not there,── asked ──looked, there──> placed
         and settled

What people remove stays removed: ``plan`` compares with what was placed and never with Slack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from bot.slack.view.surface import INCIDENT, Surface

State = Literal["wanted", "intended", "asked", "placed", "refused"]
Act = Literal["place", "change", "look"]

#: placing these makes something new: an intent comes first, and no call is repeated without a look
CREATING = frozenset({"channel", "message", "bookmark"})
#: these stay as they were placed
_ONCE = frozenset({"channel", "bookmark"})
#: these are redrawn at most every ``redraw_floor``
_FLOORED = frozenset({"message", "topic"})

#: the message was gone when it should have been changed; posted once more, it is not posted a third time
GONE = "message_not_found"
#: the message in whose thread an incident without a channel lives
THREAD_HEAD = "announcement"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How far one surface has come.

    wanted: nothing is there or under way. intended: the intent is stored, no call was made. asked: a call may have
    been made, or may still run, whose answer nobody has. placed: it is there as ``digest`` says (empty: nobody knows
    as what). refused: Slack will not have it as ``digest`` says; ``ts`` if an older drawing is there.

    ``settled_from`` is since when no call of ours can have been started for an unanswered intent. ``extra`` is a
    bookmark's id, the people ever invited, or ``plan``'s marks on a message. ``not_before`` holds this one back, and
    only while this process brings the incident to rest.
    """

    key: str
    kind: str
    state: State = "wanted"
    intent_at: datetime | None = None
    settled_from: datetime | None = None
    channel: str = ""
    ts: str = ""
    name: str = ""
    extra: str = ""
    digest: str = ""
    error: str = ""
    redrawn_at: datetime | None = None
    not_before: datetime | None = None

    @property
    def there(self) -> bool:
        """Whether Slack shows it, be it in an older drawing."""
        return self.state == "placed" or (self.state == "refused" and bool(self.ts))


class Home(msgspec.Struct, frozen=True):
    """Where the incident lives: its channel, or a thread of another one."""

    channel: str
    thread_ts: str = ""


class Call(msgspec.Struct, frozen=True):
    """``place`` what is not there, ``change`` what is, ``look`` for what may be there."""

    act: Act
    surface: Surface


class Plan(msgspec.Struct, frozen=True):
    """What to do now, side by side; ``intents`` have to be stored before anything else is planned.

    ``wake_at`` is when the next call is due that has to wait.
    """

    intents: tuple[Surface, ...] = ()
    calls: tuple[Call, ...] = ()
    wake_at: datetime | None = None


def standing_of(surface: Surface, standings: Mapping[str, Standing]) -> Standing:
    """The surface's standing; a refused one whose drawing differs is wanted anew, unless people keep removing it."""
    standing = standings.get(surface.key) or Standing(key=surface.key, kind=surface.kind)
    again = standing.state == "refused" and standing.digest != surface.digest and standing.error != GONE
    if again and not standing.there:
        return msgspec.structs.replace(standing, state="wanted")
    return standing


def home(desired: Sequence[Surface], standings: Mapping[str, Standing]) -> Home | None:
    """The incident's channel; in a drawing without one, the thread under its announcement. None: not there yet."""
    heads = {surface.key: standing_of(surface, standings) for surface in desired}
    channel = next((heads[surface.key] for surface in desired if surface.kind == "channel"), None)
    if channel is not None:
        return Home(channel.channel) if channel.there else None
    head = heads.get(THREAD_HEAD)
    return Home(head.channel, head.ts) if head is not None and head.there else None


def plan(
    desired: Sequence[Surface],
    standings: Mapping[str, Standing],
    *,
    now: datetime,
    redraw_floor: timedelta = timedelta(0),
) -> Plan:
    """The calls that can be made now so that Slack shows ``desired``.

    Posts within one place come one after another, in the order of ``desired``; everything else comes at once.
    Calling again before an answer plans the same call again: whoever carries it out knows what is under way.
    """
    possible = tuple(_possible(desired, standings))
    intents = tuple(
        surface
        for surface in possible
        if surface.kind in CREATING and standing_of(surface, standings).state == "wanted"
    )
    if intents:
        return Plan(intents=intents)
    calls: list[Call] = []
    wakes: list[datetime] = []
    crowded: set[str] = set()
    for surface in possible:
        standing = standing_of(surface, standings)
        act = _act(surface, standing, standings)
        waits = _waits(surface, act, desired, standings, crowded)
        if surface.kind == "message" and not standing.there:
            crowded.add(surface.place)
        if act is None or waits:
            continue
        due = _due(surface, standing, redraw_floor)
        if due is not None and due > now:
            wakes.append(due)
        else:
            calls.append(Call(act, surface))
    return Plan(calls=tuple(calls), wake_at=min(wakes, default=None))


def _possible(desired: Sequence[Surface], standings: Mapping[str, Standing]) -> Iterator[Surface]:
    """Those that can be there at all: neither refused as they are, nor in need of one that cannot be there."""
    by_key = {surface.key: surface for surface in desired}

    def refused(surface: Surface) -> bool:
        standing = standing_of(surface, standings)
        as_it_is = standing.digest == surface.digest or standing.error == GONE
        return standing.state == "refused" and as_it_is

    def hopeless(key: str) -> bool:
        surface = by_key.get(key)
        if surface is None or (refused(surface) and not standing_of(surface, standings).there):
            return True
        return any(hopeless(need) for need in surface.needs)

    return (surface for surface in desired if not refused(surface) and not hopeless(surface.key))


def _act(surface: Surface, standing: Standing, standings: Mapping[str, Standing]) -> Act | None:
    """What the surface lacks, if anything."""
    if standing.state == "asked":
        return "look"
    if not standing.there:
        return "place"
    if surface.kind == "pin" and _moved(surface, standing, standings):
        return "place"
    if not surface.live or surface.kind in _ONCE or standing.digest == surface.digest:
        return None
    return "change"


def _moved(pin: Surface, standing: Standing, standings: Mapping[str, Standing]) -> bool:
    """Whether the pinned message was posted anew."""
    message = standings.get(pin.content["message"])
    return message is not None and message.there and message.ts != standing.ts


def _waits(
    surface: Surface,
    act: Act | None,
    desired: Sequence[Surface],
    standings: Mapping[str, Standing],
    crowded: set[str],
) -> bool:
    """Whether something else has to be there first."""
    if any(need not in standings or not standings[need].there for need in surface.needs):
        return True
    if surface.place == INCIDENT and surface.kind != "channel" and home(desired, standings) is None:
        return True
    return surface.kind == "message" and act == "place" and surface.place in crowded


def _due(surface: Surface, standing: Standing, redraw_floor: timedelta) -> datetime | None:
    times = [standing.not_before]
    if standing.there and surface.kind in _FLOORED and standing.redrawn_at is not None:
        times.append(standing.redrawn_at + redraw_floor)
    return max((time for time in times if time is not None), default=None)
