"""What is about persons reaches neither the rows of alerts nor Slack: counts take its place."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.alert import Alert
from bot.alerts.personal import without_personal
from bot.personal import Personal, is_withheld, without_address_in_link, without_addresses, without_persons
from bot.slack.view.text import link, plain, said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to ana@example.com", "write to (e-mail address withheld)"),
        ("for a@example.com, b.c+d@x.example.org and e@f.io now", "for (3 e-mail addresses withheld) now"),
        ("mailto:ana@example.com", "(e-mail address withheld)"),
        ("of zoë@example.com", "of (e-mail address withheld)"),
        ("pkg@1.2.3 of <@U0ANA>, @channel", "pkg@1.2.3 of <@U0ANA>, @channel"),
    ],
)
def test_addresses_are_counted(text: str, shown: str) -> None:
    assert without_addresses(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('prompt: "how do I pick a lock" was answered', "prompt (withheld) was answered"),
        ("Output: here is how you do it", "Output (withheld)"),
        ("the completion was 'first you take'", "the completion (withheld)"),
        ("feature values = [1, 2, 3] are off", "feature values (withheld) are off"),
        ("prompt_tokens: 500", "prompt_tokens: 500"),
        ("The prompt is too long", "The prompt is too long"),
        ("prompt injection rate is 3 %", "prompt injection rate is 3 %"),
    ],
)
def test_what_is_quoted_of_a_model_is_withheld_and_what_is_counted_stays(text: str, shown: str) -> None:
    assert without_persons(text) == shown


def test_keys_say_what_is_personal_however_they_are_spelled() -> None:
    personal = Personal(["customer_id", "user.device"])
    values = {
        "userEmail": "ana", "user-prompt": "[1, 2]", "customer_id": "77", "device": "d1", "feature_values": "{}",
        "prompt_version": "v3", "drifted_features": "amount", "service": "chat", "email": "",
    }  # fmt: skip
    assert personal.labels(values) == {
        "userEmail": "(withheld)", "user-prompt": "(2 withheld)", "customer_id": "(withheld)",
        "device": "(withheld)", "feature_values": "(0 withheld)", "prompt_version": "v3",
        "drifted_features": "amount", "service": "chat", "email": "",
    }  # fmt: skip


def test_an_alert_loses_it_everywhere_and_keeps_its_name() -> None:
    alert = Alert(
        source="generic", fingerprint="f", status="firing", name="Complaint of ana@example.com",
        starts_at=datetime(2026, 11, 21, tzinfo=UTC), labels={"reporter": "ana@example.com"},
        annotations={"prompt": "how"}, url="https://x.example/?u=ana%40example.com&n=1",
        summary="ana@example.com says: wrong",
    )  # fmt: skip
    shown = without_personal(alert, Personal())
    assert shown.key == alert.key
    assert "ana" not in repr(shown)
    assert shown.url == "https://x.example/?u=withheld&n=1"
    assert shown.annotations == {"prompt": "(withheld)"}


def test_no_drawing_shows_an_address() -> None:
    assert said("by ana@example.com") == "by (e-mail address withheld)"
    assert plain("by ana@example.com") == "by (e-mail address withheld)"
    assert "ana" not in link("https://x.example/?u=ana@example.com", "of ana@example.com")
    assert without_address_in_link("https://x.example/a") == "https://x.example/a"


@given(st.text(max_size=300))
def test_any_text_without_an_at_or_a_colon_stays_as_it_is(text: str) -> None:
    if not set(text) & set("@%:=") and " is " not in text and " was " not in text:
        assert without_persons(text) == text


@pytest.mark.parametrize("piece", ["a", "a@", "x@y.", "prompt: ", 'prompt="', "%40", "prompt='[{"])
def test_no_text_takes_long(piece: str) -> None:
    began = time.process_time()
    without_persons(piece * (100_000 // len(piece)) + "@")
    assert time.process_time() - began < 2


@pytest.mark.parametrize("value", ["ana@example.com", "ana@example.com, ben@example.com", "x", '["a", "b"]'])
def test_what_was_withheld_is_known_as_such(value: str) -> None:
    assert all(map(is_withheld, Personal().labels({"email": value}).values()))
    assert is_withheld(Personal().labels({"owner": value})["owner"]) == ("@" in value)
