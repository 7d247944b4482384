"""Any JSON: evenkeel.yaml says where to find what is needed; without it, the usual names of such things are tried.

What a field says is a JSONPath, or a text that counts as it stands. With ``each`` the body brings several alerts, and
the other paths begin at each of them.
"""

from __future__ import annotations

from typing import Any

import msgspec

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources import paths
from bot.alerts.sources.described import Found, Item, alert, demand_object, fields
from bot.alerts.sources.reading import decoded, demand_no_nul, may_hold_nul
from bot.alerts.sources.several import each
from bot.alerts.sources.signatures import verify_by_header
from bot.alerts.sources.source import Request, Source
from bot.errors import BadRequest

NAME = "generic"
SIGNATURE_HEADER = "x-signature"
DELIVERY_HEADER = "idempotency-key"
_CALLED = "what `sources: generic` describes"
_MOST_ALERTS = 10_000

_decoder = msgspec.json.Decoder(Any)


def verify(request: Request) -> None:
    """Raises ``Unauthenticated``. With a secret the signature counts and nothing else; without one, a token."""
    verify_by_header(request, header=SIGNATURE_HEADER)


def parse(request: Request) -> Batch:
    """The alerts of the request that can be read. Raises ``BadRequest`` if none can."""
    items, nul = _items(request), may_hold_nul(request.body)

    def read(_: int, item: Item) -> Alert:
        demand_object(item.whole, called=_CALLED)
        if nul:
            demand_no_nul(item.whole, called=_CALLED, place=item.place)
        return alert(item, request, source=NAME, called=_CALLED)

    return each(items[:_MOST_ALERTS], read, truncated=max(0, len(items) - _MOST_ALERTS))


def explained(request: Request) -> list[list[Found]]:
    """For each alert of the request what was found where: for whoever writes the mapping. Raises ``BadRequest``."""
    return [list(fields(item, request.settings)) for item in _items(request)]


def delivery(request: Request) -> str:
    """The header ``Idempotency-Key``, if the sender knows it."""
    return request.headers.get(DELIVERY_HEADER, "").strip()


def _items(request: Request) -> list[Item]:
    body = decoded(request.body, _decoder, called=_CALLED)
    paths.demand_small(body)
    if (path := request.settings.mapping.get("each")) is None:
        items = body if isinstance(body, list) else [body]
    else:
        items = paths.every(path, body, most=_MOST_ALERTS + 1)
        if not items and paths.looks_beside(path, body):
            raise BadRequest(f"not {_CALLED}: there is nothing at {path}, where `each` says that the alerts are")
    return [Item(whole=item, usual=item, place=f"alert {place}") for place, item in enumerate(items, start=1)]


SOURCE = Source(verify=verify, parse=parse, delivery=delivery)
