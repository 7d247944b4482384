"""The short form becomes the long form of one service; what is not defined says what to add."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.runbooks.catalogue import expand
from bot.runbooks.schema import (
    Action,
    Approval,
    Choice,
    Compare,
    DoneWhen,
    Queries,
    Query,
    Rehearsal,
    Runbook,
    Spec,
    Unconfigured,
    Undo,
    Update,
    Watch,
)
from bot.runbooks.short import WatchTimes
from bot.runbooks.templates import evaluate, render
from tests.unit.runbooks.examples import fraud_scorer, runbook, shipped_runbook


def spec(expanded: Runbook, step_id: str) -> Spec:
    step = expanded.step(step_id)
    assert step is not None
    return step.spec


@pytest.fixture
def drop() -> Runbook:
    return expand(shipped_runbook("model-performance-drop"), fraud_scorer())


@pytest.fixture
def nothing_described() -> Runbook:
    return expand(shipped_runbook("model-performance-drop"), None, name="fraud-scorer")


def test_a_metric_is_its_definition(drop: Runbook) -> None:
    live = spec(drop, "live")

    assert isinstance(live, Query)
    assert (live.name, live.title, live.counts) == ("quality", "Recall", "confirmed frauds")
    assert (live.better, live.min_effect, live.label_delay) == ("higher", 0.02, 6 * 3600)
    assert live.baseline is not None
    assert live.baseline.any_version


def test_several_metrics_stand_in_one_step(drop: Runbook) -> None:
    health = spec(drop, "health")

    assert isinstance(health, Queries)
    assert [query.name for query in health.queries] == ["errors", "latency", "load"]
    assert health.missing == ()


def test_a_metric_that_says_only_what_is_better_is_held_against_its_last_week(drop: Runbook) -> None:
    health = spec(drop, "health")

    assert isinstance(health, Queries)
    assert [query.baseline is not None for query in health.queries] == [True, True, False]


def test_changes_need_no_definition(nothing_described: Runbook) -> None:
    changes = spec(nothing_described, "changes")

    assert isinstance(changes, Query)
    assert changes.source == "changes"


def test_a_comparison_is_its_definition(drop: Runbook) -> None:
    versions = spec(drop, "versions")

    assert isinstance(versions, Compare)
    assert (versions.metric, versions.test, versions.slices) == ("recall", "paired", ("query_type", "region"))
    assert (versions.a, versions.b) == ("{{ target }}", "{{ running }}")


def test_an_action_is_its_definition_and_is_proven_by_the_traffic(drop: Runbook) -> None:
    rollback = spec(drop, "rollback")

    assert isinstance(rollback, Action)
    assert rollback.scope == "fraud-scorer"
    assert rollback.approval == Approval(approvers=("oncall:ml-oncall",))
    assert rollback.undo == Undo(how="captured")
    assert rollback.read == "flags.get"
    assert rollback.done_when.source == "prometheus"
    assert rollback.done_when.promql is not None
    assert rollback.done_when.promql.startswith("sum by (version)")
    assert (rollback.done_when.share, rollback.done_when.times) == (0.99, 2)
    assert rollback.rehearse == Rehearsal(
        arguments={"flag": "fraud-model", "value": "{{ target }}", "environment": "staging"}
    )


def test_a_runbook_knows_how_the_traffic_of_its_service_is_read(drop: Runbook, nothing_described: Runbook) -> None:
    assert isinstance(drop.serving, DoneWhen)
    assert nothing_described.serving is None


def test_the_usual_choice_offers_four_ways(drop: Runbook) -> None:
    decide = spec(drop, "decide")

    assert isinstance(decide, Choice)
    assert {name: (option.role, option.goto, option.needs_reason) for name, option in decide.options.items()} == {
        "rollback": ("rollback", "rollback", False),
        "not_model": (None, "cases", False),
        "help": ("help", None, False),
        "false_alarm": ("false_alarm", None, True),
    }
    assert render(decide.options["rollback"].label, {"target": "41"}) == "Roll back to 41"
    assert render(decide.options["rollback"].label, {}) == "Roll back"


@pytest.mark.parametrize(
    ("verdict", "target", "suggested"),
    [
        ("bad", "41", True),
        ("bad", None, False),
        ("inconclusive", "41", False),
        ("no_data", "41", False),
        ("ok", "41", False),
    ],
)
def test_a_rollback_is_suggested_only_if_the_target_is_better_and_known(
    drop: Runbook, verdict: str, target: str | None, suggested: bool
) -> None:
    decide = spec(drop, "decide")
    assert isinstance(decide, Choice)
    assert decide.suggest is not None

    names = {"steps": {"versions": {"verdict": verdict}}, **({"target": target} if target else {})}

    assert (evaluate(decide.suggest, names) == "rollback") is suggested


def test_a_choice_without_a_comparison_before_it_suggests_nothing() -> None:
    short = runbook(
        "  triage:\n    - {id: decide, choice: rollback}\n"
        "  remediate:\n    - {id: rollback, action: rollback}\n    - {id: after, task: Look.}\n"
    )
    decide = spec(expand(short, fraud_scorer()), "decide")

    assert isinstance(decide, Choice)
    assert decide.suggest is None


def test_a_watch_looks_at_a_metric_or_at_earlier_steps_and_starts_with_the_action() -> None:
    short = runbook(
        "  measure:\n    - {id: live, query: quality}\n    - {id: health, query: [errors, latency]}\n"
        "  remediate:\n    - {id: rollback, action: rollback}\n"
        "  verify:\n    - {id: day, watch: [live, health, load]}\n"
    )
    day = spec(expand(short, fraud_scorer()), "day")

    assert isinstance(day, Watch)
    assert [query.name for query in day.checks] == ["quality", "errors", "latency", "load"]
    assert day.starts == "rollback"
    assert (day.every, day.duration, day.fail_after) == (600, 86400, 3)


@pytest.mark.parametrize(
    ("own", "expected"), [("", (60, 1800, 2)), (", every: 5m, for: 1h", (300, 3600, 3))], ids=["service", "own"]
)
def test_a_watch_that_is_written_out_looks_as_the_service_says_unless_it_says_so_itself(
    own: str, expected: tuple[int, int, int]
) -> None:
    short = runbook(
        "  remediate:\n    - {id: fix, task: Mend it.}\n"
        f"  verify:\n    - {{id: day, watch: {{checks: [quality], starts: fix{own}}}}}\n"
    )
    service = replace(fraud_scorer(), watch=WatchTimes(every=60.0, duration=1800.0, fail_after=2))
    day = spec(expand(short, service), "day")

    assert isinstance(day, Watch)
    assert (day.every, day.duration, day.fail_after) == expected


def test_an_update_in_the_short_form_waits_for_the_action_and_goes_to_the_services_stakeholders() -> None:
    short = runbook(
        "  remediate:\n    - {id: rollback, action: rollback}\n"
        "  communicate:\n    - {id: told, update: stakeholders}\n"
    )
    told = spec(expand(short, fraud_scorer()), "told")
    told_of_unknown = spec(expand(short, None), "told")

    assert isinstance(told, Update)
    assert (told.audience, told.after) == (("risk",), "rollback")
    assert isinstance(told_of_unknown, Update)
    assert told_of_unknown.audience == ("stakeholders",)


@pytest.mark.parametrize(
    ("step", "kind", "missing"),
    [
        ("live", "query", "add services.fraud-scorer.metrics.quality to evenkeel.yaml"),
        ("versions", "compare", "add services.fraud-scorer.compare.last_good to evenkeel.yaml"),
        ("rollback", "action", "add services.fraud-scorer.rollback to evenkeel.yaml"),
        ("day", "watch", "add services.fraud-scorer.metrics.quality to evenkeel.yaml"),
    ],
)
def test_a_name_that_is_not_defined_says_what_to_add(
    nothing_described: Runbook, step: str, kind: str, missing: str
) -> None:
    found = spec(nothing_described, step)

    assert isinstance(found, Unconfigured)
    assert (found.kind, found.missing) == (kind, missing)


def test_what_is_missing_from_several_is_said_beside_the_rest() -> None:
    short = runbook("  measure:\n    - {id: health, query: [errors, saturation]}\n")
    health = spec(expand(short, fraud_scorer()), "health")

    assert isinstance(health, Queries)
    assert [query.name for query in health.queries] == ["errors"]
    assert health.missing == ("add services.fraud-scorer.metrics.saturation to evenkeel.yaml",)


def test_another_action_than_the_rollback_is_added_under_actions() -> None:
    short = runbook("  remediate:\n    - {id: pause, action: pause}\n")
    pause = spec(expand(short, fraud_scorer()), "pause")

    assert isinstance(pause, Unconfigured)
    assert pause.missing == "add services.fraud-scorer.actions.pause to evenkeel.yaml"


def test_the_choice_stays_without_a_catalogue(nothing_described: Runbook) -> None:
    decide = spec(nothing_described, "decide")

    assert isinstance(decide, Choice)
    assert decide.options["rollback"].goto == "rollback"
