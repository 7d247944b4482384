"""MLflow's webhook: an alias of a model that was set on another version, or taken away.

https://mlflow.org/docs/latest/ml/webhooks. It is signed as Standard Webhooks are, with the secret as it was typed.
For registries that cannot be asked: one that is (``aliases``) says the same, and what was there before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from bot.alerts.sources.reading import read_json
from bot.alerts.sources.signatures import demand_standard
from bot.alerts.sources.source import Request
from bot.changes.change import Change, moment, name_of, plain
from bot.changes.github import Heard
from bot.changes.settings import Sender

SOURCE = "mlflow"
_CALLED = "a webhook of MLflow"
_ALIAS = "model_version_alias"
_DONE = ("created", "deleted")


class _Alias(msgspec.Struct):
    name: str
    alias: str
    version: str | int = ""


class _Event(msgspec.Struct):
    entity: str
    action: str
    data: msgspec.Raw
    timestamp: datetime | None = None


_event = msgspec.json.Decoder(_Event)
_alias = msgspec.json.Decoder(_Alias)


def verify(request: Request) -> None:
    """Raises ``Unauthenticated`` unless one of the secrets signed it, and just now."""
    header = {name: request.headers.get(f"x-mlflow-{name}", "") for name in ("delivery-id", "timestamp", "signature")}
    demand_standard(
        request, delivery=header["delivery-id"], stamp=header["timestamp"], given=header["signature"],
        keys=[secret.encode() for secret in request.settings.secrets],
    )  # fmt: skip


def promoted(body: bytes, *, sender: Sender, polled: frozenset[str], now: datetime) -> Heard:
    """The alias that moved, of every service of its model; models that are ``polled`` tell it another way.

    Raises ``BadRequest`` for what cannot be read.
    """
    event = read_json(body, _event, called=_CALLED)
    if event.entity != _ALIAS or event.action not in _DONE:
        what = plain(f"{event.entity}.{event.action}", 80)
        return Heard(because=f"“{what}” moves no alias: choose “{_ALIAS}.created” and “.deleted”")
    told: Any = read_json(bytes(event.data), _alias, called=_CALLED, at="$.data")
    model, alias = plain(told.name), plain(told.alias, 100)
    if sender.aliases and alias not in sender.aliases:
        return Heard(because=f"the alias “{alias[:80]}” does not count here: see changes.mlflow.aliases")
    if model in polled:
        return Heard(because=f"the aliases of “{model[:80]}” are asked for here: see changes.poll")
    at = moment(event.timestamp, called=_CALLED, key="$.timestamp") or now
    version = plain(str(told.version)) if event.action == "created" else ""
    return Heard(
        tuple(
            Change(
                service=plain(service), at=at, kind="alias", version=version, about=alias, source=SOURCE,
                external=name_of(service, f"{model}@{alias}", version, at.isoformat()),
            )
            for service in sender.services_of(model)
        )
    )  # fmt: skip
