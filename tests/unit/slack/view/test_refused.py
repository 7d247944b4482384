"""What is said of refused notifications: what, since when, why, what to do; and nothing of what was sent."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from bot.alerts.refused import NO_SOURCE, NOT_JSON, PACKING, SHAPE, SOME, TOO_LARGE, Refusal
from bot.slack.view.refused import what_was_refused
from tests.conftest import START

REFUSAL = Refusal(
    source="alertmanager", kind=SHAPE, first_at=START, last_at=START, count=3, untold=3, untold_since=START,
    reason="not an Alertmanager notification: <!channel> is odd - at `$.alerts[1].startsAt`", request=17,
)  # fmt: skip


def drawn(**changes: Any) -> str:
    text: str = what_was_refused(msgspec.structs.replace(REFUSAL, **changes))["blocks"][0]["text"]["text"]
    return text


def test_it_says_what_since_when_where_and_how_to_look() -> None:
    text = drawn()
    assert text.startswith(":warning: *3 notifications of `alertmanager` were refused since <!date^")
    assert "(the last one at `$.alerts[1].startsAt`)" in text
    assert "Its sender does not send that again" in text
    assert "`evenkeel replay-alert 17` shows what came and why" in text


def test_a_single_one_is_told_as_one() -> None:
    assert drawn(untold=1, kind=NOT_JSON).startswith(":warning: *One notification of `alertmanager` was refused")
    assert "what it says is not JSON" in drawn(untold=1, kind=NOT_JSON)
    assert "it is over 1 MiB" in drawn(untold=1, kind=TOO_LARGE)
    assert "*One notification of an unknown source was refused" in drawn(untold=1, kind=NO_SOURCE)
    assert "its address names no source that I know" in drawn(untold=1, kind=NO_SOURCE)
    assert "nothing in it can be read as an alert" in drawn(untold=1, kind=SHAPE)
    assert "those beside it were taken in" in drawn(untold=1, kind=SOME)
    assert "*One alert of `alertmanager` could not be read" in drawn(untold=1, kind=SOME)


@pytest.mark.parametrize(
    ("source", "kind", "cure"),
    [
        ("alertmanager", TOO_LARGE, "`max_alerts: 500`"), ("grafana", TOO_LARGE, "*Max alerts*"),
        ("sentry", TOO_LARGE, "fewer alerts at once"), ("sentry", PACKING, "packed by gzip"),
        ("unknown", NO_SOURCE, "it ends in /alerts/ and one of alertmanager, cloudevents"),
        ("datadog", NOT_JSON, "escaped"), ("generic", SHAPE, "evenkeel check --sample FILE --source generic`"),
        ("generic", SOME, "`mapping` of `sources: generic`"), ("sentry", SOME, "docs/reference/sources.md"),
        ("sentry", "of_a_newer_program", "docs/reference/sources.md"),
    ],
)  # fmt: skip
def test_each_kind_has_its_cure(source: str, kind: str, cure: str) -> None:
    assert cure in drawn(source=source, kind=kind)


@pytest.mark.parametrize("kind", [NOT_JSON, SHAPE, SOME, TOO_LARGE, PACKING, NO_SOURCE])
def test_nothing_of_what_was_sent_is_said(kind: str) -> None:
    assert "channel" not in drawn(kind=kind)
    assert "odd" not in drawn(kind=kind)


def test_without_a_kept_request_none_is_named() -> None:
    assert "replay-alert" not in drawn(request=None)


def test_the_moment_reads_on_from_the_words_before_it_also_where_slack_writes_today() -> None:
    assert "were refused since <!date^" in drawn(untold=2)
    assert "was refused <!date^" in drawn(untold=1)
    assert "could not be read <!date^" in drawn(untold=1, kind=SOME)
