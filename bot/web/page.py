"""What every page has in common: its templates, and headers that let it load nothing and run nothing."""

from __future__ import annotations

from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.incidents.incident import Incident
from bot.incidents.stamps import clock_on, draw_stamps

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class Page(HTMLResponse):
    """HTML of ours; whatever hostile text slipped into it could still do nothing."""

    def __init__(self, content: str, status_code: int = 200) -> None:
        super().__init__(content, status_code, headers=_HEADERS)


def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
    )
    templates.filters["stamps"] = lambda text, day: draw_stamps(text, clock_on(day))
    templates.globals["standing"] = _standing
    return templates


def _standing(incident: Incident) -> str:
    """Where it stands, in the words of Slack: nobody there reads "triage"."""
    if incident.status != "triage":
        return incident.status
    return "announced" if incident.triage is not None and incident.triage.announced else "held back"


_TEMPLATES = _templates()


def draw(name: str, **values: object) -> str:
    """The page ``name``; every value is escaped."""
    return _TEMPLATES.get_template(name).render(**values)
