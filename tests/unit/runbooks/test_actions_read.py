"""What an action may say in evenkeel.yaml, and the mistakes that are told before anything runs."""

from __future__ import annotations

import pytest

from bot.runbooks.catalogue import expand
from bot.runbooks.foreign import foreign
from bot.runbooks.loading import load_runbook
from bot.runbooks.printing import print_runbook
from bot.runbooks.schema import Action, Auto, FurtherCall
from bot.runbooks.service import Service, read_service
from bot.yaml.reader import Section
from bot.yaml.source import Problems, parse

USUAL = """
call: flags.set
read: flags.get
with: {flag: fraud-model, value: "{{ target }}", environment: production}
approvers: [oncall:ml-oncall]
"""
SERVING = """
serving: {source: prometheus, promql: 'sum by (version) (rate(served[2m]))'}
"""


def service(action: str, *, name: str = "fraud-scorer", key: str = "rollback") -> tuple[Service, list[str]]:
    """The service with that action, and what is wrong with it."""
    nested = "\n".join(f"    {line}" for line in action.strip().splitlines())
    text = f"{SERVING}actions:\n  {key}:\n{nested}\n"
    problems = Problems("evenkeel.yaml")
    node = parse(text, problems)
    assert node is not None
    found = read_service(name, Section(node, problems, f"service {name!r}"))
    return found, [str(problem).partition(": ")[2] for problem in problems.lines]


def read(action: str) -> Action:
    found, problems = service(action)
    assert problems == []
    return found.actions["rollback"]


def test_staging_alone_is_a_rehearsal_by_the_reading() -> None:
    rehearse = read(USUAL + "staging: {environment: staging}").rehearse
    assert rehearse is not None
    assert (rehearse.arguments, rehearse.check, rehearse.max_age) == ({"environment": "staging"}, None, 86400.0)


def test_a_check_of_the_rehearsal_may_name_the_target() -> None:
    rehearse = read(
        USUAL
        + """
rehearse:
  with: {environment: staging}
  max_age: 2h
  within: 5m
  check: {source: prometheus, promql: 'share{version="{{ target }}"}', ok: value >= 0.99}
"""
    ).rehearse
    assert rehearse is not None
    assert rehearse.check is not None
    assert (rehearse.max_age, rehearse.within) == (7200.0, 300.0)


def test_further_calls_and_what_has_to_fit() -> None:
    action = read(
        USUAL
        + """
also:
  - {call: registry.set_alias, read: registry.alias, with: {name: fraud}, staging: {alias: staging}}
compatible: [features, index]
"""
    )
    assert action.also == (
        FurtherCall(
            call="registry.set_alias", read="registry.alias", arguments={"name": "fraud"},
            staging={"alias": "staging"},
        ),
    )  # fmt: skip
    assert action.compatible == ("features", "index")


def test_what_begins_by_itself_names_its_condition_by_the_steps_of_whatever_runbook() -> None:
    text = USUAL.replace(
        "approvers: [oncall:ml-oncall]",
        "approval: {approvers: [oncall:ml-oncall], auto: {when: \"steps.live.verdict == 'bad'\", after: 5m}}",
    )
    approval = read(text).approval
    assert approval is not None
    assert approval.auto == Auto(when="steps.live.verdict == 'bad'", after=300.0)


def test_an_action_that_names_no_version_leads_to_none() -> None:
    done = "done_when: {source: prometheus, promql: fallback, ok: value == 1}\n"
    action = read(USUAL.replace("{{ target }}", "on") + done)
    assert (action.target, action.of_version) == ("", False)
    assert read(USUAL.replace("{{ target }}", "on") + done + "target: the rules answer").target == "the rules answer"
    assert read(USUAL + done).of_version, "it sends a version, however it is proven"


@pytest.mark.parametrize(
    ("more", "mistake"),
    [
        (
            "rehearse: {max_age: 2h, check: {source: p, promql: x, ok: value > 1}}",
            "'rehearse' needs 'with', the arguments that are other in staging",
        ),
        ("rehearse: {with: {environment: staging}, max_age: 10s}", "a rehearsal counts for 1m at least"),
        (
            "approval: {approvers: [user:U1], expires: 5m}\nbreak_glass: true",
            "the glass can be broken 10m after the request; let the approval expire later than that",
        ),
        (
            "approval: {approvers: [user:U1], auto: {after: 2m}}",
            "'auto' needs 'when': what has to hold for the action to begin by itself",
        ),
        (
            "approval: {approvers: [user:U1], auto: {when: 'true', after: 5s}}",
            "somebody must have time to stop it: 30s at least",
        ),
        ("also: [{call: flags.set}]", "a call of action 'rollback' needs 'read', which undo puts back"),
        (
            "done_when: {source: prometheus, ok: value == 1}",
            "'done_when' with 'ok' needs exactly one of 'promql', 'graphite' and 'get'",
        ),
    ],
)
def test_mistakes_are_told(more: str, mistake: str) -> None:
    usual = USUAL.replace("approvers: [oncall:ml-oncall]\n", "") if "approval:" in more else USUAL
    _, problems = service(usual + more)
    assert mistake in problems


def test_a_rehearsal_that_nothing_would_show_is_a_mistake() -> None:
    text = USUAL.replace("read: flags.get\n", "undo: {none: it cannot be}\n") + "staging: {environment: staging}"
    _, problems = service(text)
    assert problems == [
        "action 'rollback' needs 'read', which shows that the rehearsal worked; or 'rehearse' with a 'check'"
    ]


def test_the_long_form_reads_back_to_the_same_steps() -> None:
    found, _ = service(
        USUAL.replace("{{ target }}", "on").replace(
            "approvers: [oncall:ml-oncall]",
            "approval: {approvers: [oncall:ml-oncall], auto: {when: incident.severity == 'SEV1', after: 5m}}",
        )
        + """
target: the rules answer
done_when: {source: prometheus, promql: fallback, ok: value == 1}
also: [{call: flags.set, read: flags.get, with: {flag: b}, staging: {flag: c}}]
rehearse: {with: {environment: staging}, check: {source: p, promql: x, ok: value > 1}}
compatible: [features]
"""
    )
    short = load_runbook(BOOK, file="book.yaml")
    long = print_runbook(expand(short, found))
    again = load_runbook(long, file="long.yaml")
    assert expand(again, found).steps == expand(short, found).steps


BOOK = """\
schema: runbook/v1
id: book
version: 1
title: A book
failure_mode: performance
owner: ml-oncall
summary: It falls.
match:
  - failure_mode: performance
phases:
  remediate:
    - {id: rollback, action: rollback}
"""


def test_what_other_services_send_is_theirs_and_what_both_send_is_nobodys() -> None:
    own, _ = service(USUAL)
    other, _ = service(USUAL.replace("fraud-model", "payments-model"), name="payments")
    services = {"fraud-scorer": own, "payments": other}
    assert foreign(own, services) == {"flag=payments-model": "payments", "service=payments": "payments"}
    assert foreign(other, services) == {"flag=fraud-model": "fraud-scorer", "service=fraud-scorer": "fraud-scorer"}


BY_GRAPHITE = "{source: graphite, graphite: 'aliasByNode(ml.fraud.*.predictions, 2)'}"


def served(serving: str, action: str = "") -> tuple[Service, list[str]]:
    """A service with that ``serving`` and the usual action."""
    problems = Problems("evenkeel.yaml")
    lines = "\n".join(f"  {line}" for line in (USUAL + action).strip().splitlines())
    node = parse(f"serving: {serving}\nrollback:\n{lines}\n", problems)
    assert node is not None
    found = read_service("fraud-scorer", Section(node, problems, "service"))
    return found, [str(problem).partition(": ")[2] for problem in problems.lines]


def test_what_serves_by_graphite_proves_an_action_too_and_the_version_is_the_series_name() -> None:
    found, problems = served(BY_GRAPHITE, "done_when: {lag: 6m}")
    assert problems == []
    assert found.serving is not None
    assert (found.serving.source, found.serving.label) == ("graphite", "target")
    done = found.actions["rollback"].done_when
    assert (done.graphite, done.promql, done.label, done.lag) == (found.serving.graphite, None, "target", 360.0)


def test_a_tag_may_be_the_version_and_a_path_is_no_traffic() -> None:
    tagged, problems = served("{source: graphite, graphite: 'seriesByTag(\"name=served\")', label: version}")
    assert tagged.serving is not None
    assert (tagged.serving.label, problems) == ("version", [])
    _, problems = served("{source: api, get: /traffic}")
    assert "'serving' needs 'promql' or 'graphite', the traffic by version" in problems


def test_an_actions_own_query_by_graphite_stands_for_itself() -> None:
    own = f"done_when: {BY_GRAPHITE}"
    found, problems = served("{source: prometheus, promql: 'sum by (version) (up)'}", own)
    assert problems == []
    done = found.actions["rollback"].done_when
    assert (done.source, done.promql, done.label) == ("graphite", None, "target")
    _, problems = served(BY_GRAPHITE, "done_when: {source: p, promql: x, graphite: y}")
    assert "'done_when' has 'promql' or 'graphite', not both" in problems
