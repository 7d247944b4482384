"""Whether earlier versions could serve at once."""

from __future__ import annotations

from bot.incidents.events.event import Event


class ReadinessSeen(Event, frozen=True):
    """Which versions are ready to serve, the newest first; ``because``: why nobody can tell."""

    ready: dict[str, bool] = {}
    because: str = ""
