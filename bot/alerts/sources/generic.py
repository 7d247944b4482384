"""Any JSON: evenkeel.yaml says where to find what is needed; without it, the usual names of such things are tried.

What a field says is a JSONPath, or a text that counts as it stands. With ``each`` the body brings several alerts, and
the other paths begin at each of them. Nothing but a title is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources import paths
from bot.alerts.sources.reading import fingerprint, labels, moment_or, read_json
from bot.alerts.sources.signatures import demand_recent, demand_signature
from bot.alerts.sources.source import Request, Source, SourceSettings
from bot.alerts.sources.tokens import demand_token
from bot.errors import BadRequest

NAME = "generic"
SIGNATURE_HEADER = "x-signature"
DELIVERY_HEADER = "idempotency-key"
_CALLED = "what `sources: generic` describes"
_MOST_ALERTS = 10_000
_LABEL = "labels."

#: field -> the keys where it is looked for if nothing is said about it
FIELDS: Mapping[str, tuple[str, ...]] = {
    "each": (),
    "title": ("title", "name", "alertname", "alert_name", "subject", "message"),
    "summary": ("summary", "description", "text", "body", "details", "message"),
    "url": ("url", "link", "html_url", "permalink"),
    "state": ("state", "status", "event_action", "action"),
    "external_id": ("external_id", "id", "alert_id", "event_id"),
    "dedupe_key": ("dedupe_key", "dedup_key", "fingerprint", "alias", "key", "incident_key"),
    "severity": ("severity", "priority", "level"),
    "service": ("service", "model", "application", "app"),
    "metric": ("metric", "metric_name", "monitor"),
    "starts_at": ("starts_at", "startsAt", "started_at"),
    "ends_at": ("ends_at", "endsAt", "ended_at", "resolved_at"),
    "labels": ("labels", "tags"),
}
#: fields whose values may be given a meaning
WITH_VALUES = ("state", "severity", "service", "metric")
#: states that mean that it is over
OVER = frozenset(
    {
        "resolved", "resolve", "ok", "closed", "close", "recovered", "recovery", "normal", "inactive", "healthy",
        "cleared", "clear", "done", "green", "success", "passed", "false",
    }
)  # fmt: skip

_decoder = msgspec.json.Decoder(Any)


class Found(msgspec.Struct, frozen=True):
    """What a field of an alert was found to be, and by what: a path, a key, or the text that stands there."""

    field: str
    by: str
    value: Any


def is_field(name: str) -> bool:
    """Whether the mapping may speak of it: a field, or ``labels.NAME``."""
    return name in FIELDS or (name.startswith(_LABEL) and len(name) > len(_LABEL))


def verify(request: Request) -> None:
    """Raises ``Unauthenticated``. With a secret the signature counts and nothing else; without one, a token."""
    settings = request.settings
    if not settings.secrets:
        return demand_token(request)
    given = request.headers.get(settings.signature_header or SIGNATURE_HEADER, "").strip().removeprefix("sha256=")
    if not settings.timestamp_header:
        return demand_signature(request, given=[given])
    stamp = request.headers.get(settings.timestamp_header, "")
    demand_signature(request, given=[given], message=stamp.encode(errors="replace") + b":" + request.body)
    return demand_recent(request, stamp=stamp)


def parse(request: Request) -> Batch:
    """The alerts of the request. Raises ``BadRequest``."""
    items = _items(request)
    alerts = tuple(_alert(item, request, place) for place, item in enumerate(items[:_MOST_ALERTS]))
    return Batch(alerts, truncated=max(0, len(items) - _MOST_ALERTS))


def explained(request: Request) -> list[list[Found]]:
    """For each alert of the request what was found where: for whoever writes the mapping. Raises ``BadRequest``."""
    return [list(_fields(item, request.settings)) for item in _items(request)]


def delivery(request: Request) -> str:
    """The header ``Idempotency-Key``, if the sender knows it."""
    return request.headers.get(DELIVERY_HEADER, "").strip()


def _items(request: Request) -> list[Any]:
    body = read_json(request.body, _decoder, called=_CALLED)
    paths.demand_small(body)
    if (path := request.settings.mapping.get("each")) is None:
        items = body if isinstance(body, list) else [body]
    else:
        items = paths.every(path, body, most=_MOST_ALERTS + 1)
    for item in items:
        if not isinstance(item, dict | list):
            raise BadRequest(f"not {_CALLED}: an alert is an object, not {msgspec.json.encode(item).decode()[:40]}")
    return items


def _fields(item: Any, settings: SourceSettings) -> Iterator[Found]:
    for field, keys in FIELDS.items():
        said = settings.mapping.get(field)
        if field == "each":
            continue
        if said is not None:
            yield Found(field, said, _at(said, item))
        elif isinstance(item, dict) and (key := next((key for key in keys if _is_there(item.get(key))), None)):
            yield Found(field, key, item[key])
    for field, said in settings.mapping.items():
        if field.startswith(_LABEL):
            yield Found(field, said, _at(said, item))


def _at(said: str, item: Any) -> Any:
    return paths.first(said, item) if said.startswith("$") else said


def _is_there(value: object) -> bool:
    return value is not None and value != ""


def _alert(item: Any, request: Request, place: int) -> Alert:
    found = {one.field: one.value for one in _fields(item, request.settings)}
    values = request.settings.values
    texts = {field: _text(value) for field, value in found.items()}
    for field in WITH_VALUES:
        texts[field] = _meaning(texts.get(field, ""), values.get(field, {}))
    title = texts.get("title") or texts.get("summary", "")
    if not title:
        where = request.settings.mapping.get("title") or ", ".join(FIELDS["title"])
        raise BadRequest(f"not {_CALLED}: alert {place + 1} has no title; it was looked for at {where}")
    status = _status(texts["state"])
    began, ended = (moment_or(found.get(field), request.at) for field in ("starts_at", "ends_at"))
    said = labels(
        {"alertname": title, "service": texts["service"], "severity": texts["severity"], "metric": texts["metric"]},
        {field.removeprefix(_LABEL): text for field, text in texts.items() if field.startswith(_LABEL)},
        found["labels"] if isinstance(found.get("labels"), dict) else {},
    )
    return Alert(
        source=NAME, fingerprint=_name(texts, said), status=status, name=title, starts_at=began,
        ends_at=ended if status == "resolved" else None, labels=said,
        annotations=labels({"external_id": texts.get("external_id", "")}), url=texts.get("url", ""),
        summary=texts.get("summary") or title, dated=_is_there(found.get("starts_at")) and began != request.at,
    )  # fmt: skip


def _name(texts: Mapping[str, str], said: Mapping[str, str]) -> str:
    key = texts.get("dedupe_key") or texts.get("external_id")
    if key:
        return fingerprint(key)
    return fingerprint(*(said.get(name, "") for name in ("alertname", "service", "metric")))


def _meaning(text: str, values: Mapping[str, str]) -> str:
    """What the configuration says that the text means; the text itself if it says nothing."""
    return next((meant for said, meant in values.items() if said.casefold() == text.casefold()), text)


def _status(state: str) -> Literal["firing", "resolved"]:
    return "resolved" if state.casefold() in OVER else "firing"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | str):
        return str(value).strip()
    return ", ".join(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else ""


SOURCE = Source(verify=verify, parse=parse, delivery=delivery)
