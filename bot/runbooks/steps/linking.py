"""The incident's address is written to Grafana and PagerDuty; looked for first, so that it is there once.

Nothing that came from outside is written: the incident's name and its address, no title.
"""

from __future__ import annotations

import re

from bot.connectors import Connectors
from bot.errors import SourceUnavailable
from bot.incidents import events as ev
from bot.incidents.agenda import Work
from bot.incidents.incident import Incident
from bot.incidents.links import PAGERDUTY_INCIDENT

_DASHBOARD = re.compile(r"/d(?:-solo)?/([A-Za-z0-9_-]{1,64})(?:[/?]|$)")
_PANEL = re.compile(r"[?&](?:viewPanel|panelId)=(?:panel-)?(\d{1,9})(?:&|$)")


class Linking:
    """Carries out ``link``. ``installation`` tells marks apart; ``address`` is where people reach our pages."""

    def __init__(self, *, connectors: Connectors, installation: str, address: str) -> None:
        self._connectors = connectors
        self._installation = installation
        self._address = address.rstrip("/")

    async def __call__(self, incident: Incident, work: Work) -> tuple[ev.AnyEvent, ...]:
        """``LinkedBack``, with the reason if it could not be done."""
        kind, _, name = work.step.partition(":")
        try:
            await (self._grafana if kind == "grafana" else self._pagerduty)(incident, name)
        except SourceUnavailable as error:
            return (ev.LinkedBack(to=work.step, because=str(error)),)
        return (ev.LinkedBack(to=work.step),)

    async def _grafana(self, incident: Incident, name: str) -> None:
        grafana = self._connectors.grafana(name)
        tags = ("evenkeel", f"{self._installation}/{incident.key}")
        if await grafana.annotated(tags):
            return
        dashboard, panel = place_of(incident.alert_url)
        await grafana.annotate(self._text(incident), tags=tags, at=incident.began, dashboard=dashboard, panel=panel)

    async def _pagerduty(self, incident: Incident, name: str) -> None:
        there, text = incident.labels[PAGERDUTY_INCIDENT], self._text(incident)
        pagerduty = self._connectors.pagerduty(name)
        if text not in await pagerduty.notes(there):
            await pagerduty.note(there, text)

    def _text(self, incident: Incident) -> str:
        return f"{incident.key} in Evenkeel: {self._address}/incidents/{incident.key}"


def place_of(url: str) -> tuple[str, int | None]:
    """The dashboard and the panel that an address of Grafana leads to; "" and None if to none."""
    dashboard, panel = _DASHBOARD.search(url), _PANEL.search(url)
    return (dashboard[1] if dashboard else ""), (int(panel[1]) if dashboard and panel else None)
