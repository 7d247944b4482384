from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.runbooks.steps.wording import points, same_version, share, version, whole_second, worst


@pytest.mark.parametrize(
    ("part", "text"), [(0.994, "99.4 %"), (1.0, "100 %"), (0.99999, "99.9 %"), (0.0, "0 %"), (0.00001, "under 0.1 %")]
)
def test_a_share_is_neither_all_nor_nothing_unless_it_is(part: float, text: str) -> None:
    assert share(part) == text


@pytest.mark.parametrize(("rate", "text"), [(-0.0981, "-9.8"), (0.004, "+0.4"), (0.0001, "0.0"), (-0.0001, "0.0")])
def test_points_have_a_sign_unless_they_are_none(rate: float, text: str) -> None:
    assert points(rate) == text


def test_versions_are_the_same_however_they_are_spelt() -> None:
    assert same_version("42", "v42")
    assert not same_version("42", "41")
    assert not same_version(None, None)
    assert (version("42"), version("v42"), version("vanilla")) == ("v42", "v42", "vanilla")


def test_a_stamp_never_lies_before_its_moment() -> None:
    at = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
    assert whole_second(at) == at
    assert whole_second(at + timedelta(microseconds=1)) == at + timedelta(seconds=1)


def test_nothing_measured_is_no_data_and_no_data_is_never_ok() -> None:
    assert worst([]) == "no_data"
    assert worst(["ok", "no_data"]) == "no_data"
    assert worst(["ok", "error", "no_data"]) == "error"
    assert worst(["warn", "error", "bad"]) == "bad"
