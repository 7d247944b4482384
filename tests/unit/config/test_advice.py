"""What ``evenkeel check`` advises about the catalogue."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.cli.check import examine
from bot.config.advice import EXPERIMENT_OVER, MISSPELT, advice
from tests.unit.config.test_settings import settings

TODAY = date(2026, 11, 21)
CONFIGURATION = Path(__file__).parents[3] / "docs" / "reference" / "configuration.md"


def advised(service: str) -> list[str]:
    text = f"services:\n  feature-store: {{}}\n  fraud-scorer: {{{service}}}\n"
    return [finding.text for finding in advice(settings(text), today=TODAY)]


def test_an_experiment_that_is_over_is_to_be_taken_out() -> None:
    (said,) = advised("experiments: {old: {until: 2026-11-01}, now: {until: 2026-11-21}, later: {since: 2027-01-01}}")
    assert said == (
        "evenkeel.yaml:3:17: warning: experiment 'old' was over on 2026-11-01: take it out [experiment-over]"
    )


@pytest.mark.parametrize(
    ("dependencies", "rules"),
    [("feature-store", []), ("payment-provider", []), ("feature-stor", [MISSPELT]), ("fraud-scorers", [])],
)
def test_a_dependency_may_be_anybody_s_but_not_nearly_one_of_ours(dependencies: str, rules: list[str]) -> None:
    said = advised(f"dependencies: [{dependencies}]")
    assert [text.rpartition("[")[2].rstrip("]") for text in said] == rules


def test_check_says_it_as_a_warning_that_counts_with_strict_only(tmp_path: Path) -> None:
    file = tmp_path / "evenkeel.yaml"
    file.write_text("services: {fraud-scorer: {experiments: {old: {until: 2026-11-01}}}}\n")
    found = examine([str(file)], {}, today=TODAY)
    assert (found.fails(strict=False), found.fails(strict=True)) == (False, True)


def test_every_rule_is_in_the_reference() -> None:
    text = CONFIGURATION.read_text(encoding="utf-8")
    assert all(f"`{rule}`" in text for rule in (EXPERIMENT_OVER, MISSPELT))
