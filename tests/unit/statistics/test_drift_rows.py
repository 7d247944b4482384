"""Drift of rows: numbers and categories, in one table or two, in all and by slice."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from bot.statistics import Rows, RowsRequest, Table
from bot.statistics.counts import LeftOut
from bot.statistics.drift import MIN_EFFECT, ks, psi, wasserstein
from bot.statistics.drift_rows import Drifted, drift_rows
from tests.unit.statistics.draws import table

RANDOM = np.random.default_rng(11)
BEFORE, MOVED = RANDOM.normal(size=2000), RANDOM.normal(0.8, 1.0, size=2000)


def drifted(test: Any, rows: Rows, **asked: Any) -> Drifted:
    usual: dict[str, Any] = {"better": "higher", "min_effect": MIN_EFFECT[test], "seed": 1}
    return drift_rows(RowsRequest(test=test, rows=rows, **{**usual, **asked}))


def two(a: dict[str, Any], b: dict[str, Any]) -> Rows:
    one, other = (Table(msgspec.json.encode({"columns": side}), "json") for side in (a, b))
    return Rows(a=one, b=other)


@pytest.mark.parametrize("test", ["psi", "ks", "wasserstein"])
def test_rows_of_numbers_are_judged_as_the_numbers_are(test: str) -> None:
    found = drifted(test, table(a=BEFORE, b=MOVED)).drift
    known = {"psi": psi, "ks": ks, "wasserstein": lambda a, b: wasserstein(a, b, seed=1)}[test](BEFORE, MOVED)
    assert (found, found.verdict) == (known, "bad")
    again = drifted(test, table(a=BEFORE, b=RANDOM.permutation(BEFORE)))
    assert (again.drift.verdict, again.a_n, again.b_n) == ("ok", 2000, 2000)


def test_each_side_may_have_a_table_of_its_own_with_a_column_of_the_metrics_name() -> None:
    rows = two({"amount": BEFORE.tolist(), "value": [0.0] * 2000}, {"amount": MOVED[:900].tolist()})
    found = drifted("ks", rows, metric="amount")
    assert (found.drift.verdict, found.a_n, found.b_n, found.drift.n) == ("bad", 2000, 900, 900)
    scores = two({"value": BEFORE.tolist()}, {"prediction": BEFORE.tolist()})
    assert drifted("ks", scores, metric="score").drift.value == 0.0
    with pytest.raises(ValueError, match="one of the columns 'amount', 'value', 'prediction'"):
        drifted("ks", two({"id": [1]}, {"id": [1]}), metric="amount", label_delay=0.0)


@pytest.mark.parametrize("test", ["psi", "chi_square"])
def test_categories_are_counted_and_a_new_one_is_a_drift(test: str) -> None:
    before, after = ["card", "transfer"] * 500, ["card", "cash"] * 400
    found = drifted(test, two({"value": before}, {"value": after}))
    assert (found.drift.verdict, found.drift.n) == ("bad", 800)
    assert drifted(test, two({"value": before}, {"value": before[::-1]})).drift.value == 0.0


def test_numbers_may_be_categories_however_they_are_written() -> None:
    rows = two({"value": [1, 2, 3, 4] * 100}, {"value": [1.0, "2", "3", 4.0] * 100})
    assert drifted("chi_square", rows).drift.value == 0.0


def test_an_index_of_many_categories_needs_more_rows() -> None:
    names = [f"shop {number}" for number in range(40)] * 30
    found = drifted("psi", two({"value": names}, {"value": names})).drift
    assert (found.verdict, found.min_n) == ("no_data", 2000)


def test_numbers_are_no_categories_and_categories_no_numbers() -> None:
    with pytest.raises(ValueError, match="4,000 different values are no categories"):
        drifted("chi_square", table(a=BEFORE, b=MOVED))
    with pytest.raises(ValueError, match="a number was expected"):
        drifted("ks", table(a=["card"], b=["cash"]))


@pytest.mark.parametrize(("test", "needed"), [("psi", 500), ("ks", 100), ("chi_square", 100), ("wasserstein", 100)])
def test_with_too_few_rows_nothing_is_said(test: str, needed: int) -> None:
    few = [number % 3 for number in range(needed - 1)]
    assert drifted(test, table(a=few, b=few[::-1])).drift.verdict == "no_data"
    assert drifted(test, table(a=[*few, 0], b=[*few, 0])).drift.verdict == "ok"
    assert drifted(test, table(a=[*few, 0], b=[*few, 0]), min_positives=9000).drift.min_n == 9000
    assert drifted(test, table(a=[], b=[])).drift.verdict == "no_data"


def test_what_has_no_value_is_left_out_and_counted() -> None:
    found = drifted("ks", two({"value": BEFORE.tolist()}, {"value": [*BEFORE.tolist(), None, None]}))
    assert (found.left_out, found.b_n) == (LeftOut(incomplete=2), 2000)


def test_the_slice_that_moved_most_is_named() -> None:
    region = ["eu", "us"] * 1000
    after = np.where(np.array(region) == "us", BEFORE + 2.0, BEFORE)
    found = drifted("psi", table(a=BEFORE, b=after, region=region), slices=("region",))
    assert {cut.value: cut.drift.verdict for cut in found.slices} == {"eu": "ok", "us": "bad"}
    assert found.worst is not None
    assert found.worst.value == "us"


@pytest.mark.parametrize("correct", ["holm", "bh"])
def test_many_slices_without_drift_seldom_blame_one(correct: str) -> None:
    cuts = [str(number % 20) for number in range(4000)]
    blamed = {"none": 0, correct: 0}
    for seed in range(12):
        random = np.random.default_rng(seed)
        rows = table(a=random.normal(size=4000), b=random.normal(size=4000), cut=cuts)
        for how in blamed:
            found = drifted("ks", rows, slices=("cut",), correct=how, min_effect=0.05)
            blamed[how] += found.worst is not None
    assert blamed["none"] >= 5
    assert blamed[correct] <= 2
