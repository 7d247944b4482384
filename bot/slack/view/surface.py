"""What an incident shows in Slack, as values: a surface is one thing with one key.

``view(incident, workplace)`` returns all of them, in the order in which a channel should receive them. The
reconciler compares their digests with what was placed; keys therefore never change their meaning.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal

import msgspec

#: Where a message goes when it goes where the incident lives: its channel, or its thread.
INCIDENT = "incident"


class Surface(msgspec.Struct, frozen=True):
    """One thing that the workspace should show.

    ``kind`` says which calls place it:

    =============  =====================================  =======================================
    kind           content                                calls
    =============  =====================================  =======================================
    ``channel``    ``name``, ``is_private``               ``conversations.create``
    ``message``    ``text``, ``blocks``                   ``chat.postMessage``, ``chat.update``
    ``members``    ``users`` (tuple of ids)               ``conversations.invite``
    ``topic``      ``topic``                              ``conversations.setTopic``
    ``pin``        ``message`` (key of a message)         ``pins.add``
    ``bookmark``   ``title``, ``link``                    ``bookmarks.add``
    ``name``       ``name``                               ``conversations.rename``
    ``emptied``    ``text``, ``blocks``, ``topic``        those of each message that is wanted no more
    ``archive``    nothing                                ``conversations.archive`` of the channel ``place``
    =============  =====================================  =======================================

    ``place`` is ``incident``, a configured channel (a name with ``#``, or an id), or the id of a person. ``needs``
    are the keys that have to be placed before this one. A surface that is not ``live`` is placed once and then left
    as it was. A message that ``yields`` keeps no other one waiting for its place in the channel. One that ``heads``
    is the message in whose thread the incident lives.
    """

    key: str
    kind: Literal["channel", "message", "members", "topic", "pin", "bookmark", "name", "emptied", "archive"]
    content: dict[str, Any]
    place: str = INCIDENT
    needs: tuple[str, ...] = ()
    live: bool = True
    yields: bool = False
    heads: bool = False

    @property
    def digest(self) -> str:
        """Changes when what should be shown changes."""
        body = msgspec.json.encode([self.kind, self.place, self.content], order="deterministic")
        return hashlib.sha256(body).hexdigest()[:16]


class Workplace(msgspec.Struct, frozen=True):
    """What the drawings need to know beside the incident; the same for all of them."""

    installation: str
    incidents_channel: str
    public_url: str
    command: str = "/incident"
    audiences: dict[str, str] = {}  # audience -> channel
    stakeholders_channel: str = "#stakeholders"
    sandbox: bool = False
    page_secret: str = ""  # of which the keys of private incidents' pages are made
