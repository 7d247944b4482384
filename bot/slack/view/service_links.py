"""The service's dashboard and other pages, as links."""

from __future__ import annotations

from contextlib import suppress

from bot.incidents.incident import Incident
from bot.incidents.walk import names
from bot.runbooks.filters import TemplateError
from bot.runbooks.templates import render
from bot.slack.view.text import link

MOST = 4


def service_links(incident: Incident) -> list[str]:
    """Those whose addresses can be built from what the incident knows."""
    found: list[str] = []
    for title, template in (incident.runbook.links if incident.runbook else {}).items():
        with suppress(TemplateError):
            found.append(link(render(template, names(incident), "url"), title))
    return [one for one in found if one][:MOST]
