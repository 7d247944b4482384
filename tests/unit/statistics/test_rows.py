"""Rows of two versions: read in every form, matched, filtered, and judged as counts are."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from bot.statistics import PairedCounts, Rows, Table, paired
from bot.statistics.counts import LeftOut
from tests.unit.statistics.draws import compared, table

A, B = [1, 1, 1, 0, 0, 1, 1, 1, 1, 0] * 30, [1, 1, 0, 1, 0, 1, 1, 0, 1, 0] * 30
REGION = ["eu", "us", "apac"] * 100


def as_rows() -> list[dict[str, Any]]:
    return [{"id": n, "a": a, "b": b, "region": r} for n, (a, b, r) in enumerate(zip(A, B, REGION, strict=True))]


FORMS = {
    "columns": Table(msgspec.json.encode({"columns": {"a": A, "b": B, "region": REGION}}), "json"),
    "rows": Table(msgspec.json.encode({"rows": as_rows(), "labels_age_seconds": 9.0}), "json"),
    "list": Table(msgspec.json.encode(as_rows()), "json"),
    "lines": Table(b"\n".join(msgspec.json.encode(row) for row in as_rows()), "jsonl"),
    "csv": Table(
        "\ufeffid,a,b,region\r\n".encode()
        + "".join(f'"{r["id"]}",{r["a"]},{r["b"]},{r["region"]}\r\n' for r in as_rows()).encode(),
        "csv",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_rows_in_every_form_are_the_same_comparison_as_their_counts(form: str) -> None:
    found = compared(Rows(both=FORMS[form]), slices=("region",), min_positives=50)
    counts = paired(PairedCounts(both=150, only_a=60, only_b=30, neither=60), better="higher", min_effect=0.02)
    assert (found.verdict, found.effect, found.low, found.high) == (
        counts.verdict, counts.effect, counts.low, counts.high,
    )  # fmt: skip
    assert found.p_value == counts.p_value
    assert sorted((cut.value, cut.n) for cut in found.slices) == [("apac", 100), ("eu", 100), ("us", 100)]
    assert sum(cut.effect * cut.n for cut in found.slices) == pytest.approx(found.effect * 300)


def two(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> Rows:
    return Rows(a=Table(msgspec.json.encode(a), "json"), b=Table(msgspec.json.encode(b), "json"))


def test_a_table_for_each_version_is_matched_by_id_in_any_order() -> None:
    old = [{"id": n, "correct": True} for n in range(200)]
    new = [{"id": n, "correct": n % 4 > 0} for n in reversed(range(50, 300))]
    found = compared(two(old, new))
    assert found.n == 150
    assert found.effect == pytest.approx(-37 / 150)
    assert found.left_out == LeftOut(unmatched=150)
    apart = compared(two(old, new), test="two_proportions")
    assert (apart.a_n, apart.b_n, apart.left_out) == (200, 250, LeftOut())


def test_predictions_are_right_where_they_are_the_label() -> None:
    old = [{"id": n, "label": n % 2, "prediction": n % 2} for n in range(400)]
    new = [{"id": n, "label": n % 2, "prediction": 0} for n in range(400)]
    everything = compared(two(old, new), metric="accuracy")
    frauds = compared(two(old, new), metric="recall")
    others = compared(two(old, new), metric="specificity")
    assert [(one.n, one.effect) for one in (everything, frauds, others)] == [(400, -0.5), (200, -1.0), (200, 0.0)]


def test_precision_is_about_what_each_version_called_a_fraud() -> None:
    old = [{"id": n, "label": n % 2, "prediction": n % 2} for n in range(400)]
    new = [{"id": n, "label": n % 2, "prediction": 1} for n in range(400)]
    found = compared(two(old, new), metric="precision", test="two_proportions")
    assert (found.a_n, found.b_n, found.a_rate, found.b_rate) == (200, 400, 1.0, 0.5)
    assert found.left_out == LeftOut()
    with pytest.raises(ValueError, match="two_proportions compares those"):
        compared(two(old, new), metric="precision")


def test_what_is_left_out_is_counted_by_why() -> None:
    old: list[dict[str, Any]] = [{"id": n, "value": 1} for n in range(150)]
    old += [{"id": 3, "value": 0}, {"id": 500, "value": None}]
    new = [{"id": n, "value": 1} for n in range(160)]
    assert compared(two(old, new)).left_out == LeftOut(repeated=1, incomplete=1, unmatched=10)
    rows = table(a=[1] * 200, b=[1] * 200, w=[1.0] * 190 + [0.0] * 10, label=[1] * 100 + [None] * 50 + [0] * 50)
    found = compared(rows, weights="w", metric="recall")
    assert (found.n, found.left_out) == (100, LeftOut(incomplete=50))


def test_a_separate_test_takes_what_each_version_judged() -> None:
    found = compared(table(a=[1] * 150 + [None] * 120, b=[None] * 150 + [1] * 120), test="two_proportions")
    assert (found.a_n, found.b_n, found.left_out) == (150, 120, LeftOut())


def test_young_rows_wait_until_enough_are_old() -> None:
    at = [float(second) for second in range(1000)]
    rows = table(a=[1] * 1000, b=[1] * 1000, at=at)
    found = compared(rows, label_delay=100.0, now=150.0)  # the first 51 are old enough
    assert (found.verdict, found.mature_at) == ("no_data", 199.0)
    assert found.left_out.immature == 949
    later = compared(rows, label_delay=100.0, now=199.0, min_effect=0.1)
    assert (later.verdict, later.n, later.mature_at) == ("ok", 100, None)


def test_rare_positives_are_waited_for_longer() -> None:
    rows = table(a=[1] * 1000, b=[1] * 1000, at=[float(n) for n in range(1000)], label=[1, 0, 0, 0] * 250)
    found = compared(rows, label_delay=100.0, now=299.0, metric="recall")
    assert (found.positives, found.mature_at) == (50, 499.0)


def test_labels_of_an_age_hold_for_all_rows() -> None:
    body = msgspec.json.encode({"columns": {"a": A, "b": B}, "labels_age_seconds": 40.0})
    found = compared(Rows(both=Table(body, "json")), label_delay=100.0, now=7.0)
    assert (found.verdict, found.mature_at) == ("no_data", 67.0)


def test_scores_are_compared_in_pairs_and_cases_not_drawn_at_once() -> None:
    random = np.random.default_rng(3)
    a = random.normal(4.0, 1.0, 500)
    b = a - 0.2 + random.normal(0.0, 0.5, 500)
    exact, drawn = (compared(table(a=a, b=b), test=test, min_effect=0.1) for test in ("paired", "bootstrap"))
    assert (exact.verdict, drawn.verdict, exact.rates) == ("bad", "bad", False)
    assert [drawn.low, drawn.high] == pytest.approx([exact.low, exact.high], abs=0.02)
    expected = float((b - a).mean())
    assert exact.effect == pytest.approx(expected)
    again = compared(table(a=a, b=b), test="bootstrap", min_effect=0.1)
    assert again == drawn


def test_the_chance_of_being_higher_is_counted_over_all_pairs() -> None:
    a, b = [1.0, 2.0, 3.0, 4.0] * 30, [2.0, 2.0, 5.0, 0.0] * 30
    found = compared(table(a=a, b=b), test="mann_whitney", min_effect=0.3)
    above = np.mean([(y > x) + 0.5 * (y == x) for x in a[:4] for y in b[:4]])
    assert found.effect == pytest.approx(above - 0.5)
    assert (found.a_rate, found.b_rate) == (2.5, 2.0)


def test_weighted_quantiles_are_those_of_the_repeated_rows() -> None:
    values, times = [10.0, 20.0, 30.0, 40.0] * 50, [1.0, 1.0, 1.0, 7.0] * 50
    rows = table(a=values, b=values, w=times)
    found = compared(rows, test="bootstrap", statistic="p50", weights="w", min_effect=1.0)
    assert (found.a_rate, found.effect) == (40.0, 0.0)


@pytest.mark.parametrize(
    ("rows", "asked", "said"),
    [
        (Rows(), {}, "one table for both versions, or one for each"),
        (two([{"value": 1}], [{"value": 1}]), {}, "matched by the column 'id'"),
        (two([{"id": 1}], [{"id": 1, "value": 1}]), {}, "the rows need 'value'"),
        (table(a=[1], b=[1]), {"cluster": "user"}, "no column 'user'"),
        (table(a=[1], b=[1], w=[-1]), {"weights": "w"}, "weights cannot be negative"),
        (table(a=[1], b=[1], w=[1]), {"weights": "w", "test": "mann_whitney"}, "takes no weights"),
        (table(a=[0.5], b=[1]), {"test": "two_proportions"}, "rows that are 0 or 1"),
        (table(a=[1], b=[1], at=["2026-11-21T03:00:00"]), {"label_delay": 5.0}, "with an offset"),
        (table(a=[1], b=[1], at=["soon"]), {"label_delay": 5.0}, "soon"),
        (Rows(both=Table(b"a,b\n1,1\n1\n", "csv")), {}, "line 3 is too short"),
        (Rows(both=Table(b"\xff\xfe,b\n", "csv")), {}, "cannot be read"),
        (Rows(both=Table(b"{", "json")), {}, "cannot be read"),
        (Rows(both=Table(b"{}", "json")), {}, "neither 'columns' nor 'rows'"),
        (table(a=[1], b=[1], id=[[1]]), {}, "texts or numbers"),
    ],
)
def test_rows_that_cannot_be_compared_are_refused_in_words(rows: Rows, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        compared(rows, **asked)


@pytest.mark.parametrize("test", ["paired", "two_proportions", "mann_whitney", "bootstrap"])
def test_no_rows_at_all_are_no_data(test: str) -> None:
    assert compared(table(a=[], b=[]), test=test).verdict == "no_data"
    assert compared(Rows(both=Table(b"", "csv")), test=test).verdict == "no_data"


def test_a_single_cluster_tells_nothing() -> None:
    found = compared(table(a=[1] * 200, b=[0] * 200, user=["u"] * 200), cluster="user")
    assert (found.verdict, found.low, found.high, found.clusters) == ("inconclusive", -1.0, 1.0, 1)
