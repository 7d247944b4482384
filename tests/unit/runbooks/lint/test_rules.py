"""Advice beyond the grammar, one rule after the other, and how a finding is silenced with a reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.config.files import SHIPPED, read_runbooks
from bot.runbooks.lint import RULES, lint
from bot.runbooks.loading import load_runbook

TODAY = date(2026, 11, 21)
HEAD = """schema: runbook/v1
id: example
version: 1
title: Example
failure_mode: performance
owner: ml-oncall
summary: An example.
{extra}
match: [{{failure_mode: performance}}]
phases:
"""
COMPARED = "  triage: [{id: versions, compare: last_good}]\n"
ACTION = "  remediate: [{id: rollback, action: rollback}]\n"
WATCH = "  verify: [{id: day, watch: quality}]\n"


def found(phases: str, *, extra: str = "", today: date = TODAY) -> list[tuple[str, str]]:
    """The findings as rule and message."""
    runbook = load_runbook(HEAD.format(extra=extra) + phases, file="it.yaml")
    return [(finding.rule, finding.message) for finding in lint(runbook, today=today)]


def rules(phases: str) -> list[str]:
    """The rules that are broken."""
    return [rule for rule, _ in found(phases)]


@pytest.mark.parametrize("file", sorted(read_runbooks(SHIPPED)), ids=lambda file: file.rpartition("/")[2])
def test_the_shipped_runbooks_break_no_rule(file: str) -> None:
    assert lint(load_runbook(read_runbooks(SHIPPED)[file], file=file), today=TODAY) == []


def test_every_rule_says_in_one_sentence_what_it_is_for() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.sentence.endswith(".") for rule in RULES)


def test_every_rule_is_described_as_it_is() -> None:
    page = (Path(__file__).parents[4] / "docs" / "reference" / "runbook.md").read_text(encoding="utf-8")
    rows = [f"| `{rule.id}` | {rule.level} | {rule.sentence.removesuffix('.')} |" for rule in RULES]
    assert [row for row in rows if row not in page] == []


def test_a_comparison_an_action_and_a_watch_are_as_it_should_be() -> None:
    assert rules(COMPARED + ACTION + WATCH) == []


def test_an_action_without_a_comparison_or_a_choice_before_it() -> None:
    assert rules(ACTION + WATCH) == ["action-without-evidence"]


def test_a_choice_before_an_action_is_enough() -> None:
    phases = "  triage: [{id: decide, choice: rollback}]\n" + ACTION + WATCH
    assert "action-without-evidence" not in rules(phases)


def test_an_action_that_nobody_watches() -> None:
    assert found(COMPARED + ACTION) == [
        (
            "action-without-watch",
            "no watch follows action 'rollback'; add one under 'verify', with 'starts: rollback'",
        )
    ]


def test_a_watch_of_another_step_is_no_watch_of_the_action() -> None:
    other = "  verify: [{id: by_hand, task: Look.}, {id: day, watch: {checks: [quality], starts: by_hand}}]\n"
    assert rules(COMPARED + ACTION + other) == ["action-without-watch"]


CHOICE = """  measure: [{{id: live, query: {query}}}]
  triage:
    - id: versions
      compare: last_good
    - id: decide
      choice:
        ask: What now?
        suggest: "'back' if steps.live.verdict == 'bad'"
        options: {{back: {{label: Roll back, goto: rollback, role: rollback}}, not: {{label: No, goto: after}}}}
  remediate: [{{id: rollback, action: rollback}}, {{id: after, task: Look.}}]
"""


@pytest.mark.parametrize("query", ["cost", "uptime", "load", "request_volume", "[cost, load]"])
def test_a_rollback_by_uptime_cost_or_volume_alone(query: str) -> None:
    assert rules(CHOICE.format(query=query) + WATCH) == ["rollback-by-proxy"]


@pytest.mark.parametrize("query", ["quality", "errors", "error_rate", "[cost, quality]", "latency"])
def test_a_rollback_by_quality_errors_or_latency_is_a_rollback_by_evidence(query: str) -> None:
    assert rules(CHOICE.format(query=query) + WATCH) == []


@pytest.mark.parametrize(("by", "broken"), [("spend", ["rollback-by-proxy"]), ("live", [])])
def test_an_action_that_begins_by_itself_does_so_by_quality(by: str, broken: list[str]) -> None:
    phases = f"""  measure: [{{id: spend, query: cost}}, {{id: live, query: quality}}]
  triage: [{{id: versions, compare: last_good}}]
  remediate:
    - id: rollback
      action:
        call: flags.set
        read: flags.get
        scope: search
        approval: {{approvers: [role:lead], auto: {{when: steps.{by}.verdict == 'bad', after: 2m}}}}
        done_when: {{source: prometheus, promql: "sum by (version) (rate(served_total[2m]))"}}
"""
    assert rules(phases + WATCH) == broken


BRANCH = """  triage:
    - id: versions
      compare: last_good
    - id: decide
      choice:
        ask: What now?
        options: {{one: {{label: One, goto: {one}}}, two: {{label: Two, goto: {two}}}}}
  remediate:
    - {{id: left, task: Left., when: "{when}"}}
    - {{id: right, task: Right.}}
    - {{id: end, task: End.}}
"""


def test_a_step_that_every_option_leads_past() -> None:
    assert found(BRANCH.format(one="right", two="end", when="true")) == [
        ("unreachable-step", "step 'left' is never reached: 'when: true' never holds there")
    ]


def test_a_condition_on_an_option_that_is_not_there() -> None:
    when = "steps.decide.choice == 'three'"
    assert rules(BRANCH.format(one="left", two="right", when=when)) == ["unreachable-step"]


def test_a_condition_on_an_option_that_leads_elsewhere() -> None:
    when = "steps.decide.choice == 'two'"
    assert rules(BRANCH.format(one="left", two="right", when=when)) == ["unreachable-step"]


@pytest.mark.parametrize("when", ["steps.decide.choice == 'one'", "labels.env == 'prod'", "running == '42'"])
def test_a_step_that_may_be_reached_is_no_finding(when: str) -> None:
    assert rules(BRANCH.format(one="left", two="right", when=when)) == []


def test_a_review_that_is_overdue_on_that_day_and_not_before() -> None:
    phases, extra = COMPARED + ACTION + WATCH, "reviewed: 2026-08-01\nreview_every: 90d"
    assert found(phases, extra=extra, today=date(2026, 10, 30)) == []
    assert found(phases, extra=extra, today=date(2026, 10, 31)) == [
        ("review-overdue", "it was reviewed on 2026-08-01 and is to be every 90d: overdue since 2026-10-30")
    ]


def test_a_finding_is_silenced_by_a_comment_with_a_reason() -> None:
    comment = "  # lint: action-without-watch because a person looks for a day\n"
    assert rules(COMPARED + comment + ACTION) == []
    assert rules(COMPARED + ACTION.rstrip() + comment) == []


def test_a_comment_above_the_first_key_is_for_the_whole_runbook() -> None:
    text = HEAD.format(extra="") + COMPARED + ACTION
    silenced = "# lint: action-without-watch because the platform watches\n" + text
    assert lint(load_runbook(silenced, file="it.yaml"), today=TODAY) == []


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# lint: action-without-watch", "say why: '# lint: action-without-watch because ...'"),
        ("# lint: action-without-wach because so", "there is no rule 'action-without-wach'; did you mean"),
    ],
)
def test_a_comment_without_a_reason_or_with_a_wrong_name_silences_nothing(comment: str, message: str) -> None:
    said = found(COMPARED + f"  {comment}\n" + ACTION)
    assert [rule for rule, _ in said] == ["lint", "action-without-watch"]
    assert said[0][1].startswith(message)


def test_a_finding_is_told_with_its_place_its_level_and_its_rule() -> None:
    runbook = load_runbook(HEAD.format(extra="") + COMPARED + ACTION, file="it.yaml")
    assert [finding.text for finding in lint(runbook, today=TODAY)] == [
        "it.yaml:12:20: warning: no watch follows action 'rollback'; add one under 'verify', with 'starts: rollback' "
        "[action-without-watch]"
    ]
