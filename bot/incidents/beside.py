"""What the head knows of the other tool: how its incident stands, and into which of its channels ours was asked."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.incidents.acting import State

#: so many channels are asked in; who opens more of them for one trouble is not answered by more questions
MOST_ASKED = 5
#: so often the tool's incident may end and go on again before people hear no more of it
MOST_TURNS = 10


class AskedInto(State, frozen=True):
    """In ``channel`` it was asked whether the incident goes on there. ``declined_by``: who said no."""

    channel: str
    name: str = ""
    tool: str = ""
    url: str = ""
    declined_by: str = ""


class Turn(State, frozen=True):
    """The tool's incident ended, or went on again, ``at`` a time of its clock. ``kept_by`` says that ours goes on."""

    state: Literal["going", "over"]
    at: datetime
    word: str = ""
    kept_by: str = ""


class Theirs(State, frozen=True):
    """How the tool's incident stands, as last said at ``said_at`` by its own clock; None: it has said nothing."""

    state: Literal["going", "over"] = "going"
    said_at: datetime | None = None
    severity: str = ""
    turns: tuple[Turn, ...] = ()

    @property
    def proposes(self) -> bool:
        """Whether the tool's incident is over and nobody said that ours is not."""
        last = self.turns[-1] if self.turns else None
        return self.state == "over" and last is not None and last.state == "over" and not last.kept_by
