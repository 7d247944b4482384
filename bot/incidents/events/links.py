"""The incident's address is written to where its alert came from."""

from __future__ import annotations

from bot.incidents.events.event import Event


class LinkedBack(Event, frozen=True):
    """``to`` is one of the opening's ``links``. ``because``: why the address could not be written there."""

    to: str
    because: str = ""
