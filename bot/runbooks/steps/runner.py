"""Carries out one piece of an agenda's work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.connectors import ChangesSince, Connectors
from bot.incidents import events as ev
from bot.incidents.agenda import Work
from bot.incidents.incident import Incident
from bot.runbooks.steps.action import Begin, act
from bot.runbooks.steps.archiving import Archiving
from bot.runbooks.steps.chart import draw
from bot.runbooks.steps.context import Compute, Context, Pictures
from bot.runbooks.steps.done import confirm, settle
from bot.runbooks.steps.jump import see_jump
from bot.runbooks.steps.linking import Linking
from bot.runbooks.steps.look_first import dry_run, read_first
from bot.runbooks.steps.measure import measure
from bot.runbooks.steps.outside import look_outside
from bot.runbooks.steps.paging import Calling
from bot.runbooks.steps.readiness import see_readiness
from bot.runbooks.steps.rehearse import rehearse
from bot.runbooks.steps.silencing import Silencing
from bot.runbooks.steps.versions import see_versions
from bot.runbooks.steps.watch import look


class StepRunner:
    """What the controller calls; holds what reaches the outside. ``now`` gives aware times.

    Without ``calling`` nobody is looked up and no pager rings, without ``pictures`` no chart is shown, without
    ``silencing`` nothing is silenced, without ``linking`` nothing links back, without ``archiving`` channels stay.
    """

    def __init__(
        self,
        *,
        connectors: Connectors,
        changes: ChangesSince,
        compute: Compute,
        now: Callable[[], datetime],
        calling: Calling | None = None,
        pictures: Pictures | None = None,
        silencing: Silencing | None = None,
        linking: Linking | None = None,
        archiving: Archiving | None = None,
    ) -> None:
        self._archiving = archiving
        self._linking = linking
        self._silencing = silencing
        self._calling = calling
        self._pictures = pictures
        self._connectors = connectors
        self._changes = changes
        self._compute = compute
        self._now = now

    async def __call__(
        self, incident: Incident, work: Work, *, lease_no: int, begin: Begin
    ) -> tuple[ev.AnyEvent, ...]:
        """The events that the work came to; none if the incident knows no such step."""
        if work.kind in ("oncall", "page", "hush"):
            return await self._calling(incident, work) if self._calling is not None else ()
        if work.kind in ("silence", "silence_look", "unsilence", "unsilence_some"):
            return await self._silencing(incident, work) if self._silencing is not None else ()
        if work.kind == "link":
            return await self._linking(incident, work) if self._linking is not None else ()
        if work.kind == "archive":
            return await self._archiving(incident) if self._archiving is not None else ()
        context = Context(
            incident=incident, now=self._now, connectors=self._connectors, changes=self._changes,
            compute=self._compute, lease_no=lease_no, pictures=self._pictures,
        )  # fmt: skip
        if work.kind == "versions":
            return await see_versions(context)
        if work.kind == "readiness":
            return await see_readiness(context)
        step = incident.runbook.step(work.step) if incident.runbook else None
        if step is None:
            return ()
        if work.kind == "act":
            return await act(context, step, begin)
        kinds = {
            "measure": measure, "confirm": confirm, "settle": settle, "look": look, "chart": draw, "jump": see_jump,
            "read": read_first, "rehearse": rehearse, "outside": look_outside, "dry_run": dry_run,
        }  # fmt: skip
        return await kinds[work.kind](context, step)
