"""Patterns that could keep every alert waiting are known by their look; what people write is not among them."""

from __future__ import annotations

import re

import pytest

from bot.alerts.quiet import unreadable
from bot.config import load_settings
from bot.errors import ConfigurationError
from bot.runbooks.patterns import takes_too_long


@pytest.mark.parametrize(
    "pattern",
    [
        "", "Drift.*", ".*Drift.*", ".*Drift.*amount.*", "(eu|us)-.*", "High|Low|None", r"p(50|9[59])_.*",
        "(?i)drift.*",
        r"\d{4}-\d\d-\d\d", "[a-z]+-[0-9]+", "(?:canary-)?fraud", "a{2,5}", "[]x]+", r"\(a\)+", ".*?a", "(?!test).*",
        "(?P<region>eu|us)-[0-9]+", "a*+b",
    ],
)  # fmt: skip
def test_a_pattern_that_people_write_is_fine(pattern: str) -> None:
    re.compile(pattern)
    assert not takes_too_long(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$", "(a|a)*$", "(a|a)+", "((a|b)c){2,}", "(a*)*", "a?" * 40 + "a" * 40, "(a|a)" * 40, ".*a.*a.*a.*a.*",
        "(?:a?|b)" * 30, "a{0,300}" * 4, r"(a)\1", "(?P<x>a)(?P=x)", "(?=(a+)+b)c", "(?i)(a|a)*b", "((a?)?)?" * 20,
    ],
)  # fmt: skip
def test_a_pattern_that_may_never_end_is_not(pattern: str) -> None:
    re.compile(pattern)
    assert takes_too_long(pattern)
    assert "too involved" in unreadable({"alertname": f"~{pattern}"})
    assert "too involved" in unreadable({"alertname": f"!~{pattern}"})


def test_the_worst_that_is_allowed_ends_soon_with_a_value_made_for_it() -> None:
    pattern = "[a-z]*[a-z]*[a-z]*0"
    assert not takes_too_long(pattern)
    assert re.fullmatch(pattern, "a" * 300) is None


def test_the_configuration_is_told_the_place() -> None:
    text = "routes:\n  - {name: one, match: {alertname: '~(a|a)*b'}}\n"
    with pytest.raises(ConfigurationError) as refused:
        load_settings(text, file="evenkeel.yaml", environment={}, read_secret=str)
    (problem,) = refused.value.problems
    assert problem.startswith("evenkeel.yaml:2:36: 'alertname': the pattern '(a|a)*b' could keep every alert waiting")
