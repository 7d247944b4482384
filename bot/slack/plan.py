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

from collections.abc import Mapping, Sequence
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
#: these are redrawn at most every ``redraw_floor`` in a storm
_FLOORED = frozenset({"message", "topic"})
#: so many redrawings may follow each other at once before that: who clicks wants to see it
AT_ONCE = 4

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
    only while this process brings the incident to rest; ``paced_to`` is until when its redrawings are spread.
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
    paced_to: datetime | None = None
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
    """The incident's channel; in a drawing without one, the thread under the message that heads it, which is the
    announcement unless another one says so. None: not there yet.
    """
    heads = {surface.key: standing_of(surface, standings) for surface in desired}
    channel = next((heads[surface.key] for surface in desired if surface.kind == "channel"), None)
    if channel is not None:
        return Home(channel.channel) if channel.there else None
    head = heads.get(next((surface.key for surface in desired if surface.heads), THREAD_HEAD))
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
    scene = _Scene(desired, standings)
    possible = [surface for surface in desired if not scene.refused(surface) and not scene.hopeless(surface)]
    intents = tuple(s for s in possible if s.kind in CREATING and scene.standing(s).state == "wanted")
    if intents:
        return Plan(intents=intents)
    calls: list[Call] = []
    wakes: list[datetime] = []
    crowded: set[str] = set()  # places where an earlier post is not there yet
    for surface in possible:
        act = scene.act(surface)
        in_line = act == "place" and surface.kind == "message" and not surface.yields and surface.place in crowded
        if surface.kind == "message" and not surface.yields and not scene.standing(surface).there:
            crowded.add(surface.place)
        if act is None or in_line or scene.waits(surface):
            continue
        due = scene.due(surface, redraw_floor)
        if due is not None and due > now:
            wakes.append(due)
        else:
            calls.append(Call(act, surface))
    return Plan(calls=tuple(calls), wake_at=min(wakes, default=None))


class _Scene:
    """What is desired beside how far it has come."""

    def __init__(self, desired: Sequence[Surface], standings: Mapping[str, Standing]) -> None:
        self._by_key = {surface.key: surface for surface in desired}
        self._standings = {surface.key: standing_of(surface, standings) for surface in desired}
        self._home = home(desired, standings)

    def standing(self, surface: Surface) -> Standing:
        """How far the surface has come."""
        return self._standings[surface.key]

    def refused(self, surface: Surface) -> bool:
        """Whether Slack will not have it as it is drawn now."""
        standing = self.standing(surface)
        return standing.state == "refused" and (standing.digest == surface.digest or standing.error == GONE)

    def hopeless(self, surface: Surface) -> bool:
        """Whether something that it cannot do without will not be there."""
        for key in surface.needs:
            need = self._by_key.get(key)
            if need is None or self.hopeless(need):
                return True
            if _depends(surface, need) and self.refused(need) and not self.standing(need).there:
                return True
        return False

    def waits(self, surface: Surface) -> bool:
        """Whether something has to be there first; a card that was refused keeps no other message waiting."""
        for key in surface.needs:
            need = self._by_key[key]
            if not (self.standing(need).there or (self.refused(need) and not _depends(surface, need))):
                return True
        return surface.place == INCIDENT and surface.kind != "channel" and self._home is None

    def act(self, surface: Surface) -> Act | None:
        """What it lacks, if anything."""
        standing = self.standing(surface)
        if standing.state == "asked":
            return "look"
        if not standing.there:
            return "place"
        if surface.kind == "pin" and self._moved(surface):
            return "place"
        if not surface.live or surface.kind in _ONCE or standing.digest == surface.digest:
            return None
        return "change"

    def due(self, surface: Surface, redraw_floor: timedelta) -> datetime | None:
        """Not before then; None: now."""
        standing = self.standing(surface)
        times = [standing.not_before]
        if standing.there and surface.kind in _FLOORED and standing.paced_to is not None:
            times.append(standing.paced_to - (AT_ONCE - 1) * redraw_floor)
        return max((time for time in times if time is not None), default=None)

    def _moved(self, pin: Surface) -> bool:
        """Whether the pinned message was posted anew."""
        message = self._standings.get(pin.content["message"])
        return message is not None and message.there and message.ts != self.standing(pin).ts


def paced(before: Standing, now: datetime, redraw_floor: timedelta) -> datetime | None:
    """``paced_to`` after one more call for the surface; the first drawing is not a redrawing."""
    return max(before.paced_to or now, now) + redraw_floor if before.there else None


def _depends(surface: Surface, need: Surface) -> bool:
    """Whether it cannot be there without the other one; else it only comes after it."""
    return need.kind == "channel" or need.heads or need.key == THREAD_HEAD or surface.kind == "pin"
