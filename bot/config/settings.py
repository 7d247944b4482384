"""What can be set, with its default: the same ``Settings`` with and without an evenkeel.yaml.

Durations are seconds. Channels are a name with ``#`` or an id. People are ids of Slack users.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import msgspec

from bot.alerts.quiet import Window
from bot.alerts.routing import Route
from bot.alerts.sources.source import SourceSettings
from bot.changes.settings import ChangeSettings
from bot.config.secret import Secret
from bot.guests.settings import AttachSettings
from bot.incidents.rota import Rota
from bot.runbooks.matching import FailureModeRule
from bot.runbooks.service import Service

ConnectorKind = Literal[
    "prometheus", "graphite", "http", "evaluator", "mlflow", "unleash", "caddy", "github", "pagerduty", "opsgenie",
    "alertmanager", "grafana",
]  # fmt: skip
CONNECTOR_KINDS: tuple[ConnectorKind, ...] = get_args(ConnectorKind)

#: What an alert's ``severity`` label means. SEV1 is said by a person, or by the alert as SEV1 or P1.
SEVERITY_LABELS = {
    "sev1": "SEV1", "sev2": "SEV2", "sev3": "SEV3", "sev4": "SEV4", "critical": "SEV2", "page": "SEV2",
    "error": "SEV2", "high": "SEV2", "warning": "SEV3", "medium": "SEV3", "info": "SEV4", "low": "SEV4",
    "fatal": "SEV2", "warn": "SEV3", "debug": "SEV4",
    "p1": "SEV1", "p2": "SEV2", "p3": "SEV3", "p4": "SEV4", "p5": "SEV4",
}  # fmt: skip

#: How often stakeholders hear from us, by severity.
UPDATE_CADENCE = {"SEV1": 1200.0, "SEV2": 1800.0, "SEV3": 7200.0, "SEV4": 86400.0}


def _named(pattern: str, failure_mode: str) -> FailureModeRule:
    return FailureModeRule(match={"alertname": (f"~.*({pattern}).*",)}, failure_mode=failure_mode)


def _word(word: str) -> str:
    """A short word that must stand alone: ``AUC``, ``AucLow``, ``model_auc``, but not ``saucer``."""
    return f"{word.upper()}|{word.title()}(?![a-z])|(?<![a-zA-Z]){word}(?![a-z])"


#: Failure modes by the alert's name, asked in this order after the rules of evenkeel.yaml.
FAILURE_MODE_RULES = (
    _named("(?i:data.?quality)", "data-quality"),
    _named("(?i:toxic|harmful|jailbreak|guardrail|policy.?violation|unsafe)", "safety"),
    _named("(?i:slow.?degrad|stale.?model|model.?age)", "slow-degradation"),
    _named("(?i:bad.?release|after.?release|canary)", "bad-release"),
    _named(f"(?i:recall|accuracy|precision|quality|f1.?score|rmse)|{_word('auc')}|{_word('f1')}", "performance"),
    _named("(?i:latency|slow(?!.?degrad)|timeout)|[pP](50|90|95|99)", "latency"),
    _named(f"(?i:drift|missing|schema|feature|freshness|stale)|{_word('psi')}", "data-quality"),
    _named("(?i:cost|spend|budget|token)", "cost"),
    _named(f"(?i:error.?rate|errors|5xx|unavailable|crash)|{_word('down')}", "availability"),
)


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One call of an HTTP connector. Texts may hold ``{{ }}`` with the names of the call's arguments.

    ``value`` is an expression over ``body``, the JSON of the answer: the part of it that a reading is about.
    ``status`` are the statuses that mean success, any 2xx if there are none.
    """

    method: str
    path: str
    body: Any = None
    query: dict[str, str] = msgspec.field(default_factory=dict)
    value: str | None = None
    status: tuple[int, ...] = ()


class Connector(msgspec.Struct, frozen=True, kw_only=True):
    """One system that may be asked or called; nothing outside of ``url`` is ever reached through it.

    ``private`` lets the name in ``url`` lead to an address of a private network. An evaluator may have a ``folder``
    of predictions, and then no ``url``. ``services`` says what a service is called there, ``environment`` whose
    deployments count.
    """

    name: str
    kind: ConnectorKind
    url: str
    token: Secret | None = None
    headers: dict[str, Secret] = msgspec.field(default_factory=dict)
    timeout: float = 10.0
    private: bool = False
    folder: str = ""
    services: dict[str, str] = msgspec.field(default_factory=dict)
    environment: str = ""
    operations: dict[str, Operation] = msgspec.field(default_factory=dict)


class AudienceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where an audience is told."""

    channel: str


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is set. Secrets and places come from the environment, the rest from evenkeel.yaml."""

    bot_token: Secret | None = None
    signing_secret: Secret | None = None
    app_token: Secret | None = None
    slack_api_url: str = "https://slack.com/api/"
    database_url: Secret = Secret("sqlite:///evenkeel.db")
    alert_tokens: tuple[Secret, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"

    installation: str = "evenkeel"
    command: str = "/incident"
    incidents_channel: str = "#ml-incidents"
    stakeholders_channel: str = "#stakeholders"
    allow_shared_channels: bool = False
    invite_guests: bool = False
    responders: tuple[str, ...] = ()
    oncall: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    rotas: dict[str, Rota] = msgspec.field(default_factory=dict)
    audiences: dict[str, AudienceSettings] = msgspec.field(default_factory=dict)
    service_labels: tuple[str, ...] = ("service", "model", "job")
    grouping_window: float = 1800.0
    most_incidents: int = 100  # within ten minutes
    propose_resolve_after: float = 600.0
    resolve_after: float | None = None
    archive_after: float | None = None  # as nobody wrote in the channel
    default_severity: str | None = None
    severity_labels: dict[str, str] = msgspec.field(default_factory=lambda: dict(SEVERITY_LABELS))
    failure_modes: tuple[FailureModeRule, ...] = FAILURE_MODE_RULES
    routes: tuple[Route, ...] = ()
    maintenance: tuple[Window, ...] = ()
    attach: AttachSettings = AttachSettings()
    sources: dict[str, SourceSettings] = msgspec.field(default_factory=dict)
    personal_fields: tuple[str, ...] = ()
    keep_payloads: float = 30 * 86400.0
    keep_changes: float = 365 * 86400.0
    changes: ChangeSettings = ChangeSettings()
    update_cadence: dict[str, float] = msgspec.field(default_factory=lambda: dict(UPDATE_CADENCE))
    connectors: dict[str, Connector] = msgspec.field(default_factory=dict)
    services: dict[str, Service] = msgspec.field(default_factory=dict)

    @property
    def page_secret(self) -> str:
        """Of what the keys to private incidents' pages are made; every process of an installation has the same."""
        return self.signing_secret or self.app_token or self.bot_token or ""
