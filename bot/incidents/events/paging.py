"""Who is called: on call by name, paged in Slack and by pagers, reminded of what is overdue."""

from __future__ import annotations

from typing import Literal

from bot.incidents.events.event import Event

#: What somebody is called for: the incident's opening, a yes, or help.
CalledFor = Literal["opening", "approval", "help", "breach"]
Quieted = Literal["acknowledged", "resolved"]

#: ``how`` of a page that is a mention in Slack; anything else names a pager
IN_SLACK = "slack"


class OnCallSeen(Event, frozen=True):
    """Who is behind ``who`` (``oncall:NAME`` or ``group:ID``) now. ``because``: why nobody could be told."""

    who: str
    people: tuple[str, ...] = ()
    because: str = ""


class Paged(Event, frozen=True):
    """Somebody was called. ``because``: why the pager did not ring.

    ``attempt`` is the action's, or the number of the call for help; ``level`` 0 are those who are called first, the
    others the service's ``escalation``; ``round`` 2 is the second time for one level.
    """

    what: CalledFor
    step: str = ""
    attempt: int = 1
    level: int = 0
    round: int = 1
    how: str = IN_SLACK
    to: tuple[str, ...] = ()  # Slack user ids
    names: tuple[str, ...] = ()  # "oncall:ml-oncall"
    because: str = ""


class PagerQuieted(Event, frozen=True):
    """The pager's own incident was acknowledged or resolved; ``because``: why it was not."""

    what: CalledFor
    step: str = ""
    attempt: int = 1
    level: int = 0
    how: str = ""
    outcome: Quieted = "resolved"
    because: str = ""


class StepOverdue(Event, frozen=True):
    """The step's time is over: ``level`` 0 at its due time, 1 and 2 are those it is escalated to."""

    step: str
    attempt: int
    level: int
    to: tuple[str, ...] = ()  # Slack user ids


PagingEvent = OnCallSeen | Paged | PagerQuieted | StepOverdue
