"""What ``evenkeel replay-alert`` prints: a request as it was received, what it becomes today, and what it brought."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from bot.alerts.alert import Alert
from bot.alerts.becoming import told
from bot.alerts.explaining import explained
from bot.cli.posting import post
from bot.cli.posting import told as taken
from bot.clock import SystemClock
from bot.config import Settings
from bot.config.files import read_settings
from bot.errors import BadRequest, Mistake
from bot.runbooks.loading import load_library
from bot.service import Service
from bot.service.opening import Openings
from bot.store import open_store
from bot.store.payloads import Payload


async def shown(environment: Mapping[str, str], number: int) -> str:
    """The request, and the alerts that are read of it with the configuration of today. ``Mistake``: there is none."""
    settings = read_settings(environment)
    store = open_store(settings.database_url, read_only=True)
    try:
        service = Service(store, settings=settings, library=load_library({}))
        payload = await service.requests.get(number)
        try:
            becomes = told(service.requests.read(payload), explain_with(settings))
        except BadRequest as error:
            becomes = f"Nothing: {error}\n"
    finally:
        store.close()
    return f"{_head(payload)}\n\n{_body(payload.body)}\n\nWhat it becomes today:\n\n{becomes}"


async def send(environment: Mapping[str, str], number: int, *, to: str | None) -> str:
    """What came of the request, which the program running at ``to`` (else PUBLIC_URL) took in again."""
    settings = read_settings(environment)
    if not settings.alert_tokens:
        raise Mistake("ALERT_TOKEN is not set here: it tells the running program that you may")
    address = f"{(to or settings.public_url).rstrip('/')}/requests/{number}"
    return taken(*await post(address, token=settings.alert_tokens[0]))


def explain_with(settings: Settings) -> Callable[[Alert], Sequence[str]]:
    """Says of an alert where it goes today, a line for each thing that is decided."""
    rules, now = Openings(settings, load_library({})).rules, SystemClock().now()
    return lambda alert: explained(alert, rules, windows=settings.maintenance, at=now)[1:]


def _head(payload: Payload) -> str:
    named = f", delivery {payload.delivery}" if payload.delivery else ""
    refused = "".join(letter if letter.isprintable() else " " for letter in payload.refused)
    why = f"\nRefused, or a part of it: {refused}" if refused else ""
    return f"Request {payload.id} of {payload.source}, received {payload.received_at:%Y-%m-%dT%H:%M:%SZ}{named}{why}"


def _body(body: str) -> str:
    try:
        return msgspec.json.format(body.encode(), indent=2).decode()
    except msgspec.DecodeError:
        return body
