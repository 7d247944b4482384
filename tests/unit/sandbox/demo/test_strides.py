"""Time that runs faster: how far it jumps, and when it is looked at again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.backstage import RATES
from bot.sandbox.demo.strides import GRAIN, PATIENCE, TICK, Ahead, grain, owed, pause, stride

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_at_the_machine_s_own_rate_nothing_is_ever_owed() -> None:
    assert owed(0.0, rate=1, passed=0.5) == 0.0


@pytest.mark.parametrize(("rate", "expected"), [(60, 29.5), (3600, 1799.5)])
def test_half_a_second_owes_what_it_brings_less_what_went_by_itself(rate: int, expected: float) -> None:
    assert owed(0.0, rate=rate, passed=0.5) == expected


def test_what_is_owed_adds_up_but_never_to_more_than_a_second_brings() -> None:
    assert owed(owed(0.0, rate=60, passed=0.25), rate=60, passed=0.25) == pytest.approx(29.5)
    assert owed(0.0, rate=3600, passed=3600.0) == 3599 * PATIENCE


def test_what_is_owed_is_jumped_while_nothing_waits() -> None:
    assert stride(25.0, to_next=None) == 25.0
    assert stride(25.0, to_next=600.0) == 25.0


def test_no_jump_passes_the_next_moment_at_which_there_is_something_to_do() -> None:
    assert stride(1800.0, to_next=600.0) == 600.0


def test_nothing_is_jumped_when_something_is_to_be_done_now_or_was_to_be_done_already() -> None:
    assert stride(1800.0, to_next=0.0) == 0.0
    assert stride(1800.0, to_next=-5.0) == 0.0


def test_the_first_of_bot_and_world_is_the_next() -> None:
    assert Ahead(bot=later(600), world=later(30)).after(NOON, grain=0.0) == 30.0
    assert Ahead(bot=later(10), world=later(30)).after(NOON, grain=0.0) == 10.0


def test_with_nothing_ahead_there_is_no_next() -> None:
    assert Ahead().after(NOON, grain=60.0) is None


def test_the_world_is_not_looked_at_more_often_than_its_grain_and_the_bot_is_never_kept_waiting() -> None:
    assert Ahead(world=later(1)).after(NOON, grain=180.0) == 180.0
    assert Ahead(bot=later(1), world=later(1)).after(NOON, grain=180.0) == 1.0


def test_the_grain_grows_with_the_rate() -> None:
    assert [grain(rate) for rate in RATES] == [0.0, 59 * GRAIN, 3599 * GRAIN]


def test_somebody_has_something_to_do_from_its_moment_on() -> None:
    assert Ahead(bot=NOON).reached(NOON)
    assert Ahead(world=later(-1)).reached(NOON)
    assert not Ahead(bot=later(1), world=later(1)).reached(NOON)
    assert not Ahead().reached(NOON)


def test_everybody_rests_when_nothing_is_due_and_nothing_is_held() -> None:
    assert Ahead(bot=later(1)).rests(NOON)
    assert not Ahead(bot=later(30), held=True).rests(NOON)
    assert not Ahead(bot=NOON).rests(NOON)


def test_it_is_looked_again_when_the_next_moment_is_owed_in_full() -> None:
    assert pause(0.0, rate=60, to_next=3.0) == pytest.approx(0.05)
    assert pause(500.0, rate=3600, to_next=600.0) == pytest.approx(100 / 3600)
    assert pause(600.0, rate=3600, to_next=600.0) == 0.0


def test_and_often_enough_that_people_see_time_move() -> None:
    assert pause(0.0, rate=60, to_next=600.0) == TICK
    assert pause(0.0, rate=60, to_next=None) == TICK


@pytest.mark.parametrize("rate", [60, 3600])
def test_a_day_of_looks_every_ten_minutes_takes_as_long_as_the_rate_says(rate: int) -> None:
    """A bot that needs 50 ms for every look, walked by these functions alone."""
    busy, real, demo, debt, due = 0.05, 0.0, 0.0, 0.0, 600.0
    while demo < 86_400:
        if demo >= due:  # the bot does what is due: real time, and nothing jumps
            due, passed = due + 600, busy
        else:
            passed = max(pause(debt, rate=rate, to_next=due - demo), 1e-6)
        real, demo, debt = real + passed, demo + passed, owed(debt, rate=rate, passed=passed)
        jumped = stride(debt, to_next=due - demo)
        demo, debt = demo + jumped, debt - jumped
    assert real == pytest.approx(86_400 / rate, rel=0.02)
