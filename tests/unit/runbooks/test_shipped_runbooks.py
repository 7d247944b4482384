"""The runbooks that come with the program load, fit their alerts, and read back from their long form."""

from __future__ import annotations

import msgspec
import pytest

from bot.runbooks.catalogue import expand
from bot.runbooks.loading import load_runbook
from bot.runbooks.printing import print_runbook
from bot.runbooks.schema import PHASES, Action, Runbook, Task, Unconfigured, Update
from tests.unit.runbooks.examples import ROOT, fraud_scorer, shipped, shipped_runbook

SHIPPED = [
    "bad-release", "cost", "data-quality", "generic", "latency", "model-performance-drop", "safety",
    "slow-degradation",
]  # fmt: skip


def test_they_are_all_good() -> None:
    library = shipped()

    assert library.problems == ()
    assert sorted(runbook.id for runbook in library.runbooks) == SHIPPED


def test_they_lie_at_the_repositorys_root_too() -> None:
    assert sorted(file.stem for file in (ROOT / "runbooks").glob("*.yaml")) == SHIPPED


@pytest.mark.parametrize("runbook_id", SHIPPED)
def test_their_steps_follow_the_phases(runbook_id: str) -> None:
    steps = expand(shipped_runbook(runbook_id), fraud_scorer()).steps

    order = [PHASES.index(step.phase) for step in steps]
    assert order == sorted(order)


@pytest.mark.parametrize("runbook_id", SHIPPED)
def test_every_update_follows_a_confirmed_success(runbook_id: str) -> None:
    expanded = expand(shipped_runbook(runbook_id), fraud_scorer())
    updates = [step.spec for step in expanded.steps if isinstance(step.spec, Update)]

    assert updates
    assert all(update.after and expanded.step(update.after) for update in updates)


@pytest.mark.parametrize("runbook_id", SHIPPED)
def test_a_runbook_goes_through_json_unchanged(runbook_id: str) -> None:
    expanded = expand(shipped_runbook(runbook_id), fraud_scorer())

    assert msgspec.json.decode(msgspec.json.encode(expanded), type=Runbook) == expanded


@pytest.mark.parametrize("runbook_id", SHIPPED)
def test_the_long_form_reads_back_to_the_same_steps(runbook_id: str) -> None:
    service = fraud_scorer()
    expanded = expand(shipped_runbook(runbook_id), service)

    again = expand(load_runbook(print_runbook(expanded), file="long.yaml"), service)

    assert again.steps == expanded.steps
    assert again.match == expanded.match


def test_the_long_form_says_what_is_not_configured() -> None:
    printed = print_runbook(expand(shipped_runbook("model-performance-drop"), None, name="search"))

    assert "# rollback: not configured, add services.search.rollback to evenkeel.yaml" in printed


@pytest.mark.parametrize("runbook_id", ["data-quality", "cost", "slow-degradation"])
def test_what_an_older_model_would_not_mend_is_not_answered_with_one(runbook_id: str) -> None:
    steps = expand(shipped_runbook(runbook_id), fraud_scorer()).steps

    assert not [step.id for step in steps if isinstance(step.spec, Action)]


def test_the_generic_runbook_can_be_walked_with_nothing_connected() -> None:
    steps = expand(shipped_runbook("generic"), None, name="search").steps
    by_hand = [step for step in steps if not isinstance(step.spec, Unconfigured)]

    assert {"check", "measure", "triage", "remediate", "verify", "communicate"} == {step.phase for step in by_hand}


def test_a_safety_incident_is_stopped_before_anything_is_measured_and_kept_among_few() -> None:
    runbook = expand(shipped_runbook("safety"), fraud_scorer())

    assert runbook.steps[0].id == "contain"
    assert runbook.private
    assert runbook.severity_floor == "SEV1"


def test_a_training_is_an_action_where_it_is_described_and_a_task_where_it_is_not() -> None:
    described = fraud_scorer()
    action = msgspec.structs.replace(described.actions["rollback"], name="retrain")
    described = msgspec.structs.replace(described, actions={**described.actions, "retrain": action})
    asked = expand(shipped_runbook("slow-degradation"), described).step("retrain")
    by_hand = expand(shipped_runbook("slow-degradation"), None, name="search").step("retrain")

    assert asked is not None
    assert by_hand is not None
    assert isinstance(asked.spec, Action)
    assert isinstance(by_hand.spec, Task)
    assert by_hand.spec.instead_of == "services.search.actions.retrain"
