"""``evenkeel replay``: a runbook is walked by the real core, on what was recorded, without Slack and network."""

from __future__ import annotations

import pytest

from bot.config.files import SHIPPED, read_runbooks
from bot.errors import ConfigurationError, Mistake
from tests.integration.replay.conftest import Folder


def test_the_shipped_example_comes_out_as_it_expects(folder: Folder) -> None:
    done = folder.replay("text")
    assert done.fine
    assert "live (bad): Recall 0.71, was 0.84 · 412 confirmed frauds" in done.text
    assert "v42 against v41, same 3,180 confirmed frauds: -9.8 points" in done.text
    assert "approved rollback" in done.text
    assert "rollback is done: 100.0% of production traffic is there" in done.text
    assert "the watch is over (normal)" in done.text
    assert 'Would be sent: PUT flags /flags/fraud-model {"value":"41"}' in done.text


def test_a_day_of_watching_passes_at_once_and_looks_every_ten_minutes(folder: Folder) -> None:
    done = folder.replay()
    assert done.told["lasted_seconds"] > 86400
    assert done.step("day")["outcome"] == "ok"


def test_the_same_files_give_the_same_answer(folder: Folder) -> None:
    assert folder.replay().told["steps"] == folder.replay().told["steps"]


def test_without_answers_every_source_is_silent_and_the_walk_says_who_it_waits_for(folder: Folder) -> None:
    done = folder.replay(answers=False)
    assert done.fine
    assert done.step("live")["outcome"] == "no_data"
    assert done.step("versions")["outcome"] in ("no_data", "error")
    assert done.step("decide")["standing"] == "open"
    assert {asked["source"] for asked in done.told["unanswered"]} >= {"prometheus"}
    assert done.told["written"] == []


def test_a_step_may_have_its_verdict_recorded_instead_of_what_its_source_says(folder: Folder) -> None:
    folder.answers = """
        versions: {running: "42", target: "41"}
        steps: {changes: warn, live: {verdict: bad, value: 0.7, because: recall is low}, health: ok, versions: bad}
        expect: {live: bad, health: ok, versions: bad, decide: open, status: open}
    """
    done = folder.replay()
    assert done.fine, done.told["problems"]
    assert done.step("live")["because"] == "recall is low"
    assert done.told["unanswered"] == []


def test_a_relapse_that_was_recorded_ends_the_watch_and_reopens_the_incident(folder: Folder) -> None:
    folder.answers = folder.answers.replace("expect:", "steps: {day: bad}\nexpect:").replace("day: ok", "day: bad")
    done = folder.replay()
    assert done.step("day")["outcome"] == "bad"
    assert any(line["kind"] == "Reopened" for line in done.told["timeline"])


def test_a_source_that_changes_its_mind_later_is_seen_by_the_watch(folder: Folder) -> None:
    relapse = "    - {asked: ml_eval_metric, after: rollback, since: 10h, value: 0.6, before: 0.84}\n"
    first = "    - {asked: ml_eval_metric, after: rollback, value: 0.84}\n"
    folder.answers = folder.answers.replace(first, relapse + first)
    done = folder.replay()
    assert done.step("day")["outcome"] == "bad"
    assert not done.fine
    assert any("expected day to be 'ok', and it is 'bad'" in problem for problem in done.told["problems"])


def test_what_comes_out_otherwise_is_told_with_the_place_of_the_expectation(folder: Folder) -> None:
    folder.answers = folder.answers.replace("live: bad", "live: ok")
    done = folder.replay()
    assert not done.fine
    assert [p.partition(": ")[2] for p in done.told["problems"]] == ["expected live to be 'ok', and it is 'bad'"]
    assert "answers.yaml:" in done.told["problems"][0]


def test_who_may_not_approve_is_refused_as_in_life_and_the_replay_fails(folder: Folder) -> None:
    folder.answers = folder.answers.replace(
        "{by: U0BEN, step: rollback, approve: true", "{by: U0ANA, step: rollback, approve: true"
    )
    done = folder.replay()
    assert not done.fine
    assert done.told["written"] == []
    assert any("U0ANA could not approve rollback" in problem for problem in done.told["problems"])


def test_a_runbook_beside_it_can_be_attached_and_asks_for_its_own_decision(folder: Folder) -> None:
    books = read_runbooks(SHIPPED)
    (folder.path / "data-quality.yaml").write_text(books[str(SHIPPED / "data-quality.yaml")], encoding="utf-8")
    folder.runbook = books[str(SHIPPED / "slow-degradation.yaml")]
    folder.alert = "labels: {alertname: ModelSlowDegradation, service: fraud-scorer}"
    folder.answers = """
        versions: {running: "42", target: "41"}
        steps: {live: bad, shift: bad, age: ok, versions: ok, missing: bad, freshness: ok, contained: ok, day: ok}
        people:
          - {by: U0ANA, hypothesis: The season changed.}
          - {by: U0ANA, step: decide, choose: data}
          - {by: U0ANA, step: decide, choose: contain}
          - {by: U0ANA, step: fallback, done: true}
        until: 2d
        expect: {missing: bad, decide: contain, fallback: done, contained: ok}
    """
    done = folder.replay()
    assert done.fine, done.told["problems"]
    assert done.told["runbook"]["id"] == "data-quality"


def test_what_inputs_and_fields_ask_for_can_be_answered(folder: Folder) -> None:
    folder.runbook = """
        schema: runbook/v1
        id: asks
        version: 1
        title: It asks
        failure_mode: performance
        owner: ml-oncall
        summary: Inputs and fields.
        inputs: {region: {ask: Which region?}}
        match: [{failure_mode: performance}]
        phases:
          check:
            - id: affected
              task: {text: "How many in {{ region }}?", fields: {orders: number}}
            - {id: many, when: steps.affected.answer.orders > 10, task: Tell them.}
    """
    folder.answers = """
        people:
          - {by: U0ANA, acknowledge: true}
          - {by: U0ANA, inputs: {region: eu}}
          - {by: U0ANA, step: affected, answer: {orders: "12"}}
        expect: {affected: done, many: open}
    """
    done = folder.replay()
    assert done.fine, done.told["problems"]


def test_who_was_on_call_stands_in_the_answers_where_life_would_ask_a_schedule(folder: Folder) -> None:
    folder.config = folder.config.replace("ml-oncall: [U0BEN]", "ml-oncall: {slack_group: S0123ABCD}")
    assert not folder.replay().fine
    folder.answers += "oncall: {ml-oncall: [U0BEN]}\n"
    assert folder.replay().fine


def test_a_source_that_fails_is_an_error_and_suggests_nothing(folder: Folder) -> None:
    body = "    - body: {n: 3180"
    folder.answers = folder.answers.replace(body, "    - status: 503\n" + body)
    done = folder.replay()
    assert any("versions (could not be measured)" in line["text"] for line in done.told["timeline"])
    assert not any("suggest" in line["text"] for line in done.told["timeline"])


def test_an_answer_that_nobody_asked_for_is_told(folder: Folder) -> None:
    folder.answers = folder.answers.replace(
        "sources:\n", "sources:\n  graphite:\n    - {asked: servers.cpu, value: 1}\n"
    )
    assert "Never asked for: the answer at" in folder.replay("text").text


def test_an_alert_of_another_kind_does_not_fit_and_says_why(folder: Folder) -> None:
    folder.alert = folder.alert.replace("ModelRecallDrop", "LatencyHigh")
    with pytest.raises(Mistake, match="the alert does not fit this runbook: it says failure mode latency"):
        folder.replay()


def test_a_notification_of_alertmanager_is_an_alert_too(folder: Folder) -> None:
    folder.alert = """{"version": "4", "alerts": [{"status": "firing", "startsAt": "2026-11-21T03:05:00Z",
        "labels": {"alertname": "ModelRecallDrop", "service": "fraud-scorer", "severity": "critical"}}]}"""
    assert folder.replay().fine


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("steps: {lvie: bad}", "the runbook has no step 'lvie'; did you mean 'live'?"),
        ("steps: {decide: bad}", "step 'decide' is a choice, which has no verdict"),
        ("steps: {live: awful}", "'awful' is not a verdict"),
        ("people: [{by: U1, step: decide}]", "what a person does is exactly one of acknowledge, choose"),
        ("people: [{by: U1, choose: rollback}]", "'choose' needs 'step', the step that it is about"),
        ("sources: {prometheus: [{asked: x}]}", "an answer needs exactly one of 'value', 'by', 'body'"),
        ("sources: {prometheus: [{value: 1, after: rolback}]}", "did you mean 'rollback'?"),
        ("expects: {live: bad}", "unknown key 'expects' in the answers; did you mean 'expect'?"),
        ("until: a day", "'until: a day' is not a duration"),
    ],
)
def test_a_mistake_in_the_answers_is_told_with_its_line(folder: Folder, written: str, message: str) -> None:
    folder.answers = written
    with pytest.raises(ConfigurationError) as caught:
        folder.replay()
    assert "answers.yaml:1:" in caught.value.problems[0]
    assert message in caught.value.problems[0]
