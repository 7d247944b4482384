"""Joining or opening, with the reason's name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.alerts.flapping import flaps
from bot.alerts.grouping import Grouping, Newest, group, home

NOW = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
WINDOW = timedelta(minutes=30)


def newest(*, minutes_ago: float, still_open: bool = True) -> Newest:
    return Newest(number=7, open=still_open, last_at=NOW - timedelta(minutes=minutes_ago))


def test_the_first_alert_of_its_kind_opens() -> None:
    assert group(None, now=NOW, window=WINDOW) == Grouping(None, "first")


def test_within_the_window_an_open_incident_is_joined() -> None:
    assert group(newest(minutes_ago=30), now=NOW, window=WINDOW) == Grouping(7, "within_window")


def test_after_the_window_another_one_is_opened() -> None:
    assert group(newest(minutes_ago=30.1), now=NOW, window=WINDOW) == Grouping(None, "window_over")


def test_an_incident_that_is_over_is_not_joined() -> None:
    assert group(newest(minutes_ago=1, still_open=False), now=NOW, window=WINDOW) == Grouping(None, "closed")


def test_an_alert_that_fires_again_goes_back_to_its_open_incident() -> None:
    long_ago = newest(minutes_ago=300)
    assert group(long_ago, now=NOW, window=WINDOW, before={7}) == Grouping(7, "same_alert")
    assert group(long_ago, now=NOW, window=WINDOW, before={6, None}).number is None
    over = newest(minutes_ago=300, still_open=False)
    assert group(over, now=NOW, window=WINDOW, before={7}).number is None


def test_a_clock_that_went_back_does_not_open_a_second_one() -> None:
    assert group(newest(minutes_ago=-5), now=NOW, window=WINDOW).number == 7


def test_an_incident_whose_fix_is_watched_is_opened_again() -> None:
    watched = Newest(number=7, open=False, watched=True, last_at=NOW - timedelta(hours=20))
    assert group(watched, now=NOW, window=WINDOW) == Grouping(7, "reopen")


def test_an_alert_goes_home_to_the_newest_open_incident_that_it_was_in() -> None:
    assert home([3, 5, 9], {3, 5}) == 5
    assert home([9], {3, 5}) is None
    assert home([], {3}) is None


def test_an_alert_flaps_when_it_began_four_times_within_the_hour() -> None:
    assert [flaps(begun) for begun in (1, 2, 3, 4, 5)] == [False, False, False, True, True]
