"""JSONPath in evenkeel.yaml: what may be written, and that whatever costs much is refused where it is written."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.sources.paths import every, first, problem


@pytest.mark.parametrize(
    "path",
    ["$", "$.a", "$['a b'].c", "$..a", "$.a[*].b", "$.a[-1]", "$.a[1:3]", "$.a[?@.b == 'x$(..']", "$..*",
     "$.a[?@.a == 1 && @.b != 'y'].c"],
)  # fmt: skip
def test_what_costs_little_may_be_written(path: str) -> None:
    assert problem(path) == ""


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", "begins with"), ("a.b", "begins with"), ("$.", "no JSONPath"), ("$[", "no JSONPath"),
        ("$.a[?match(@.b, '(a+)+$')]", "filter"), ("$.a[?search(@.b, 'x')]", "filter"), ("$.a[?@..b]", "filter"),
        ("$.a[?@.a == $.b]", "filter"), ("$.a[?@.a[?@.b]]", "filter"), ("$..a..b", "too many ways"),
        ("$['a','b']", "several selectors"), ("$" + "[0,0]" * 50, "several selectors"),
        ("$" + "[*]" * 50, "too many ways"), ("$" + ".a" * 200, "characters"), ("$.a | $.b", "no JSONPath"),
        ("$.a[99999999999999999999999]", "no JSONPath"), ("$" + "[" * 250, "no JSONPath"),
    ],
)  # fmt: skip
def test_what_costs_much_or_is_none_is_told(path: str, why: str) -> None:
    assert why in problem(path)


def test_the_first_that_is_there_counts() -> None:
    assert first("$..a", {"x": [{"a": None}, {"a": 0}, {"a": 2}]}) == 0
    assert first("$.b", {"a": 1}) is None
    assert every("$.a[*]", {"a": [1, 2, 3]}, most=2) == [1, 2]


@given(st.text(alphabet="$.*[]?@'\"ab01=(),:!&|", max_size=60))
def test_any_text_is_a_path_or_told_why_not(text: str) -> None:
    began = time.process_time()
    if not problem(f"${text}"):
        every(f"${text}", {"a": [{"b": 1, "a": {"a": [1, "0"]}}]}, most=100)
    assert time.process_time() - began < 1
