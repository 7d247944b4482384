"""The incident itself: opened, led, judged, noted, told, over."""

from __future__ import annotations

from datetime import datetime

from bot.incidents.events.event import Event
from bot.incidents.events.triage import Waiting
from bot.incidents.rota import Rota
from bot.runbooks.schema.experiment import Experiment


class IncidentOpened(Event, frozen=True):
    """An alert or a person opened the incident. What the configuration said then is pinned here."""

    number: int
    title: str
    service: str
    failure_mode: str
    source: str
    team_id: str = ""
    severity: str | None = None
    channel_name: str = ""
    owner: str = ""
    consumers: tuple[str, ...] = ()
    tier: int | None = None
    dependencies: tuple[str, ...] = ()  # the services whose changes may be its trouble
    experiments: tuple[Experiment, ...] = ()  # on its users, whether they run or not
    audiences: tuple[str, ...] = ()
    invite: tuple[str, ...] = ()  # Slack user ids, and oncall:NAME where somebody outside knows who that is
    people: dict[str, tuple[str, ...]] = {}  # "oncall:ml-oncall" -> Slack user ids
    rotas: dict[str, Rota] = {}  # "oncall:ml-oncall" -> where its people are found, and what rings
    escalation: tuple[str, ...] = ()  # who is called after those who are called first
    page: str = ""  # from which severity on the opening calls somebody: SEV2, never, or by whether a pager is there
    labels: dict[str, str] = {}
    alert_name: str = ""
    alert_text: str = ""
    alert_url: str = ""
    began_at: datetime | None = None  # when the alert says that it began
    private: bool = False  # only those in its channel may read of it
    waiting: Waiting | None = None  # nobody has opened it yet
    route: str = ""  # the route that says so; empty for the default
    announce_in: str = ""  # the channel where it is announced; empty for the usual one
    links: tuple[str, ...] = ()  # where the incident's address is written to: "grafana:NAME", "pagerduty:NAME"
    connected: bool = False  # whether any source of evidence is configured for the service
    proposes_after: float = 600.0  # seconds for which all alerts are over before the card proposes to resolve
    resolves_after: float | None = None  # seconds after which it is resolved unless somebody says no; None: never
    archives_after: float | None = None  # seconds after which the channel goes if nobody writes there; None: never


class AlertsAttached(Event, frozen=True):
    """Alerts joined the incident; one event for all that one commit brought."""

    count: int
    fingerprints: tuple[str, ...] = ()
    severity: str | None = None
    names: tuple[str, ...] = ()
    reports: int = 0  # how many of them were reported by people
    again: int = 0  # how many of them had been this incident's before, and fire again
    instead: int = 0  # how many that fired are these, begun anew: nobody said that they had ended


class AlertsResolved(Event, frozen=True):
    """Their source says that these alerts are over."""

    count: int
    fingerprints: tuple[str, ...] = ()
    firing: int = 0  # how many of the incident's alerts still fire


class Acknowledged(Event, frozen=True):
    """Somebody said "I'm on it"."""


class LeadChanged(Event, frozen=True):
    """``lead`` (a Slack user id) leads from now on."""

    lead: str


class SeverityChanged(Event, frozen=True):
    """The severity was set by a person, or raised by an alert."""

    severity: str
    reason: str = ""


class NoteAdded(Event, frozen=True):
    """Something a person wanted in the timeline. ``written_at`` is when it was said, ``author`` who said it."""

    text: str
    author: str = ""
    written_at: datetime | None = None
    message: str = ""  # "C1/171.2" for a message of Slack


class Resolved(Event, frozen=True):
    """A person says that the incident is over; the watch, if one runs, goes on."""

    summary: str = ""


class Reopened(Event, frozen=True):
    """It is not over: a relapse, or a person says so."""

    reason: str
    step: str | None = None


class Cancelled(Event, frozen=True):
    """It was a false alarm."""

    reason: str


class UpdatePublished(Event, frozen=True):
    """Stakeholders of ``audience`` are told ``text``."""

    audience: str
    text: str
    step: str | None = None


IncidentEvent = (
    IncidentOpened | AlertsAttached | AlertsResolved | Acknowledged | LeadChanged | SeverityChanged
    | NoteAdded | Resolved | Reopened | Cancelled | UpdatePublished
)  # fmt: skip
