"""What the sources' files share: times, names and labels out of whatever was sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from bot.alerts.sources.own import is_own_call
from bot.alerts.sources.reading import demand, fingerprint, labels, moment_or, read_json, tagged, unix, utc
from bot.errors import BadRequest

NOW = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize("per_second", [1, 10**3, 10**6, 10**9])
def test_unix_time_is_read_in_whatever_unit_it_comes(per_second: int) -> None:
    assert unix(int(NOW.timestamp()) * per_second, place="$.at", called="a thing") == NOW


def test_a_time_outside_of_the_calendar_is_refused_with_its_place() -> None:
    for number in (-1e17, -1e300):
        with pytest.raises(BadRequest, match=r"no time of this world - at `\$\.at`"):
            unix(number, place="$.at", called="a thing")
    with pytest.raises(BadRequest, match="no time of this world"):
        utc(datetime.fromisoformat("0001-01-01T00:00:00+14:00"), place="$.at", called="a thing")


@pytest.mark.parametrize(
    "said",
    [
        NOW.isoformat(), "2026-11-21T04:30:00+01:00", "2026-11-21T03:30:00.000+0000", NOW.timestamp(),
        int(NOW.timestamp()) * 1000, str(int(NOW.timestamp()) * 1000), f" {int(NOW.timestamp())} ",
    ],
)  # fmt: skip
def test_a_time_that_only_informs_is_read_in_whatever_way_it_is_said(said: Any) -> None:
    assert moment_or(said, NOW + timedelta(days=1)) == NOW


@pytest.mark.parametrize(
    "said", [None, "", "soon", True, 0, -5, 1e308, "٣", "9" * 400, [], {}, "2026-11-21T03:30:00", b"1", float("nan")]
)
def test_a_time_that_cannot_be_read_is_the_one_that_we_know(said: Any) -> None:
    assert moment_or(said, NOW) == NOW


def test_of_a_label_said_twice_the_first_one_counts() -> None:
    assert labels({"service": "a"}, {"service": "b", "team": "x"}) == {"service": "a", "team": "x"}


def test_who_sent_the_alert_is_not_hidden_by_a_label_of_that_name() -> None:
    assert labels({"source": "nginx", "service": "a"}) == {"origin": "nginx", "service": "a"}


def test_what_is_empty_nested_or_too_long_for_a_label_is_left_out() -> None:
    odd: dict[str, Any] = {"a": "", "b": " ", "c": None, "d": [], "e": {}, "f": "x" * 501, "": "x", "k" * 501: "x"}
    assert labels(odd, {"n": 1, "r": 0.5, "t": True, "a": " text "}) == {
        "n": "1", "r": "0.5", "t": "true", "a": "text",
    }  # fmt: skip


def test_tags_with_a_colon_are_labels() -> None:
    tags = ["service:fraud", " team : ml ", "canary", ":x", "y:", "service:other", "url:https://x.example"]
    assert tagged(tags) == {"service": "fraud", "team": "ml", "url": "https://x.example"}


def test_a_fingerprint_fits_into_an_index() -> None:
    assert fingerprint("monitor", 7, "region:eu") == "monitor/7/region:eu"
    assert len(fingerprint("x" * 201)) == 64
    assert fingerprint("x" * 201) != fingerprint("x" * 202)


def test_a_place_inside_a_part_is_told_from_the_whole_body() -> None:
    class Part(msgspec.Struct):
        name: str

    decoder = msgspec.json.Decoder(Part)
    with pytest.raises(BadRequest, match=r"not a thing: Expected `str`, got `int` - at `\$\.event\.data\.name`"):
        read_json(b'{"name": 1}', decoder, called="a thing", at="$.event.data")
    with pytest.raises(BadRequest, match=r"missing required field `name` - at `\$\.event\.data`"):
        read_json(b"{}", decoder, called="a thing", at="$.event.data")


def test_what_has_to_be_there_is_demanded() -> None:
    assert demand(0, name="n", place="$", called="a thing") == 0
    for nothing in (None, ""):
        with pytest.raises(BadRequest, match=r"not a thing: Object missing required field `n` - at `\$`"):
            demand(nothing, name="n", place="$", called="a thing")


@pytest.mark.parametrize(
    ("key", "title", "own"),
    [
        ("evenkeel/INC-1/approval/rollback/1/0", "", True),
        ("team-a/INC-12/opening/-/1/2", "", True),
        ("", "SEV2 fraud-scorer: rollback to v41 needs a yes (INC-1)", True),
        ("", "SEV? fraud-scorer: ModelRecallDrop (INC-3)", True),
        ("fraud-scorer/recall", "Recall dropped", False),
        ("evenkeel/INC-1/lunch/rollback/1/0", "", False),
        ("", "Seen since (INC-1)", False),
    ],
)
def test_a_call_of_our_own_is_recognised(key: str, title: str, own: bool) -> None:
    assert is_own_call(key, title) is own
