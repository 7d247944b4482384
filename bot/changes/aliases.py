"""Aliases of a model registry: which models are looked at for which services, and what moved between two looks.

A registry says which version an alias names now and keeps no history, so what moved is found by looking again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from bot.changes.change import Change, name_of, plain
from bot.runbooks.service import Model, Service

if TYPE_CHECKING:  # the configuration reads what stands here
    from bot.config.settings import Connector

#: the kinds of connectors that have aliases
KINDS = ("mlflow",)


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """One model of a ``registry`` (a connector). ``serves`` is service -> the alias of what serves, or nothing.

    ``page`` is where people see the model.
    """

    registry: str
    model: str
    serves: Mapping[str, str]
    page: str = ""

    @property
    def name(self) -> str:
        """``mlflow/fraud``."""
        return f"{self.registry}/{self.model}"


def watched(services: Mapping[str, Service], connectors: Mapping[str, Connector]) -> tuple[Watched, ...]:
    """Every model that the catalogue names, or a registry's connector, each once."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for service in services.values():
        for model in models_of(service, connectors):
            found.setdefault((model.registry, model.name), {})[service.name] = model.alias
    for name, connector in connectors.items():
        for service_name, model_name in connector.services.items() if connector.kind in KINDS else ():
            found.setdefault((name, model_name), {}).setdefault(service_name, "")
    return tuple(
        Watched(registry=registry, model=model, serves=serves, page=_page(connectors[registry], model))
        for (registry, model), serves in found.items()
    )


def models_of(service: Service, connectors: Mapping[str, Connector]) -> Iterator[Model]:
    """The service's models with their registries; without those whose registry is none that has aliases."""
    registered = service.versions
    if registered is not None and _kind(registered.registry, connectors):
        yield Model(name=registered.name, registry=registered.registry, alias=registered.alias)
    for model in service.models:
        registry = registry_of(model, service, connectors)
        same = registered is not None and (registered.registry, registered.name) == (registry, model.name)
        if _kind(registry, connectors) and not (same and not model.alias):
            yield msgspec.structs.replace(model, registry=registry)


def registry_of(model: Model, service: Service, connectors: Mapping[str, Connector]) -> str:
    """The registry that the model names, else that of the service's versions, else the only one; or nothing."""
    if model.registry or service.versions is not None:
        return model.registry or (service.versions.registry if service.versions else "")
    known = [name for name in connectors if _kind(name, connectors)]
    return known[0] if len(known) == 1 else ""


def moves(
    one: Watched, before: Mapping[str, str], now: Mapping[str, str], *, at: datetime, since: str
) -> list[Change]:
    """The changes between two looks, each for every service that answers with the model. ``at`` is the second look.

    ``since`` says when the first was, where that is long ago. Only a move of the alias of what serves says what was
    there before: that is the version to go back to. Where no alias is said to serve, that is the only one there is.
    """
    only = len(before.keys() | now.keys()) == 1
    found = []
    for alias in sorted(before.keys() | now.keys()):
        old, new = before.get(alias, ""), now.get(alias, "")
        if old == new:
            continue
        for service, serving in one.serves.items():
            told = alias == serving or (not serving and only)
            found.append(
                Change(
                    service=service, at=at, kind="alias", version=plain(new), previous=plain(old) if told else "",
                    url=f"{one.page}/versions/{new}" if one.page and new else one.page,
                    about=f"{plain(alias, 100)}{f', some time since {since}' if since else ''}",
                    source=one.registry, external=name_of(service, f"{one.model}@{alias}", old, new, at.isoformat()),
                )
            )  # fmt: skip
    return found


def _kind(name: str, connectors: Mapping[str, Connector]) -> bool:
    return name in connectors and connectors[name].kind in KINDS


def _page(connector: Connector, model: str) -> str:
    """MLflow's own page of the model, if its name is one that needs no escaping."""
    plain_name = model.replace("-", "").replace("_", "").replace(".", "").isalnum()
    return f"{connector.url.rstrip('/')}/#/models/{model}" if plain_name else ""
