"""Which versions could serve at once, as it was last seen. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.incidents.acting import State

#: The versions that a service keeps ready.
KEPT = 3
#: It is read again after so long: sooner while something is not ready or cannot be read, rarer with every try.
USUAL, SOON = timedelta(hours=1), timedelta(minutes=2)


class Readiness(State, frozen=True):
    """``ready`` by version, the newest first; ``because`` why nobody can tell. ``tries``: how often it was so."""

    at: datetime
    ready: dict[str, bool] = {}
    because: str = ""
    tries: int = 1

    @property
    def fine(self) -> bool:
        """Whether it could be read, and all versions are ready."""
        return not self.because and all(self.ready.values())

    @property
    def again_at(self) -> datetime:
        """When it is read again."""
        return self.at + (USUAL if self.fine else min(USUAL, SOON * 2 ** min(self.tries - 1, 8)))

    def of(self, version: str) -> bool | None:
        """Whether that version is ready; None if nobody said."""
        named = {bare(name): ready for name, ready in self.ready.items()}
        return named.get(bare(version))


def bare(name: str) -> str:
    """``42`` for ``v42``; any other name as it is."""
    return name[1:] if name[:1] in "vV" and name[1:2].isdigit() else name
