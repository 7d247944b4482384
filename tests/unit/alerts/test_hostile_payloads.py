"""Recorded payloads of every source, spoiled: taken, or refused with a sentence, and never anything else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alerts.alert import Batch
from bot.alerts.becoming import become
from bot.alerts.redaction import Redaction
from bot.alerts.sources import SOURCES, SourceSettings
from bot.errors import BadRequest, Unauthenticated
from tests.unit.alerts.requests import FIXTURES, NOW, request

RECORDED = [
    (source, path.relative_to(FIXTURES / source).as_posix())
    for source in sorted(SOURCES)
    for path in sorted((FIXTURES / source).glob("**/*.json"))
]
HOSTILE: tuple[Any, ...] = (
    None, "", 0, -1, 10**30, 1e300, True, [], {}, [[]], [None], {"a": None}, "x" * 20_000, "\u202e\x07\x1b[2J",
    "<!channel> <!here> @everyone <@U123> <https://evil.example|click>", "\0", "{{ 7 * 7 }}", "💥" * 3000,
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "not a time", "javascript:alert(1)", ["a"] * 2000,
)  # fmt: skip


def body_of(source: str, name: str) -> bytes:
    return (FIXTURES / source / name).read_bytes()


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths of all that is in it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inside:
        yield (*path, key)
        yield from places(below, (*path, key))


def spoiled(body: bytes, path: tuple[str | int, ...], value: Any) -> bytes:
    read = msgspec.json.decode(body)
    inside = read
    for step in path[:-1]:
        inside = inside[step]
    if value is ...:
        del inside[path[-1]]
    else:
        inside[path[-1]] = value
    return msgspec.json.encode(read)


def answered(source: str, body: bytes, **settings: Any) -> Batch | None:
    """The alerts, None if they were refused with a sentence. Everything that is asked of a source on the way is."""
    asked, known = request(body, **settings), SOURCES[source]
    try:
        batch = become(source, body, at=NOW, settings=asked.settings)
        known.delivery(asked)
        known.visit(asked)
        Redaction().of(known.kept(asked))
        known.certificate(asked)
    except (BadRequest, Unauthenticated) as refused:
        assert 0 < len(str(refused)) < 600
        return None
    for alert in batch.alerts:
        assert 0 < len(alert.fingerprint) <= 200
        assert len(alert.name) <= 300
        assert not alert.url or alert.url.startswith(("http://", "https://"))
        assert alert.starts_at.tzinfo is not None
        assert "\0" not in f"{alert.labels}{alert.annotations}{alert.name}{alert.summary}{alert.fingerprint}"
        msgspec.json.encode(alert)
    return batch


@pytest.mark.parametrize(("source", "name"), RECORDED)
def test_any_field_may_be_missing_or_of_another_kind(source: str, name: str) -> None:
    body = body_of(source, name)
    for path in places(msgspec.json.decode(body)):
        for value in (..., *HOSTILE):
            answered(source, spoiled(body, path, value))


@pytest.mark.parametrize(("source", "name"), RECORDED)
def test_what_is_kept_of_a_request_becomes_the_same_alerts(source: str, name: str) -> None:
    body = body_of(source, name)
    kept = Redaction().of(SOURCES[source].kept(request(body))).encode()
    try:
        first = become(source, body, at=NOW, settings=SourceSettings())
    except BadRequest:
        return
    again = become(source, kept, at=NOW, settings=SourceSettings())
    assert [(one.key, one.status, one.ends_at) for one in again.alerts] == [
        (one.key, one.status, one.ends_at) for one in first.alerts
    ]


@pytest.mark.parametrize("source", sorted(SOURCES))
@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe\x00", b"null", b"7", b'""', b"[]", b"{}", b"[" * 200 + b"]" * 200, b"[" * 200_000,
     b'{"a":' * 200 + b"1" + b"}" * 200, b'{"a":' * 100_000, b'{"alerts":' + b"[" * 500 + b"]" * 500 + b"}",
     b'"\\ud800"', b'{"a": "\xc3\x28"}', b"{" + b" " * 1_000_000 + b"}", b'{"a": NaN}', b'{"a": 1e999}'],
    ids=lambda body: body[:12],
)  # fmt: skip
def test_what_is_nothing_is_refused(source: str, body: bytes) -> None:
    batch = answered(source, body)
    assert batch is None or batch.alerts == ()


LABELS = {f"label_{n}": "v" for n in range(100_000)}


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_a_hundred_thousand_labels_are_refused_soon(source: str) -> None:
    name = next(name for of, name in RECORDED if of == source)
    body = body_of(source, name)
    began = time.process_time()
    for path in places(msgspec.json.decode(body)):
        value = msgspec.json.decode(body)
        for step in path:
            value = value[step]
        if isinstance(value, dict) and path[-1] in ("labels", "custom_details", "data", "details", "tags"):
            batch = answered(source, spoiled(body, path, LABELS))
            assert batch is None or all(len(alert.labels) <= 1000 for alert in batch.alerts)
    assert time.process_time() - began < 10


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(HOSTILE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(RECORDED), st.data())
def test_several_fields_may_be_odd_at_once(which: tuple[str, str], data: st.DataObject) -> None:
    body = body_of(*which)
    for _ in range(data.draw(st.integers(1, 4))):
        paths = list(places(msgspec.json.decode(body)))
        if not paths:
            return
        body = spoiled(body, data.draw(st.sampled_from(paths)), data.draw(_JSON | st.just(...)))
    answered(which[0], body)
