"""Whatever comes to whichever source: an alert that can be stored, or ``BadRequest``; never another error."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.alerts.alert import Alert
from bot.alerts.sound import sound
from bot.alerts.sources import SOURCES, Request, Source
from bot.errors import BadRequest, Unauthenticated
from tests.unit.alerts.requests import FIXTURES, SECRET, TOKEN, bearer, request

CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
BODIES = {name: [file.read_bytes() for file in sorted((FIXTURES / name).rglob("*.json"))] for name in SOURCES}


def deep(levels: int) -> Any:
    found: Any = "bottom"
    for _ in range(levels):
        found = [found]
    return found


#: what a field may hold in place of what it should
ODD = st.one_of(
    st.sampled_from(
        [
            None, True, False, 0, -1, 10**30, -(10**30), 1e308, -1e308, "", " ", "\0", "\x01\x1b[31m", "\ud800",
            "<!channel> @everyone <https://evil.example|click>", "x" * 20_000, [], {}, [None], {"": ""}, deep(200),
            "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-21T03:00:00", "2026-02-30T00:00:00Z",
            {f"label-{i}": "x" for i in range(2_000)}, "${jndi:ldap://x}", "$ALERT_ID", "firing", "resolved",
        ]
    ),
    st.text(max_size=40),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip


def paths(value: Any, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place of a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(path for key, one in inner for path in paths(one, (*above, key)))]


def put(value: Any, path: tuple[str | int, ...], odd: Any) -> Any:
    """The value with something odd at the path; ``...`` takes away what stands there."""
    if not path:
        return {} if odd is ... else odd
    place = value
    for step in path[:-1]:
        place = place[step]
    if odd is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = odd
    return value


def storable(text: str) -> bool:
    """True if every database keeps the text."""
    return "\0" not in text and text.encode(errors="strict") is not None


def check(name: str, alert: Alert) -> None:
    assert alert.source == name
    assert 0 < len(alert.fingerprint) <= 200
    assert alert.starts_at.tzinfo is UTC
    assert alert.ends_at is None or alert.ends_at.tzinfo is UTC
    assert alert.status == "resolved" or alert.ends_at is None
    texts = [
        alert.fingerprint,
        alert.name,
        alert.url,
        alert.summary,
        *alert.labels.items(),
        *alert.annotations.items(),
    ]
    assert all(storable(part) for text in texts for part in ([text] if isinstance(text, str) else text))


def take(name: str, sent: Request) -> None:
    """As the web layer would, whoever sent it."""
    source: Source = SOURCES[name]
    try:
        for alert in sound(source.parse(sent), sent.body).alerts:
            check(name, alert)
        assert isinstance(source.delivery(sent), str)
    except BadRequest as refused:
        assert len(str(refused)) > 10


@pytest.mark.parametrize("name", sorted(SOURCES))
@CALM
@given(data=st.data())
def test_a_field_that_is_missing_or_odd_costs_nobody_an_error(name: str, data: st.DataObject) -> None:
    value = json.loads(data.draw(st.sampled_from(BODIES[name])))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(value)))
        odd = data.draw(st.one_of(st.just(...), ODD))
        value = put(value, path, odd if odd is ... else json.loads(json.dumps(odd)))
        if not path:
            break
    take(name, request(json.dumps(value).encode(), bearer(TOKEN)))


@pytest.mark.parametrize("name", sorted(SOURCES))
@CALM
@given(data=st.data())
def test_bytes_that_were_changed_cost_nobody_an_error(name: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(BODIES[name]))
    at = data.draw(st.integers(0, len(body)))
    cut = data.draw(st.integers(0, 20))
    body = body[:at] + data.draw(st.binary(max_size=8)) + body[at + cut :]
    take(name, request(body, bearer(TOKEN)))


@pytest.mark.parametrize("name", sorted(SOURCES))
@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{}", b'""', b"0", b"\xff\xfe\x00", b"\x1f\x8b", b"[" * 200 + b"]" * 200,
        b"[" * 100_000, b'{"a":' * 100_000, b'{"alerts":' * 200 + b"1" + b"}" * 200, b"NaN", b'{"a": 1e999}',
        b'{"alert": "\xff"}', b'{"event": {"data": "\\ud800"}}',
    ],
)  # fmt: skip
def test_what_is_no_notification_at_all_is_refused(name: str, body: bytes) -> None:
    take(name, request(body, bearer(TOKEN)))


HEADERS = st.dictionaries(
    st.sampled_from(
        ["authorization", "x-grafana-alerting-signature", "x-pagerduty-signature", "sentry-hook-signature",
         "sentry-hook-timestamp", "request-id", "x-signature", "x-time", "ce-id", "x-amz-sns-message-type"]
    ),
    st.text(st.characters(max_codepoint=255), max_size=200) | st.sampled_from(["Basic ===", "v1=", "v1=,v1=,"]),
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(SOURCES))
@pytest.mark.parametrize("secrets", [(), (SECRET,)])
@CALM
@given(headers=HEADERS, body=st.binary(max_size=60))
def test_a_stranger_is_refused_whatever_the_headers_say(
    name: str, secrets: tuple[str, ...], headers: dict[str, str], body: bytes
) -> None:
    sent = request(body, headers, secrets=secrets, signature_header="x-signature", timestamp_header="x-time")
    with pytest.raises(Unauthenticated):
        SOURCES[name].verify(sent)


@pytest.mark.parametrize("name", sorted({"grafana", "pagerduty", "sentry"} & set(SOURCES)))
def test_with_a_secret_the_common_token_opens_no_source_that_signs(name: str) -> None:
    for body in BODIES[name]:
        with pytest.raises(Unauthenticated):
            SOURCES[name].verify(request(body, bearer(TOKEN), secrets=(SECRET,)))
