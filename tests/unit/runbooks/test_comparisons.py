"""The keys of a comparison, as a file says them and as the long form prints them."""

from __future__ import annotations

import msgspec
import pytest

from bot.errors import ConfigurationError
from bot.runbooks.catalogue import expand
from bot.runbooks.loading import load_runbook
from bot.runbooks.printing import print_runbook
from bot.runbooks.schema import Compare, Runbook
from tests.unit.runbooks.examples import HEAD

NEEDED = "source: evaluator, metric: latency, min_effect: 50"


def read(keys: str, needed: str = NEEDED) -> Runbook:
    text = f"{HEAD}  triage:\n    - {{id: versions, compare: {{{needed}, {keys}}}}}\n"
    return expand(load_runbook(text, file="it.yaml"), None, name="search")


def problems(keys: str) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        read(keys)
    return [problem.partition(": ")[2] for problem in refused.value.problems]


def test_all_that_is_written_is_read_and_printed_so_that_it_reads_back() -> None:
    keys = (
        "test: bootstrap, statistic: p95, better: lower, unit: ms, weights: weight, cluster: user, slices: [region], "
        "correct: bh, signal: sampled, label_delay: 6h, min_positives: 50, confidence: 0.9"
    )
    runbook = read(keys)
    spec = runbook.steps[0].spec
    assert spec == Compare(
        source="evaluator", metric="latency", min_effect=50, test="bootstrap", statistic="p95", better="lower",
        unit="ms", weights="weight", cluster="user", slices=("region",), correct="bh", signal="sampled",
        label_delay=6 * 3600.0, min_positives=50, confidence=0.9,
    )  # fmt: skip
    again = expand(load_runbook(print_runbook(runbook), file="again.yaml"), None, name="search")
    assert again.steps[0].spec == spec


def test_without_more_keys_rows_count_alike_and_slices_are_corrected() -> None:
    spec = read("test: paired").steps[0].spec
    assert isinstance(spec, Compare)
    assert (spec.weights, spec.cluster, spec.correct, spec.statistic) == (None, None, "holm", "mean")


@pytest.mark.parametrize(("test", "usual"), [("psi", 0.2), ("ks", 0.1), ("chi_square", 0.1), ("wasserstein", 0.1)])
def test_a_drift_has_a_limit_of_its_own_and_needs_no_other(test: str, usual: float) -> None:
    found = read(f"test: {test}, a: training, b: today", needed="source: evaluator, metric: amount")
    spec = found.steps[0].spec
    assert isinstance(spec, Compare)
    assert (spec.test, spec.min_effect, spec.a, spec.b) == (test, usual, "training", "today")
    again = expand(load_runbook(print_runbook(found), file="again.yaml"), None, name="search")
    assert again.steps[0].spec == spec


def test_which_way_is_better_is_read_and_means_nothing_to_a_drift() -> None:
    assert read("test: psi, better: lower").steps[0].spec == msgspec.structs.replace(
        read("test: psi").steps[0].spec, better="lower"
    )


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("test: psi, weights: w", "'psi' takes no 'weights': every row counts once"),
        ("test: ks, cluster: user", "'ks' takes no 'cluster': every row counts once"),
        ("test: ks, statistic: p95", "'p95' is compared by 'test: bootstrap'"),
        ("test: mann_whitney, statistic: p95", "'p95' is compared by 'test: bootstrap'"),
        ("test: mann_whitney, weights: w", "'mann_whitney' takes no weights; 'bootstrap' does"),
        ("test: paired, confidence: 95", "'confidence' is a share between 0.5 and 1, as in 0.95"),
    ],
)
def test_keys_that_contradict_each_other_are_told(keys: str, said: str) -> None:
    assert problems(keys) == [said]


@pytest.mark.parametrize(
    "keys", ["test: t_test", "test: bootstrap, statistic: p42", "test: paired, correct: bonferroni"]
)
def test_words_that_are_not_known_are_told(keys: str) -> None:
    assert len(problems(keys)) == 1


def test_a_drift_of_nothing_would_always_be_bad() -> None:
    with pytest.raises(ConfigurationError, match="'psi' is never quite 0; say from where on a drift matters"):
        read("test: psi, min_effect: 0", needed="source: evaluator, metric: amount")
