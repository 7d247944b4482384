"""What the controller asks to carry out work; the steps are behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.incidents import events as ev
from bot.incidents.agenda import Work
from bot.incidents.incident import Incident

#: Puts the start of an action, or of a further call of it, into the log before the call is made.
Begin = Callable[[ev.ActionStarted | ev.CallStarted], Awaitable[None]]


class Runner(Protocol):
    """Carries out one piece of work; its events are the result.

    ``begin`` has to be awaited before anything outside is changed: it puts ``ActionStarted`` into the log, and
    raises if the approval or the lease no longer stands.
    """

    async def __call__(
        self, incident: Incident, work: Work, *, lease_no: int, begin: Begin
    ) -> tuple[ev.AnyEvent, ...]:
        """The events that the work came to."""
