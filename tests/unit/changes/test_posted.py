"""A change in our own words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.changes.posted import posted
from bot.errors import BadRequest

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


def named(**said: Any) -> str | None:
    return posted(json.dumps({"service": "fraud-scorer", **said}).encode(), now=NOW).external


def test_the_same_id_of_one_source_is_the_same_change() -> None:
    assert named(id="run-7", version="42") == named(id="run-7") != named(id="run-8")
    assert named(id=7) == named(id="7")


def test_one_run_may_release_two_services() -> None:
    assert named(id="run-7") != named(id="run-7", service="ranker")


def test_without_an_id_what_says_its_time_is_known_again_and_what_does_not_is_new() -> None:
    at = "2026-11-21T02:51:00Z"
    assert named(at=at, version="42") == named(at="2026-11-21T03:51:00+01:00", version="42")
    assert named(at=at, version="42") != named(at=at, version="43")
    assert named(version="42") is None


def test_a_long_name_still_fits_into_the_index() -> None:
    long = named(id="x" * 5000)
    assert long is not None
    assert len(long) < 100
    assert long != named(id="y" * 5000)


def test_what_cannot_be_seen_is_left_out_and_only_pages_become_links() -> None:
    found = posted(b'{"service": " fraud\\u0007 \\n", "version": "42\\u202e", "url": "javascript:alert(1)"}', now=NOW)
    assert (found.service, found.version, found.url) == ("fraud", "42", "")


def test_what_is_quoted_of_persons_is_not_kept() -> None:
    found = posted(b'{"service": "chat", "about": "prompt: \'how do I\' of ana@example.com"}', now=NOW)
    assert found.about == "prompt (withheld) of (e-mail address withheld)"


@pytest.mark.parametrize("said", [{"id": None}, {"id": 1.5}, {"id": []}, {"at": 7}])
def test_what_is_of_a_wrong_type_is_refused_with_a_sentence(said: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match="not a change: "):
        named(**said)
