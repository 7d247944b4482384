"""What an incident keeps of the calls that went out, and of who was found on call."""

from __future__ import annotations

from datetime import datetime

from bot.incidents.acting import State
from bot.incidents.events.paging import IN_SLACK, CalledFor, Quieted


class OnCallState(State, frozen=True):
    """When it was last asked who is on call. ``tries`` counts the answers in a row that named nobody."""

    at: datetime
    because: str = ""
    tries: int = 0


class PageState(State, frozen=True):
    """One call. A pager that could not be reached has a reason in ``because``; ``tries`` counts how often."""

    what: CalledFor
    step: str
    attempt: int
    level: int
    round: int
    how: str
    at: datetime
    to: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    because: str = ""
    tries: int = 1
    quiet: Quieted | None = None
    quiet_because: str = ""
    quiet_tries: int = 0
    quiet_at: datetime | None = None

    @property
    def rang(self) -> bool:
        """Whether a pager took it."""
        return self.how != IN_SLACK and not self.because

    @property
    def dedup(self) -> str:
        """What the pager knows it by: the same for every round and every repetition."""
        return dedup_of(self)


def page_key(what: str, step: str, attempt: int, *, level: int, round_: int, how: str) -> str:
    """One call's key: the same call never has two."""
    return f"{what}:{step}:{attempt}:{level}:{round_}:{how}"


def dedup_of(page: PageState) -> str:
    """``approval/rollback/1/0``: the installation and the incident stand before it outside."""
    return f"{page.what}/{page.step or '-'}/{page.attempt}/{page.level}"
