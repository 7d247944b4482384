"""Chance that can be looked up."""

from __future__ import annotations

import numpy as np
import pytest

from bot.sandbox.world.chance import binomial, normal, uniform

KEYS = np.arange(200_000)


def test_the_same_key_always_gives_the_same_number() -> None:
    assert np.array_equal(uniform(1, "route", KEYS)[500:700], uniform(1, "route", KEYS[500:700]))


def test_seeds_and_purposes_are_independent() -> None:
    base = normal(1, "a", KEYS)
    for other in (normal(2, "a", KEYS), normal(1, "b", KEYS)):
        assert abs(np.corrcoef(base, other)[0, 1]) < 0.01


def test_numbers_are_spread_as_they_should_be() -> None:
    spread = uniform(3, "x", KEYS)
    assert 0 < spread.min() < spread.max() < 1
    assert np.histogram(spread, bins=10, range=(0, 1))[0] == pytest.approx(20_000, rel=0.05)
    bell = normal(3, "x", KEYS)
    assert (bell.mean(), bell.std()) == pytest.approx((0, 1), abs=0.01)
    assert abs(np.corrcoef(bell[:-1], bell[1:])[0, 1]) < 0.01


def test_counts_lie_between_none_and_all_around_what_is_expected() -> None:
    drawn = binomial(3, "x", KEYS, n=np.full(len(KEYS), 50.0), p=0.8)
    assert (drawn.mean(), drawn.std()) == pytest.approx((40, 8**0.5), rel=0.02)
    assert drawn.min() >= 0
    assert drawn.max() <= 50
