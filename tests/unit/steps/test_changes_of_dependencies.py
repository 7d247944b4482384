"""What the service depends on is looked at as well: its changes are evidence, and their jump is tested."""

from __future__ import annotations

from dataclasses import replace as with_parts
from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.changes.words import after_it, sentence
from bot.connectors import AllChanges
from bot.incidents import events as ev
from bot.incidents.incident import Incident
from bot.runbooks.catalogue import CHANGES
from bot.runbooks.steps import measure
from bot.runbooks.steps.jump import see_jump
from tests.unit.steps.scene import ALERT, RELEASE, SEEN, Deployed, World, context, incident, step
from tests.unit.steps.test_changes import Away
from tests.unit.steps.test_jump import CHANGES as CHANGES_STEP
from tests.unit.steps.test_jump import NOW, RECALL, WARN, Course

FEED = Deployed(at=ALERT - timedelta(minutes=9), service="device-feed", version="7", previous="6", url=None)
OWN_BEFORE = Deployed(at=ALERT - timedelta(days=5))


def depending(head: Incident) -> Incident:
    return replace(head, dependencies=("feature-store", "device-feed"))


async def measured(*changes: Deployed) -> ev.StepMeasured:
    the_step = step(CHANGES)
    (found,) = await measure(context(depending(incident(the_step)), World(), changes=changes), the_step)
    assert isinstance(found, ev.StepMeasured)
    return found


async def test_a_change_of_a_dependency_is_evidence_and_says_whose_it_is() -> None:
    found = await measured(FEED, OWN_BEFORE)
    assert found.verdict == "warn"
    assert found.because == "device-feed: v7 released 2026-11-21T02:56:00Z (by ci), 9 min before the alert"
    assert found.evidence["changes"][0]["service"] == "device-feed"


async def test_the_service_s_own_change_comes_first_and_the_dependency_s_beside_it() -> None:
    found = await measured(FEED, RELEASE)
    own, feed = found.because.split("; ")
    assert own.startswith("v42 released")
    assert feed.startswith("device-feed: v7 released")
    assert [change.get("service") for change in found.evidence["changes"]] == [None, "device-feed"]


async def test_a_change_of_something_else_is_no_evidence() -> None:
    other = replace(FEED, service="ranker")
    assert (await measured(other, OWN_BEFORE)).verdict == "ok"


async def test_a_dependency_s_change_of_the_day_before_yesterday_is_no_evidence() -> None:
    old = replace(FEED, at=ALERT - timedelta(hours=49))
    found = await measured(old, OWN_BEFORE)
    assert found.verdict == "ok"
    assert found.because.endswith("; nobody reports changes of feature-store")


async def test_that_nobody_reports_the_service_s_own_changes_is_said_beside_a_dependency_s() -> None:
    found = await measured(FEED)
    assert found.verdict == "warn"
    assert found.because.endswith("; nobody reports changes of fraud-scorer yet: send them to POST /changes")


async def test_a_source_that_is_away_is_named_once() -> None:
    the_step = step(CHANGES)
    known = context(depending(incident(the_step)), World(), changes=[FEED])
    (found,) = await measure(with_parts(known, changes=AllChanges(known.changes, lambda _: [Away()])), the_step)
    assert isinstance(found, ev.StepMeasured)
    assert found.because.count("github cannot be reached") == 1


@pytest.mark.parametrize(
    ("after", "said"),
    [(0.71, " min after device-feed v7 was released, since then by "),
     (0.84, "Recall did not fall more than it usually does after device-feed v7 was released (95 %: ")],
)  # fmt: skip
async def test_where_only_a_dependency_changed_its_jump_is_tested(after: float, said: str) -> None:
    head = depending(incident(CHANGES_STEP, step(RECALL, "live"), events=[SEEN, WARN]))
    feed = replace(FEED, at=RELEASE.at)
    (found,) = await see_jump(context(head, Course(after), now=NOW, changes=[feed]), CHANGES_STEP)
    assert isinstance(found, ev.JumpTested)
    assert (said in found.because, found.method, found.version) == (True, "placebo", "7")


@pytest.mark.parametrize(
    ("change", "told", "after"),
    [
        (Deployed(at=RELEASE.at, kind="alias", about="champion"), "v42 promoted to champion", "v42 was promoted"),
        (Deployed(at=RELEASE.at, kind="flag", about="new-ranker", version="on"),
         "flag new-ranker switched to on", "flag new-ranker was switched to on"),
        (Deployed(at=RELEASE.at, kind="rollback", version="41"), "rolled back to v41", "it was rolled back to v41"),
        (Deployed(at=RELEASE.at, kind="data", version=None), "something changed", "it was changed"),
        (Deployed(at=RELEASE.at, kind="registered"), "v42 registered", "v42 was registered"),
    ],
)  # fmt: skip
def test_a_kind_of_change_has_its_words(change: Deployed, told: str, after: str) -> None:
    assert sentence(change).startswith(told)
    assert after_it(change, service="fraud-scorer") == after
