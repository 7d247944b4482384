"""Text and environment to ``Settings``, or every problem at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.config.attach import read_attach
from bot.config.changes import read_changes, wrong_models
from bot.config.connectors import REGISTRIES, misfit, names_used, read_connectors, unknown, wrong_arguments
from bot.config.environment import ReadSecret, from_environment, substitute
from bot.config.maintenance import read_maintenance
from bot.config.people import check_people, read_oncall, read_people
from bot.config.routes import read_routes
from bot.config.settings import (
    FAILURE_MODE_RULES,
    SEVERITY_LABELS,
    UPDATE_CADENCE,
    AudienceSettings,
    Connector,
    Settings,
)
from bot.config.sources import read_sources
from bot.errors import ConfigurationError
from bot.runbooks.matching import FailureModeRule
from bot.runbooks.reading import texts
from bot.runbooks.schema import FAILURE_MODES, SEVERITIES, Action, Compare, DoneWhen, Query
from bot.runbooks.service import Service, read_service
from bot.yaml.reader import Section
from bot.yaml.source import Problems, parse

#: no channel goes sooner, in seconds
SHORTEST_ARCHIVE = 3600.0
_CHANNEL = re.compile(r"#[^\s#@<>&]{1,80}|[CG][A-Z0-9]{6,}")
_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")


def load_settings(
    text: str | None, *, file: str, environment: Mapping[str, str], read_secret: ReadSecret
) -> Settings:
    """The settings of evenkeel.yaml's ``text`` (None: there is no file) and the environment.

    Raises ConfigurationError with every problem: ``file:line:column: message`` or ``environment: message``.
    """
    lines: list[str] = []
    found = from_environment(environment, lines)
    problems = Problems(file)
    node = parse(text, problems) if text is not None else None
    if node is not None:
        section = Section(substitute(node, environment, read_secret, problems), problems, "evenkeel.yaml")
        found |= read_configuration(section)
        section.close()
    if problems or lines:
        raise ConfigurationError(problems.lines + lines)
    return Settings(**found)


def read_configuration(section: Section) -> dict[str, Any]:
    """What evenkeel.yaml says, by the names of ``Settings``; every problem is noted in the section."""
    defaults = Settings()
    connectors = read_connectors(section)
    users, rotas = read_oncall(section, connectors)
    found: dict[str, Any] = {
        "installation": section.slug("installation", required=False) or defaults.installation,
        "command": _fitting(section, "command", _COMMAND, "a slash and small letters, as in /incident"),
        "incidents_channel": _own_channel(section, "incidents_channel"),
        "stakeholders_channel": _own_channel(section, "stakeholders_channel"),
        "allow_shared_channels": section.boolean("allow_shared_channels"),
        "invite_guests": section.boolean("invite_guests"),
        "responders": read_people(section, "responders"),
        "oncall": users,
        "rotas": rotas,
        "audiences": _audiences(section),
        "service_labels": section.texts("service_labels") or defaults.service_labels,
        "grouping_window": section.duration("grouping_window", defaults.grouping_window),
        "most_incidents": section.integer("most_incidents", defaults.most_incidents, minimum=1),
        "propose_resolve_after": section.duration("propose_resolve_after", defaults.propose_resolve_after),
        "resolve_after": section.optional_duration("resolve_after"),
        "archive_after": _archive_after(section),
        "default_severity": _severity(section, "default_severity"),
        "severity_labels": SEVERITY_LABELS | _severity_labels(section),
        "failure_modes": _failure_modes(section) + FAILURE_MODE_RULES,
        "sources": read_sources(section),
        "attach": read_attach(section),
        "routes": read_routes(section, channel=_channel, oncall=users),
        "maintenance": read_maintenance(section),
        "personal_fields": section.texts("personal_fields"),
        "keep_payloads": section.duration("keep_payloads", defaults.keep_payloads),
        "keep_changes": section.duration("keep_changes", defaults.keep_changes),
        "update_cadence": _cadence(section),
        "changes": read_changes(section, connectors),
        "connectors": connectors,
        "services": {},
    }
    _read_services(section, found)
    return {key: value for key, value in found.items() if value not in (None, "")}


def _read_services(section: Section, found: dict[str, Any]) -> None:
    for name, inner in section.sections("services", "service"):
        service = read_service(name, inner)
        found["services"][name] = service
        _check_connectors(service, inner, found["connectors"])
        check_people(service, inner, found["oncall"])


def _check_connectors(service: Service, section: Section, connectors: Mapping[str, Connector]) -> None:
    serving = [service.serving] if service.serving else []
    definitions: list[Query | Compare | Action | DoneWhen] = [*service.metrics.values(), *serving]
    definitions += [*service.compare.values(), *service.actions.values()]
    for name in dict.fromkeys(name for definition in definitions for name in names_used(definition)):
        if message := unknown(name, connectors):
            section.problems.add(section.find(name) or section.place, message)
    for definition in definitions:
        if message := misfit(definition, connectors):
            section.problems.add(section.find(getattr(definition, "source", "")) or section.place, message)
    for action in service.actions.values():
        for message in wrong_arguments(action, connectors):
            section.problems.add(section.find(action.call) or section.place, message)
    registry = service.versions.registry if service.versions else ""
    if registry and (message := unknown(registry, connectors)):
        section.problems.add(section.at("versions"), message)
    elif registry in connectors and connectors[registry].kind not in REGISTRIES:
        kinds = ", ".join(REGISTRIES)
        section.problems.add(section.at("versions"), f"connector {registry!r} lists no versions; one of {kinds} does")
    for message in wrong_models(service, connectors):
        section.problems.add(section.at("models"), message)


def _fitting(section: Section, key: str, pattern: re.Pattern[str], what: str) -> str:
    text = section.text(key)
    if text and not pattern.fullmatch(text):
        section.problem(key, f"'{key}: {text}' must be {what}")
    return text


def _channel(section: Section, key: str) -> str:
    return _fitting(section, key, _CHANNEL, 'a channel\'s name in quotes, as in "#ml-incidents", or its id')


def _archive_after(section: Section) -> float | None:
    """Half of it is how long people have after they were told."""
    found = section.optional_duration("archive_after")
    if found is not None and found < SHORTEST_ARCHIVE:
        section.problem("archive_after", "'archive_after' is shorter than an hour: nobody could say no in that time")
    return found


def _own_channel(section: Section, key: str) -> str:
    """A channel that has a default, which is not taken for one written without quotes: YAML sees a comment there."""
    if key in section and not section.text(key):
        section.problem(key, f'{key!r} is empty; a name that begins with # needs quotes, as in "#ml-incidents"')
    return _channel(section, key)


def _severity(section: Section, key: str) -> str | None:
    text = section.text(key)
    if text and text.upper() not in SEVERITIES:
        section.problem(key, f"'{key}: {text}' is not a severity; one of {', '.join(SEVERITIES)}")
    return text.upper() or None


def _severity_labels(section: Section) -> dict[str, str]:
    """What a severity label means, by the label in lower case."""
    return {label.lower(): severity for label, severity in _by_name(section, "severity_labels", _severity).items()}


def _by_name(section: Section, key: str, read: Callable[[Section, str], Any]) -> dict[str, Any]:
    inner = section.section(key)
    return {name: read(inner, name) for name in inner.keys()} if inner else {}  # noqa: SIM118


def _audiences(section: Section) -> dict[str, AudienceSettings]:
    found = {}
    for name, inner in section.sections("audiences", "audience"):
        inner.take("channel", required=True)
        found[name] = AudienceSettings(channel=_channel(inner, "channel"))
        inner.close()
    return found


def _cadence(section: Section) -> dict[str, float]:
    inner = section.section("update_cadence")
    if inner is None:
        return UPDATE_CADENCE
    found = {name: inner.duration(name, default) for name, default in UPDATE_CADENCE.items()}
    inner.close()
    return found


def _failure_modes(section: Section) -> tuple[FailureModeRule, ...]:
    found = []
    for node in section.items("failure_modes"):
        rule = Section(node, section.problems, "a failure mode rule")
        rule.take("match", required=True)
        match = rule.section("match", "'match'")
        patterns = {key: texts.patterns(match, key) for key in match.keys()} if match else {}  # noqa: SIM118
        mode = rule.one_of("failure_mode", FAILURE_MODES, required=True)
        rule.close()
        found.append(FailureModeRule(match=patterns, failure_mode=mode))
    return tuple(found)
