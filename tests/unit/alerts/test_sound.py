"""What comes in is made such that everything behind the intake can hold it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from bot.alerts.alert import Alert, Batch
from bot.alerts.sound import MOST_ALERTS, MOST_LABELS, sound
from bot.errors import BadRequest

AT = datetime(2026, 11, 21, 3, tzinfo=UTC)


def one(**said: Any) -> Alert:
    return replace(Alert(source="generic", fingerprint="f", status="firing", name="A", starts_at=AT), **said)


def kept(alert: Alert, body: bytes = b"{}") -> Alert:
    return sound(Batch((alert,)), body).alerts[0]


def test_what_is_sound_stays_the_same_object() -> None:
    batch = Batch((one(labels={"service": "s"}, url="https://example.com/1", summary="s"),), truncated=3)
    assert sound(batch, b"{}") is batch


def test_endless_texts_are_cut() -> None:
    alert = kept(one(name="n" * 9000, summary="s" * 9000, labels={"k" * 9000: "v" * 9000}))
    assert (len(alert.name), len(alert.summary)) == (300, 4000)
    assert [(len(key), len(value)) for key, value in alert.labels.items()] == [(300, 4000)]


def test_names_that_are_too_long_stay_different() -> None:
    first, second = (kept(one(fingerprint="f" * 9000 + end)).fingerprint for end in "ab")
    assert first != second
    assert len(first) == len(second) == 64


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "file:///etc", "https://e/" + "x" * 9000])
def test_a_link_that_does_not_lead_to_the_web_is_none(url: str) -> None:
    assert kept(one(url=url)).url == ""


def test_a_nul_is_shown() -> None:
    alert = kept(one(summary="a\0b", fingerprint="f\0", labels={"a\0": "\0"}), b'"a\\u0000b"')
    assert (alert.summary, alert.fingerprint, alert.labels) == ("a␀b", "f␀", {"a␀": "␀"})


def test_too_many_labels_are_refused() -> None:
    with pytest.raises(BadRequest, match="labels"):
        kept(one(labels={str(n): "" for n in range(MOST_LABELS)}, annotations={"a": "b"}))


def test_too_many_alerts_are_refused() -> None:
    with pytest.raises(BadRequest, match="10001 alerts"):
        sound(Batch((one(),) * (MOST_ALERTS + 1)), b"{}")
