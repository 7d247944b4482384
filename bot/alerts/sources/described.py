"""An alert out of JSON that evenkeel.yaml describes: each field by a JSONPath, by a text, or by its usual names.

For sources whose payloads everybody makes for themselves. Nothing but a title is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from bot.alerts.alert import Alert
from bot.alerts.sources import paths
from bot.alerts.sources.reading import fingerprint, labels, moment_or
from bot.alerts.sources.source import Request, SourceSettings
from bot.errors import BadRequest

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


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """What one alert is read from.

    Paths begin at ``whole``; the usual names are looked for in ``usual``; ``otherwise`` are fields that are known
    anyway. ``place`` names it in messages ("alert 2").
    """

    whole: Any
    usual: Any
    otherwise: Mapping[str, Any] = {}
    place: str = "the alert"


class Found(msgspec.Struct, frozen=True):
    """What a field of an alert was found to be, and by what: a path, a key, or the text that stands there."""

    field: str
    by: str
    value: Any


def is_field(name: str) -> bool:
    """Whether the mapping may speak of it: a field, or ``labels.NAME``."""
    return name in FIELDS or (name.startswith(_LABEL) and len(name) > len(_LABEL))


def fields(item: Item, settings: SourceSettings) -> Iterator[Found]:
    """Every field of which something is known."""
    usual = item.usual if isinstance(item.usual, dict) else {}
    for field, keys in FIELDS.items():
        said = settings.mapping.get(field)
        if field == "each":
            continue
        if said is not None:
            yield Found(field, said, _at(said, item.whole))
        elif key := next((key for key in keys if _is_there(usual.get(key))), None):
            yield Found(field, key, usual[key])
        elif _is_there(item.otherwise.get(field)):
            yield Found(field, "(the event)", item.otherwise[field])
    for field, said in settings.mapping.items():
        if field.startswith(_LABEL):
            yield Found(field, said, _at(said, item.whole))


def alert(item: Item, request: Request, *, source: str, called: str) -> Alert:
    """The alert of ``source``. Raises ``BadRequest`` if it has no title: not ``called`` what it should be.

    Who makes payloads for himself may date the end otherwise than the beginning: the name alone tells alerts apart.
    """
    found = {one.field: one.value for one in fields(item, request.settings)}
    texts = {field: _text(value) for field, value in found.items()}
    for field in WITH_VALUES:
        texts[field] = _meaning(texts.get(field, ""), request.settings.values.get(field, {}))
    title = texts.get("title") or texts.get("summary", "")
    if not title:
        where = request.settings.mapping.get("title") or ", ".join(FIELDS["title"])
        raise BadRequest(f"not {called}: {item.place} has no title; it was looked for at {where}")
    status = _status(texts["state"])
    began, ended = (moment_or(found.get(field), request.at) for field in ("starts_at", "ends_at"))
    said = labels(
        {"alertname": title, "service": texts["service"], "severity": texts["severity"], "metric": texts["metric"]},
        {field.removeprefix(_LABEL): text for field, text in texts.items() if field.startswith(_LABEL)},
        found["labels"] if isinstance(found.get("labels"), dict) else {},
    )
    return Alert(
        source=source, fingerprint=_name(texts, said), status=status, name=title, starts_at=began,
        ends_at=ended if status == "resolved" else None, labels=said,
        annotations=labels({"external_id": texts.get("external_id", "")}), url=texts.get("url", ""),
        summary=texts.get("summary") or title, dated=False,
    )  # fmt: skip


def demand_object(item: Any, *, called: str) -> None:
    """Raises ``BadRequest`` unless it can be an alert."""
    if not isinstance(item, dict | list):
        raise BadRequest(f"not {called}: an alert is an object, not {msgspec.json.encode(item).decode()[:40]}")


def _at(said: str, whole: Any) -> Any:
    return paths.first(said, whole) if said.startswith("$") else said


def _is_there(value: object) -> bool:
    return value is not None and value != ""


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
