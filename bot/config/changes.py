"""Who may tell us of changes, and how often registries are asked: ``changes`` of evenkeel.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from bot.changes.aliases import KINDS, registry_of
from bot.changes.settings import ChangeSettings, Sender
from bot.config.connectors import unknown
from bot.config.secret import Secret
from bot.config.settings import Connector
from bot.runbooks.service import Service
from bot.yaml.reader import Section

#: no registry is asked more often than every so many seconds
SHORTEST_POLL = 10.0


def read_changes(section: Section, connectors: Mapping[str, Connector]) -> ChangeSettings:
    """What stands under ``changes``; repositories, environments and models of connectors count too."""
    unless_said = ChangeSettings()
    inner = section.section("changes", "'changes'")
    github = msgspec.structs.replace(
        unless_said.github,
        services=_services(_of_kind("github", connectors)),
        environments=tuple({one.environment: None for one in _of_kind("github", connectors) if one.environment})
        or unless_said.github.environments,
    )
    mlflow = msgspec.structs.replace(unless_said.mlflow, services=_services(_of_kind("mlflow", connectors)))
    if inner is None:
        return msgspec.structs.replace(unless_said, github=github, mlflow=mlflow)
    found = ChangeSettings(
        github=_sender(inner, "github", github, counts="environments"),
        argocd=_sender(inner, "argocd", unless_said.argocd),
        mlflow=_sender(inner, "mlflow", mlflow, counts="aliases"), poll=_poll(inner, unless_said.poll),
    )  # fmt: skip
    inner.close()
    return found


def wrong_models(service: Service, connectors: Mapping[str, Connector]) -> Iterator[str]:
    """What is wrong with the registries of the service's models."""
    for model in service.models:
        registry = registry_of(model, service, connectors)
        if registry and (message := unknown(registry, connectors)):
            yield message
        elif registry and model.registry and connectors[registry].kind not in KINDS:
            yield f"connector {registry!r} has no aliases; one of kind {', '.join(KINDS)} has"
        elif not registry and any(one.kind in KINDS for one in connectors.values()):
            yield f"which registry has {model.name!r}? write models: {{{model.name}: {{registry: NAME}}}}"


def _of_kind(kind: str, connectors: Mapping[str, Connector]) -> list[Connector]:
    return [one for one in connectors.values() if one.kind == kind]


def _services(connectors: Iterable[Connector]) -> dict[str, str]:
    return {service: there for one in connectors for service, there in one.services.items()}


def _sender(section: Section, key: str, unless_said: Sender, *, counts: str = "") -> Sender:
    """Whoever signs says under ``counts`` of what alone it tells."""
    inner = section.section(key)
    if inner is None:
        return unless_said
    services = inner.section("services", "'services'")
    named = {name: services.text(name, required=True) for name in services.keys()} if services else {}  # noqa: SIM118
    found = msgspec.structs.replace(unless_said, services={**unless_said.services, **named})
    if counts:
        only = tuple(inner.texts(counts)) or getattr(unless_said, counts)
        found = msgspec.structs.replace(found, secrets=_secrets(inner), **{counts: only})
    inner.close()
    return found


def _secrets(section: Section) -> tuple[Secret, ...]:
    found = section.texts("secrets", required=True)
    return tuple(Secret(secret) for secret in found)


def _poll(section: Section, unless_said: float | None) -> float | None:
    if "poll" in section and section.text("poll") == "never":
        return None
    found = section.optional_duration("poll")
    if found is not None and found < SHORTEST_POLL:
        section.problem("poll", f"'poll: {section.text('poll')}' is too often; 10s is the shortest, or 'never'")
        return unless_said
    return unless_said if found is None else found
