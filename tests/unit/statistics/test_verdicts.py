"""The verdict rules of a comparison, on the cases that shaped them."""

from __future__ import annotations

import msgspec
import pytest

from bot.statistics import (
    CompareRequest,
    Comparison,
    Counts,
    PairedCounts,
    SliceCounts,
    compare_request,
    paired,
    two_proportions,
)


def judged(a: tuple[int, int], b: tuple[int, int], *, min_positives: int = 100) -> Comparison:
    return two_proportions(
        Counts(successes=a[0], n=a[1]),
        Counts(successes=b[0], n=b[1]),
        better="higher",
        min_effect=0.02,
        min_positives=min_positives,
    )


def test_a_clear_and_large_loss_is_bad() -> None:
    comparison = judged((930, 1000), (882, 1000))
    assert comparison.verdict == "bad"
    assert comparison.effect == pytest.approx(-0.048)
    assert comparison.high < 0
    assert comparison.needed_n is None


def test_the_same_loss_in_a_small_sample_is_inconclusive_and_says_how_many_would_settle_it() -> None:
    comparison = judged((93, 100), (88, 100))
    assert comparison.verdict == "inconclusive"
    assert comparison.needed_n is not None
    assert comparison.needed_n > 100
    needed = comparison.needed_n
    assert judged((round(0.93 * needed), needed), (round(0.88 * needed), needed)).verdict == "bad"


def test_a_certain_but_tiny_loss_is_ok() -> None:
    comparison = judged((46500, 50000), (46200, 50000))
    assert comparison.verdict == "ok"
    assert comparison.p_value < 0.05


def test_a_gain_is_ok_however_large() -> None:
    assert judged((800, 1000), (900, 1000)).verdict == "ok"


def test_too_few_positives_are_no_data_and_the_minimum_is_what_is_needed() -> None:
    comparison = judged((50, 60), (10, 60))
    assert comparison.verdict == "no_data"
    assert comparison.needed_n == 100


def test_nothing_at_all_is_no_data() -> None:
    comparison = judged((0, 0), (0, 0))
    assert comparison.verdict == "no_data"
    assert (comparison.low, comparison.high) == (-1.0, 1.0)


def test_the_smaller_side_has_to_reach_the_minimum() -> None:
    assert judged((9000, 10000), (40, 99)).verdict == "no_data"


def test_for_an_error_rate_more_is_worse() -> None:
    few, many = Counts(n=10_000, successes=100), Counts(n=10_000, successes=600)
    assert two_proportions(few, many, better="lower", min_effect=0.02).verdict == "bad"
    assert two_proportions(many, few, better="lower", min_effect=0.02).verdict == "ok"


def test_a_difference_that_no_realistic_sample_settles_names_no_number() -> None:
    comparison = judged((84_000, 100_000), (82_001, 100_000))
    assert comparison.verdict == "inconclusive"
    assert comparison.needed_n is None


def test_an_effect_of_exactly_the_minimum_counts_although_floats_do_not_divide_evenly() -> None:
    assert judged((88_000, 100_000), (86_000, 100_000)).verdict == "bad"


def test_pairs_find_a_loss_that_separate_samples_of_the_same_size_cannot() -> None:
    counts = PairedCounts(both=901, only_a=28, only_b=7, neither=64)
    together = paired(counts, better="higher", min_effect=0.02)
    apart = two_proportions(counts.a, counts.b, better="higher", min_effect=0.02)
    assert together.verdict == "bad"
    assert apart.verdict == "inconclusive"
    assert together.effect == pytest.approx(apart.effect) == pytest.approx(-0.021)


def test_pairs_without_any_difference_are_ok() -> None:
    comparison = paired(PairedCounts(both=900, only_a=0, only_b=0, neither=100), better="higher", min_effect=0.02)
    assert comparison.verdict == "ok"
    assert comparison.p_value == 1.0


def cut(value: str, *, only_a: int, only_b: int = 10, n: int = 1000) -> SliceCounts:
    both = (n - only_a - only_b) // 2
    pairs = PairedCounts(both=both, only_a=only_a, only_b=only_b, neither=n - only_a - only_b - both)
    return SliceCounts(by="query_type", value=value, paired=pairs)


def test_the_worst_slice_is_the_bad_one_that_lost_most() -> None:
    slices = [cut("card-present", only_a=50), cut("card-not-present", only_a=200), cut("transfer", only_a=10)]
    counts = PairedCounts(both=1500, only_a=260, only_b=30, neither=1210)
    comparison = paired(counts, better="higher", min_effect=0.02, slices=slices)
    assert comparison.verdict == "bad"
    assert comparison.worst is not None
    assert comparison.worst.value == "card-not-present"
    assert [found.verdict for found in comparison.slices] == ["bad", "bad", "ok"]


def test_no_slice_is_called_worst_where_none_is_bad() -> None:
    counts = PairedCounts(both=1500, only_a=30, only_b=30, neither=1440)
    comparison = paired(counts, better="higher", min_effect=0.02, slices=[cut("a", only_a=11), cut("b", only_a=9)])
    assert comparison.worst is None


def test_a_slice_with_few_positives_is_no_data_and_costs_the_others_nothing() -> None:
    counts = PairedCounts(both=1500, only_a=260, only_b=30, neither=1210)
    tiny = [cut(f"tiny-{number}", only_a=5, only_b=0, n=20) for number in range(20)]
    comparison = paired(counts, better="higher", min_effect=0.02, slices=[cut("large", only_a=50), *tiny])
    assert comparison.slices[0].verdict == "bad"
    assert comparison.slices[0].confidence == pytest.approx(0.95)
    assert {found.verdict for found in comparison.slices[1:]} == {"no_data"}


def test_holm_asks_more_of_each_slice_the_more_there_are() -> None:
    slices = [cut(f"slice-{number}", only_a=33, only_b=12) for number in range(12)]
    counts = PairedCounts(both=5000, only_a=396, only_b=144, neither=6460)
    raw = paired(counts, better="higher", min_effect=0.02, slices=slices, holm=False)
    corrected = paired(counts, better="higher", min_effect=0.02, slices=slices)
    assert {found.verdict for found in raw.slices} == {"bad"}
    assert corrected.slices[0].confidence == pytest.approx(1 - 0.05 / 12)
    assert all(wide.low <= narrow.low for wide, narrow in zip(corrected.slices, raw.slices, strict=True))


def test_a_request_survives_the_border_to_another_process() -> None:
    request = CompareRequest(
        test="paired",
        better="higher",
        min_effect=0.02,
        paired=PairedCounts(both=2200, only_a=400, only_b=90, neither=490),
        slices=(cut("transfer", only_a=40),),
    )
    sent = msgspec.json.decode(msgspec.json.encode(request), type=CompareRequest)
    answer = msgspec.json.decode(msgspec.json.encode(compare_request(sent)), type=Comparison)
    assert answer == compare_request(request)
    assert answer.verdict == "bad"


def test_a_request_without_the_counts_of_its_test_is_refused() -> None:
    with pytest.raises(ValueError, match="paired test needs"):
        compare_request(CompareRequest(test="paired", better="higher", min_effect=0.02))
    with pytest.raises(ValueError, match="two proportions needs"):
        compare_request(CompareRequest(test="two_proportions", better="higher", min_effect=0.02))


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be"):
        Counts(n=3, successes=4)
    with pytest.raises(msgspec.ValidationError, match="negative"):
        msgspec.json.decode(b'{"both":1,"only_a":-1,"only_b":0,"neither":0}', type=PairedCounts)
    with pytest.raises(ValueError, match="min_effect"):
        judged_with_a_negative_effect()


def judged_with_a_negative_effect() -> Comparison:
    return two_proportions(Counts(n=9, successes=1), Counts(n=9, successes=1), better="higher", min_effect=-0.1)
