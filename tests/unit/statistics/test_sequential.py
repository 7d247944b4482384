"""Looking 96 times a day: what peeking does, and what the confidence sequence does instead."""

from __future__ import annotations

from math import inf

import msgspec
import numpy as np
import pytest

from bot.statistics.sequential import ConfidenceSequence, Tally

LOOKS, REQUESTS = 96, 200


def days(a: float, b: float, *, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Failures of both arms up to each look, shape (count, looks)."""
    random = np.random.default_rng(seed)
    return tuple(random.binomial(REQUESTS, rate, (count, LOOKS)).cumsum(axis=1) for rate in (a, b))  # type: ignore[return-value]


def first_alarm(a: np.ndarray, b: np.ndarray) -> int | None:
    """The first look whose interval leaves 0 out."""
    for look in range(LOOKS):
        n = REQUESTS * (look + 1)
        sequence = ConfidenceSequence(
            now=Tally(n, float(b[look]), float(b[look])), against=Tally(n, float(a[look]), float(a[look]))
        )
        low, high = sequence.interval
        if low > 0 or high < 0:
            return look + 1
    return None


def test_peeking_cries_wolf_on_every_third_quiet_day_and_the_sequence_hardly_ever() -> None:
    a, b = days(0.10, 0.10, count=400, seed=2)
    n = REQUESTS * np.arange(1, LOOKS + 1)
    pooled = (a + b) / (2 * n)
    z = np.abs(b - a) / n / np.sqrt(pooled * (1 - pooled) * 2 / n)
    assert float((z > 1.96).any(axis=1).mean()) == pytest.approx(0.37, abs=0.06)
    assert float((z[:, -1] > 1.96).mean()) == pytest.approx(0.047, abs=0.03)
    alarms = [first_alarm(*day) for day in zip(a, b, strict=True)]
    assert sum(alarm is not None for alarm in alarms) / len(alarms) <= 0.05


def test_two_points_more_errors_are_found_after_about_five_hours() -> None:
    alarms = [first_alarm(*day) for day in zip(*days(0.10, 0.12, count=80, seed=3), strict=True)]
    assert None not in alarms
    assert float(np.median([alarm for alarm in alarms if alarm])) == pytest.approx(20, abs=6)


def test_it_is_a_fold_over_looks_and_survives_the_log() -> None:
    sequence = ConfidenceSequence(n_star=2000)
    for _ in range(3):
        sequence = sequence.seen(n=100, total=10, against=(200, 10))
    assert (sequence.now, sequence.against) == (Tally(300, 30.0, 30.0), Tally(600, 30.0, 30.0))
    assert sequence.estimate == pytest.approx(0.05)
    kept = msgspec.json.decode(msgspec.json.encode(sequence), type=ConfidenceSequence)
    assert kept == sequence
    assert kept.interval == sequence.interval


def test_more_looks_narrow_it_alike_observations_widen_it() -> None:
    early = ConfidenceSequence().seen(n=1000, total=100)
    late = early.seen(n=9000, total=900)
    alike = msgspec.structs.replace(late, inflation=9.0)
    widths = [high - low for low, high in (early.interval, late.interval, alike.interval)]
    assert widths[1] < widths[0]
    assert widths[2] == pytest.approx(3 * widths[1])


def test_it_is_narrowest_for_its_kind_at_n_star() -> None:
    def width(n_star: int) -> float:
        low, high = ConfidenceSequence(n_star=n_star).seen(n=1000, total=500).interval
        return high - low

    assert width(1000) < width(100)
    assert width(1000) < width(20_000)


def test_not_worse_is_shown_and_not_merely_unrefuted() -> None:
    before = Tally(50_000, 5000.0, 5000.0)
    few = ConfidenceSequence(against=before).seen(n=200, total=20)
    many = ConfidenceSequence(against=before).seen(n=50_000, total=5000)
    bad = ConfidenceSequence(against=before).seen(n=50_000, total=7500)
    verdicts = [one.verdict(better="lower", margin=0.02) for one in (few, many, bad)]
    assert verdicts == ["open", "not_worse", "worse"]


def test_before_thirty_observations_nothing_is_said_and_no_failure_is_not_certainty() -> None:
    assert ConfidenceSequence().seen(n=29, total=29).interval == (-inf, inf)
    low, high = ConfidenceSequence().seen(n=40, total=0).interval
    assert low < 0 < high


def test_numbers_that_are_no_rates_bring_their_squares() -> None:
    values = np.random.default_rng(5).normal(3.0, 2.0, 5000)
    low, high = ConfidenceSequence().seen(n=5000, total=values.sum(), squares=float(values @ values)).interval
    assert low < 3.0 < high
    assert high - low < 0.3
    for wrong in ({"n": 5, "total": 6.0}, {"n": 0, "total": 1.0}, {"n": -1, "total": 0.0}):
        with pytest.raises(ValueError, match="cannot be"):
            Tally().plus(**wrong)  # type: ignore[arg-type]
