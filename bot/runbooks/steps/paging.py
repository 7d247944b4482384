"""Rings: a pager is called, and quieted once nobody has to be called any more.

The key that a pager gets is the same however often a call is repeated: after a crash it is simply made again.
"""

from __future__ import annotations

from bot.connectors import Connectors
from bot.connectors.pager import Page
from bot.errors import SourceUnavailable
from bot.incidents import events as ev
from bot.incidents.agenda import Work
from bot.incidents.agenda.paging import quiet_as, rung_of
from bot.incidents.events.paging import IN_SLACK
from bot.incidents.incident import Incident
from bot.incidents.paging import Call
from bot.runbooks.steps.people import Directory, see_on_call
from bot.runbooks.steps.wording import version


class Calling:
    """Carries out what the agenda asks for about people: ``oncall``, ``page`` and ``hush``.

    ``installation`` tells the keys of several installations apart; ``address`` is where people reach the pages.
    """

    def __init__(self, *, connectors: Connectors, directory: Directory, installation: str, address: str) -> None:
        self._connectors = connectors
        self._directory = directory
        self._installation = installation
        self._address = address.rstrip("/")

    async def __call__(self, incident: Incident, work: Work) -> tuple[ev.AnyEvent, ...]:
        """What the work came to; nothing if nobody has to be called any more."""
        if work.kind == "oncall":
            return await see_on_call(
                incident, work.step, connectors=self._connectors, directory=self._directory
            )  # fmt: skip
        return await (self._page if work.kind == "page" else self._hush)(incident, work.step)

    async def _page(self, incident: Incident, key: str) -> tuple[ev.AnyEvent, ...]:
        found = rung_of(incident, key)
        if found is None or found[1] == IN_SLACK:
            return ()
        rung, pager = found
        call, level = rung.call, rung.level
        dedup = f"{call.what}/{call.step or '-'}/{call.attempt}/{level.number}"
        page = Page(
            key=self._key(incident, dedup), summary=summary(incident, call), incident=incident.key,
            service=incident.service, severity=incident.severity, link=f"{self._address}/incidents/{incident.key}",
        )  # fmt: skip
        because = ""
        try:
            await self._connectors.pager(pager).page(page)
        except SourceUnavailable as error:
            because = str(error)
        paged = ev.Paged(
            what=call.what, step=call.step, attempt=call.attempt, level=level.number, round=rung.round, how=pager,
            to=level.people, names=level.names, because=because,
        )  # fmt: skip
        return (paged,)

    async def _hush(self, incident: Incident, key: str) -> tuple[ev.AnyEvent, ...]:
        page = incident.pages.get(key)
        outcome = quiet_as(incident, page) if page is not None else None
        if page is None or outcome is None:
            return ()
        because = ""
        try:
            resolved = outcome == "resolved"
            await self._connectors.pager(page.how).quiet(self._key(incident, page.dedup), resolved=resolved)
        except SourceUnavailable as error:
            because = str(error)
        quieted = ev.PagerQuieted(
            what=page.what, step=page.step, attempt=page.attempt, level=page.level, how=page.how, outcome=outcome,
            because=because,
        )  # fmt: skip
        return (quieted,)

    def _key(self, incident: Incident, dedup: str) -> str:
        return f"{self._installation}/{incident.key}/{dedup}"


def summary(incident: Incident, call: Call) -> str:
    """``SEV2 fraud-scorer: rollback to v41 needs a yes (INC-1)``: what a telephone reads out; of a private one only
    how bad it is."""
    if incident.private:  # whoever reads along at the pager need not belong to it
        return f"{incident.severity or 'SEV?'} {incident.key}: private; its page says more"
    what = {
        "opening": incident.alert_name or incident.title,
        "help": "a responder asks for help",
        "approval": _asked(incident, call),
        "breach": f"the budget of {call.step.replace('-', ' ').replace('_', ' ')} is used up",
    }[call.what]
    return f"{incident.severity or 'SEV?'} {incident.service}: {what} ({incident.key})"


def _asked(incident: Incident, call: Call) -> str:
    action = incident.state(call.step).action
    name = call.step.replace("-", " ").replace("_", " ")
    to = f" to {version(action.target)}" if action is not None and action.target else ""
    return f"{'undo of ' if action is not None and action.undo else ''}{name}{to} needs a yes"
