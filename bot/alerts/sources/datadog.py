"""Datadog's webhooks, whose body is what one writes: ours is in docs/howto/connect-datadog.md.

https://docs.datadoghq.com/integrations/webhooks/. A key is its variable's name in small letters; the body that
Datadog sends unless told otherwise is read too, as far as its title says what happened. Nothing is signed. A monitor
and its scope are one alert, from each time it triggers until it recovers.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources.reading import (
    LONGEST_FINGERPRINT,
    LONGEST_LABEL,
    fingerprint,
    labels,
    moment_or,
    read_json,
    tagged,
)
from bot.alerts.sources.source import Request, Source
from bot.alerts.sources.tokens import demand_token
from bot.errors import BadRequest

NAME = "datadog"
_CALLED = "a Datadog notification"
_RECOVERED = "recovered"
#: in the order in which Datadog names them
_TRANSITIONS = ("triggered", "re-triggered", "no data", "re-no data", "warn", "re-warn", "renotify", _RECOVERED)
_WARNS = ("warn", "re-warn")
#: of an event that is no monitor's; any word that we do not know fires, since unknown is not harmless
_NONE = ("", "null")
#: what stands before a title: [P2] [Triggered on {host:ip-012345}]
_BEFORE_TITLE = re.compile(r"\s*\[(P[1-5]|([A-Za-z-]+(?: data)?)(?: on [^\]]*)?)\]\s*", re.IGNORECASE)
#: what the type of an event means where nothing says the transition
_BY_TYPE = {"success": _RECOVERED, "error": "triggered", "warning": "warn"}
_OF_A_MONITOR = "_monitor"
_LEFT_OVER = re.compile(r"\$[A-Z][A-Z0-9_]*(\[[^\]]*\])?")

_Text = str | int | float | None


class _Body(msgspec.Struct):
    alert_transition: str | None = None
    alert_id: _Text = None
    alert_scope: str | None = None
    alert_cycle_key: _Text = None
    aggreg_key: _Text = None
    alert_title: str | None = None
    event_title: str | None = None
    title: str | None = None
    text_only_msg: str | None = None
    event_msg: str | None = None
    body: Any = None
    alert_status: str | None = None
    alert_metric: str | None = None
    alert_query: str | None = None
    alert_priority: str | None = None
    alert_type: str | None = None
    event_type: str | None = None
    hostname: str | None = None
    tags: str | list[str] | None = None
    link: str | None = None
    snapshot: str | None = None
    date: Any = None
    id: Annotated[str, msgspec.Meta(max_length=LONGEST_FINGERPRINT)] | int | None = None


_decoder = msgspec.json.Decoder(_Body)


def parse(request: Request) -> Batch:
    """The alert of the notification. Raises ``BadRequest``."""
    body = read_json(request.body, _decoder, called=_CALLED)
    title, said, priority = _title(_filled(body.alert_title) or _filled(body.event_title) or _filled(body.title))
    transition = (_filled(body.alert_transition) or said or _by_type(body)).lower()
    if transition in _NONE:
        known = ", ".join(_TRANSITIONS)
        raise BadRequest(f"not {_CALLED} of a monitor: it needs a transition ({known}) - at `$.alert_transition`")
    at = moment_or(body.date, request.at)
    if not _filled(body.alert_priority) and not _filled(
        body.alert_type
    ):  # as in the body that Datadog sends by itself
        body.alert_priority = priority
    return Batch((_alert(body, title, transition, at),))


def delivery(request: Request) -> str:
    """The id of Datadog's event with the transition; a notification that was not answered is sent again."""
    body = read_json(request.body, _decoder, called=_CALLED)
    event = _filled(body.id)
    parts = (event, body.alert_transition, body.alert_cycle_key, body.alert_scope, body.date)
    return fingerprint(*parts) if event else ""


def _alert(body: _Body, title: str, transition: str, at: datetime) -> Alert:
    status: Literal["firing", "resolved"] = "resolved" if transition == _RECOVERED else "firing"
    scope = _split(body.alert_scope)
    message = _filled(body.text_only_msg) or _filled(body.event_msg) or _filled(body.body)
    return Alert(
        source=NAME,
        fingerprint=_fingerprint(body, title, scope),
        status=status,
        name=title,
        starts_at=at,
        ends_at=at if status == "resolved" else None,
        labels=_labels(body, title, transition, scope),
        annotations={key: text for key, text in _annotations(body, message).items() if text},
        url=_filled(body.link),
        summary=_filled(body.alert_status) or title,
        dated=False,
    )


def _labels(body: _Body, title: str, transition: str, scope: list[str]) -> dict[str, str]:
    """A warning is one whatever the monitor's priority; else the priority says how bad it is."""
    severity = "warning" if transition in _WARNS else _filled(body.alert_priority) or _filled(body.alert_type)
    about = {
        "alertname": title[:LONGEST_LABEL], "severity": severity, "metric": _filled(body.alert_metric),
        "priority": _filled(body.alert_priority), "host": _filled(body.hostname), "monitor": _filled(body.alert_id),
    }  # fmt: skip
    return labels(about, tagged(scope), tagged(_split(body.tags)))


def _annotations(body: _Body, message: str) -> dict[str, str]:
    return {"description": message, "query": _filled(body.alert_query), "snapshot": _filled(body.snapshot)}


def _fingerprint(body: _Body, title: str, scope: list[str]) -> str:
    """The monitor and its scope, so that one that recovers and triggers again is known again."""
    if monitor := _filled(body.alert_id):
        return fingerprint("monitor", monitor, ",".join(sorted(scope)))
    if key := _filled(body.alert_cycle_key) or _filled(body.aggreg_key):
        return fingerprint("key", key)
    return fingerprint("title", title)


def _title(written: str) -> tuple[str, str, str]:
    """The title without what Datadog writes before it; the transition and the priority that stood there, if any."""
    begins, said, priority = 0, "", ""
    while match := _BEFORE_TITLE.match(written, begins):
        word = (match[2] or "").lower()
        if match[2] and word not in _TRANSITIONS:
            break
        priority = priority or ("" if match[2] else match[1].upper())
        said, begins = said or word, match.end()
    return written[begins:].strip() or written.strip(), said, priority


def _by_type(body: _Body) -> str:
    """The transition as its types tell it; a monitor's event of which nothing is known fires."""
    kind = _BY_TYPE.get(_filled(body.alert_type).lower(), "")
    return kind or ("triggered" if _filled(body.event_type).endswith(_OF_A_MONITOR) else "")


def _split(written: str | list[str] | None) -> list[str]:
    parts = written if isinstance(written, list) else _filled(written).split(",")
    return [part.strip() for part in parts if part.strip()]


def _filled(value: object) -> str:
    """What stands there as text; a variable that Datadog did not replace is nothing."""
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    return "" if _LEFT_OVER.fullmatch(text) else text


SOURCE = Source(verify=demand_token, parse=parse, delivery=delivery)
