"""How an incident begins: what the configuration says at that moment is pinned to it.

``Openings`` is pure: it makes the first events of a log from an alert or from what a person declared, and chooses the
runbook. A newer configuration or a newer runbook changes nothing for an incident that runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from bot.alerts.alert import Alert
from bot.alerts.personal import kept
from bot.alerts.routing import SAFETY, Routed, Rules, route
from bot.config import Settings
from bot.incidents import events as ev
from bot.incidents.commands.walking import Supplied
from bot.incidents.fold import worse
from bot.personal import Personal, without_addresses
from bot.runbooks.loading import Library
from bot.runbooks.matching import FALLBACK, choose
from bot.service.belonging import as_sent
from bot.service.linking import links_for
from bot.service.shelf import Shelf
from bot.store.received import Received

SLACK = "slack"
_MOST_IN_NAME = 80
_NO_TIME = datetime(1970, 1, 2, tzinfo=UTC)


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """An incident as a person declares it."""

    title: str
    service: str
    severity: str | None = None
    text: str = ""


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """What an incident begins with, whoever opened it."""

    title: str
    source: str
    about: Routed
    labels: dict[str, str] = {}
    alert_name: str = ""
    alert_text: str = ""
    alert_url: str = ""
    began_at: datetime | None = None
    team_id: str = ""
    waiting: ev.Waiting | None = None


class Openings:
    """The first events of incidents, by the configuration."""

    def __init__(self, settings: Settings, library: Library) -> None:
        self._settings = settings
        self.personal = Personal(settings.personal_fields)
        self.stock(library)

    def stock(self, library: Library) -> None:
        """New incidents, and commands from now on, get their runbooks from here."""
        self._library = library
        self.shelf = Shelf(self._settings, library)

    @property
    def rules(self) -> Rules:
        """How alerts are routed."""
        settings = self._settings
        return Rules(
            service_labels=settings.service_labels, failure_modes=settings.failure_modes,
            severity_labels=settings.severity_labels, default_severity=settings.default_severity,
            routes=settings.routes,
        )  # fmt: skip

    def stored(self, row: Received) -> Alert:
        """The alert of a row as it was sent first, without what is about persons."""
        return kept(as_sent(row), self.personal)

    def about(self, alert: Alert, row: Received) -> Routed:
        """What the routes say of it now; what it is about stays as it was when it was first seen."""
        found = route(alert, self.rules)
        return replace(found, service=row.service, failure_mode=row.failure_mode, severity=row.severity)

    def events(self, number: int, beginning: Beginning, attached: Sequence[ev.AnyEvent] = ()) -> list[ev.AnyEvent]:
        """``IncidentOpened``, then ``attached``, then the runbook if one fits."""
        about, service = beginning.about, self._settings.services.get(beginning.about.service)
        found, because, ties = self._runbook(beginning)
        runbook = found.runbook if found else None
        severity = about.severity or (runbook.severity_default if runbook else None)
        if runbook is not None and severity is not None:
            severity = worse(severity, runbook.severity_floor)
        owner = (service.owner if service else "") or (runbook.owner if runbook else "")
        private = about.private or about.failure_mode == SAFETY or (runbook is not None and runbook.confidential)
        opened = ev.IncidentOpened(
            number=number, title=beginning.title, service=about.service, failure_mode=about.failure_mode,
            source=beginning.source, team_id=beginning.team_id, severity=severity,
            waiting=beginning.waiting, route=about.route, announce_in=about.channel,
            channel_name=f"inc-{number}" if private else channel_name(number, about.service, beginning.title),
            owner=owner, private=private,
            tier=service.tier if service else None, dependencies=service.dependencies if service else (),
            experiments=service.experiments if service else (),
            consumers=service.consumers if service else (), audiences=service.stakeholders if service else (),
            invite=self._invite(owner, about.people), labels=beginning.labels, alert_name=beginning.alert_name,
            people={f"oncall:{name}": users for name, users in self._settings.oncall.items() if users},
            rotas={f"oncall:{name}": rota for name, rota in self._settings.rotas.items()},
            escalation=service.escalation if service else (), page=service.page if service else "",
            alert_text=beginning.alert_text, alert_url=beginning.alert_url, began_at=beginning.began_at,
            proposes_after=self._settings.propose_resolve_after, resolves_after=self._settings.resolve_after,
            archives_after=self._settings.archive_after,
            links=() if private else links_for(beginning.source, beginning.labels, self._settings.connectors),
            connected=service is not None and bool(service.metrics or service.compare),
        )  # fmt: skip
        pinned: list[ev.AnyEvent] = []
        if found is not None:
            pinned.append(ev.RunbookAttached(runbook=found.runbook, because=because, text=found.text))
        if ties:
            pinned.append(ev.RunbooksTied(runbooks=self.shelf.titles(ties)))
        return [opened, *attached, *pinned]

    def _invite(self, owner: str, named: Sequence[str] = ()) -> tuple[str, ...]:
        """Responders, who is on call for the owner, and whom the route names, each once; ``oncall:NAME`` as it is."""
        return tuple(dict.fromkeys((*self._settings.responders, *self._settings.oncall.get(owner, ()), *named)))

    def _runbook(self, beginning: Beginning) -> tuple[Supplied | None, str, tuple[str, ...]]:
        """The runbook in its long form, why it was chosen, and between which a person has to choose.

        A tie is not ours to break: until somebody does, the general one is walked.
        """
        about = beginning.about
        named = self.shelf.find(about.runbook, about.service) if about.runbook else None
        if named is not None:
            return named, f"the route “{about.route}” says so", ()
        match = choose(self._library, beginning.labels, about.failure_mode, about.severity)
        if match.ties:
            because = f"{' and '.join(match.ties)} fit equally well"
            return self.shelf.find(FALLBACK, about.service), because, match.ties
        if match.runbook is None:
            return None, "", ()
        known = match.runbook.head.id
        because = "no other runbook fits" if known == FALLBACK else f"fits {about.failure_mode}"
        return self.shelf.find(known, about.service), because, ()


def from_alerts(alerts: Sequence[tuple[Alert, Routed]]) -> Beginning:
    """What the severest of the alerts says, the earliest among those; it begins with the first of all.

    It is private if any of them is.
    """
    alert, about = min(alerts, key=lambda pair: (pair[1].severity or "SEV9", pair[0].starts_at))
    about = replace(about, private=any(one.private for _, one in alerts))
    title = alert.name or alert.summary or f"Alert for {about.service}"
    labels = {"alertname": alert.name} | alert.labels if alert.name else alert.labels
    return Beginning(
        title=title, source=alert.source, about=about, labels=labels, alert_name=alert.name,
        alert_text=alert.summary, alert_url=alert.url, began_at=began(alert.starts_at for alert, _ in alerts),
    )  # fmt: skip


def began(starts: Iterable[datetime]) -> datetime | None:
    """The first start; None if no sender gave one: what is left out is sent as the year 1, or as 1970."""
    return min((start for start in starts if start > _NO_TIME), default=None)


def channel_name(number: int, service: str, title: str) -> str:
    """``inc-1-fraud-scorer-model-recall-drop``: what Slack takes for a name, 80 characters at most."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", without_addresses(title))
    text = re.sub(r"[^a-z0-9]+", "-", f"inc-{number}-{service}-{words}".lower())
    return text[:_MOST_IN_NAME].strip("-")
