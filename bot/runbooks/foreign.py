"""Which values of arguments belong to which other service, by the catalogue: an action must not reach them unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.runbooks.schema import Action
from bot.runbooks.service import Service

#: Arguments that say where, not what: services share them.
_SHARED = frozenset({"environment", "env", "region", "namespace", "project"})


def foreign(service: Service | None, services: Mapping[str, Service]) -> dict[str, str]:
    """``{"flag=payments-model": "payments"}``: what the actions of other services send and those of ``service`` do
    not. Values with ``{{ }}`` are nobody's. A service's name belongs to it under any of these arguments."""
    own = set(_sent(service)) if service is not None else set()
    found: dict[str, str] = {}
    for name, other in services.items():
        if service is not None and name == service.name:
            continue
        for sent in _sent(other):
            if sent not in own:
                found.setdefault(sent, name)
        found.setdefault(f"service={name}", name)
    return found


def _sent(service: Service) -> Iterator[str]:
    for action in service.actions.values():
        yield from _constants(action)


def _constants(action: Action) -> Iterator[str]:
    for arguments in (action.arguments, *(one.arguments for one in action.also)):
        for key, value in arguments.items():
            if isinstance(value, str) and "{{" not in value and key not in _SHARED:
                yield f"{key}={value}"
