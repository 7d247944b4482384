"""Which runbook an alert gets, and which failure mode it has."""

from __future__ import annotations

import pytest

from bot.config.settings import FAILURE_MODE_RULES
from bot.runbooks.loading import Library, load_library
from bot.runbooks.matching import FailureModeRule, choose, failure_mode_of, fits
from tests.unit.runbooks.examples import HEAD, shipped

STEP = "  check:\n    - {id: look, task: Look.}\n"


def library(**matchers: str) -> Library:
    """Runbooks by name, each with its matcher; and ``generic``."""
    texts = {
        f"{name}.yaml": HEAD.replace("id: example", f"id: {name}").replace(
            "- failure_mode: performance", f"- {match}"
        )
        + STEP
        for name, match in {"generic": "{failure_mode: generic}", **matchers}.items()
    }
    found = load_library(texts)
    assert found.problems == ()
    return found


def chosen(known: Library, labels: dict[str, str], mode: str = "performance", severity: str | None = None) -> object:
    match = choose(known, labels, mode, severity)
    return match.runbook.id if match.runbook else match.ties


def test_the_failure_mode_chooses_among_those_shipped() -> None:
    assert chosen(shipped(), {}, "performance") == "model-performance-drop"
    assert chosen(shipped(), {}, "data-quality") == "data-quality"


def test_generic_is_for_what_nothing_fits() -> None:
    assert chosen(shipped(), {}, "chaos") == "generic"


def test_without_any_runbook_there_is_none() -> None:
    assert choose(Library(), {}, "performance", None).runbook is None


def test_the_most_specific_matcher_wins() -> None:
    known = library(
        wide="{failure_mode: performance}",
        narrow="{failure_mode: performance, service: fraud-scorer}",
        pattern="{failure_mode: performance, service: '~fraud-.*'}",
    )

    assert chosen(known, {"service": "fraud-scorer"}) == "narrow"
    assert chosen(known, {"service": "fraud-rules"}) == "pattern"
    assert chosen(known, {"service": "search"}) == "wide"


def test_a_tie_asks() -> None:
    known = library(one="{failure_mode: performance}", two="{failure_mode: performance}")

    assert chosen(known, {}) == ("one", "two")


def test_priority_breaks_a_tie() -> None:
    known = library(one="{failure_mode: performance}", two="{failure_mode: performance, priority: 1}")

    assert chosen(known, {}) == "two"


def test_metric_and_severity_narrow_too() -> None:
    known = library(
        wide="{failure_mode: performance}",
        recall="{failure_mode: performance, metric: [recall, precision]}",
        severe="{failure_mode: performance, metric: recall, severity: [sev1, sev2]}",
    )

    assert chosen(known, {"metric": "precision"}, severity="SEV2") == "recall"
    assert chosen(known, {"metric": "recall"}, severity="SEV2") == "severe"
    assert chosen(known, {"metric": "recall"}) == "recall"


def test_the_items_of_a_matcher_are_alternatives() -> None:
    known = library(both="{failure_mode: [latency, cost]}")

    assert [chosen(known, {}, mode) for mode in ("latency", "cost", "chaos")] == ["both", "both", "generic"]


@pytest.mark.parametrize(
    ("patterns", "value", "does"),
    [
        (("prod",), "prod", True),
        (("prod",), "production", False),
        (("~prod.*",), "production", True),
        (("~rod",), "production", False),
        (("!prod",), "staging", True),
        (("!prod",), "prod", False),
        (("!prod",), "", True),
        (("!~prod.*",), "production", False),
        (("a", "b"), "b", True),
        (("!a", "!b"), "b", False),
        (("~.*", "!b"), "b", False),
        ((), "anything", True),
    ],
)
def test_patterns_use_the_words_of_alertmanager(patterns: tuple[str, ...], value: str, does: bool) -> None:
    assert fits(patterns, value) is does


def test_a_long_value_cannot_keep_a_pattern_busy() -> None:
    assert not fits(("~a{0,500}b",), "a" * 100_000)


@pytest.mark.parametrize(
    ("alert", "mode"),
    [
        ("ModelRecallDrop", "performance"),
        ("FraudPrecisionLow", "performance"),
        ("AUCBelowBaseline", "performance"),
        ("model_auc_low", "performance"),
        ("F1Drop", "performance"),
        ("PredictionQuality", "performance"),
        ("DataQualityFailed", "data-quality"),
        ("HighLatencyP99", "latency"),
        ("p95_too_high", "latency"),
        ("FeatureDrift", "data-quality"),
        ("PSIHigh", "data-quality"),
        ("MissingValues", "data-quality"),
        ("SchemaChanged", "data-quality"),
        ("TokenSpendHigh", "cost"),
        ("InferenceCost", "cost"),
        ("GuardrailViolations", "safety"),
        ("ToxicAnswers", "safety"),
        ("ModelSlowDegradation", "slow-degradation"),
        ("ErrorsAfterRelease", "bad-release"),
        ("ModelErrorRate", "availability"),
        ("Http5xx", "availability"),
        ("ServiceDown", "availability"),
        ("DownloadsPaused", "generic"),
        ("SomethingElse", "generic"),
        ("", "generic"),
    ],
)
def test_the_name_of_an_alert_says_its_failure_mode(alert: str, mode: str) -> None:
    assert failure_mode_of({"alertname": alert}, FAILURE_MODE_RULES) == mode


def test_the_label_says_it_better_if_it_is_one_we_know() -> None:
    labels = {"alertname": "ModelRecallDrop", "failure_mode": "bad-release"}

    assert failure_mode_of(labels, FAILURE_MODE_RULES) == "bad-release"
    assert failure_mode_of({**labels, "failure_mode": "gremlins"}, FAILURE_MODE_RULES) == "performance"


def test_own_rules_are_asked_in_their_order() -> None:
    rules = (FailureModeRule(match={"team": ("ml",), "alertname": ("!Quiet",)}, failure_mode="safety"),)

    assert failure_mode_of({"team": "ml", "alertname": "X"}, rules) == "safety"
    assert failure_mode_of({"team": "ml", "alertname": "Quiet"}, rules) == "generic"
