"""What Grafana sent before its alerting of today (up to Grafana 10): one rule with its state, and no list of alerts.

A rule is one alert: it fires while its state is ``alerting`` or ``no_data``. It has no fingerprint and no times.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from bot.alerts.alert import Alert
from bot.alerts.sources.reading import LONGEST_LABEL, demand, fingerprint, labels, read_json
from bot.alerts.sources.source import Request

_CALLED = "a Grafana notification"
#: a rule that is paused or pending says nothing about whether it is over
_STATES: dict[str, Literal["firing", "resolved"]] = {"alerting": "firing", "no_data": "firing", "ok": "resolved"}
_NO_DATA = "no_data"


class _Match(msgspec.Struct):
    """One series that the rule was true of."""

    metric: str | None = None
    value: float | None = None
    tags: dict[str, Any] | None = None


class _Body(msgspec.Struct, rename="camel"):
    state: str
    rule_name: str | None = None
    title: str | None = None
    rule_id: int | str = 0
    org_id: int | str = 0
    rule_url: str | None = None
    image_url: str | None = None
    message: str | None = None
    tags: dict[str, Any] | None = None
    eval_matches: list[_Match] | None = None


_decoder = msgspec.json.Decoder(_Body)


def read(request: Request, *, source: str) -> tuple[Alert, ...]:
    """The rule as an alert of ``source``; none if its state says nothing. Raises ``BadRequest``."""
    body = read_json(request.body, _decoder, called=_CALLED)
    status = _STATES.get(body.state)
    if status is None:
        return ()
    name = demand(body.rule_name or body.title, name="ruleName", place="$", called=_CALLED)
    matches = body.eval_matches or []
    values = ", ".join(f"{one.metric}={one.value:g}" for one in matches if one.metric and one.value is not None)
    return (
        Alert(
            source=source,
            fingerprint=fingerprint("rule", body.org_id, body.rule_id, name),
            status=status,
            name=name,
            starts_at=request.at,
            ends_at=request.at if status == "resolved" else None,
            labels=labels({"alertname": name[:LONGEST_LABEL]}, body.tags or {}, _shared(matches)),
            annotations={
                key: text for key, text in (("values", values), ("image_url", body.image_url or "")) if text
            },
            url=body.rule_url or "",
            summary=f"No data for “{name}”" if body.state == _NO_DATA else body.message or body.title or name,
            dated=False,
        ),
    )


def _shared(matches: list[_Match]) -> dict[str, Any]:
    """The tags on which all its series agree: what the rule is about."""
    tags = [one.tags or {} for one in matches]
    first = tags[0] if tags else {}
    return {
        name: value
        for name, value in first.items()
        if not name.startswith("__") and all(one.get(name) == value for one in tags)
    }
