"""Who is on call, as evenkeel.yaml says it."""

from __future__ import annotations

from bot.incidents.rota import Rota
from tests.unit.config.test_settings import problems, settings

CONNECTORS = """
connectors:
  pd: {kind: pagerduty, url: https://api.pagerduty.com}
  og: {kind: opsgenie, url: https://api.opsgenie.com}
  rota: {kind: http, url: https://rota.example, operations: {now: {path: /now}, ring: {method: POST, path: /ring}}}
"""


def test_every_way_of_saying_who_is_on_call() -> None:
    found = settings(
        CONNECTORS
        + """
oncall:
  listed: [U123, U456]
  one: U123
  users: {users: [U123], pager: og}
  group: {slack_group: S123}
  schedule: {pagerduty: P1}
  policy: {pagerduty_policy: P2, pager: rota.ring}
  opsgenie: {opsgenie: ml schedule, connector: og}
  http: {http: rota.now}
"""
    )
    assert found.oncall["listed"] == ("U123", "U456")
    assert found.oncall["one"] == found.oncall["users"] == ("U123",)
    assert found.oncall["schedule"] == ()
    assert found.rotas == {
        "users": Rota(pager="og"),
        "group": Rota(source="slack_group", name="S123"),
        "schedule": Rota(source="pagerduty", name="P1", connector="pd"),
        "policy": Rota(source="pagerduty_policy", name="P2", connector="pd", pager="rota.ring"),
        "opsgenie": Rota(source="opsgenie", name="ml schedule", connector="og"),
        "http": Rota(source="http", name="rota.now", connector="rota"),
    }


def test_what_is_wrong_with_it_is_said_with_its_place() -> None:
    found = problems(
        CONNECTORS
        + """
oncall:
  none: {pager: pd}
  two: {slack_group: S1234, http: rota.now}
  group: {slack_group: ml-oncall}
  who: {opsgenie: x, connector: pd}
  operation: {http: rota.noww}
  pager: {users: [U123], pager: rotas}
  bell: {users: [U123], pager: rota.rign}
  key: {slack_group: S123, pagers: pd}
"""
    )
    assert [line.removeprefix("evenkeel.yaml:") for line in found] == [
        "8:9: oncall 'none' does not say who it is; it needs one of "
        "users, slack_group, pagerduty, pagerduty_policy, opsgenie, http",
        "9:8: oncall 'two' has 'slack_group' and 'http'; it needs one of "
        "users, slack_group, pagerduty, pagerduty_policy, opsgenie, http",
        "10:24: 'ml-oncall' is not the id of a user group, such as S0123ABCD",
        "11:33: there is no connector 'pd' of kind 'opsgenie'",
        "12:21: connector 'rota' has no operation 'noww'; did you mean 'now'?",
        "13:33: 'rotas' is no pager; name one of kind pagerduty or opsgenie, or an operation of http",
        "14:32: connector 'rota' has no operation 'rign'; did you mean 'ring'?",
        "15:28: unknown key 'pagers' in oncall 'key'; did you mean 'pager'?",
    ]


def test_several_connectors_that_could_know_are_told_apart_by_name() -> None:
    text = CONNECTORS + "  pd2: {kind: pagerduty, url: https://events.pagerduty.com}\noncall: {ml: {pagerduty: P1}}\n"
    assert problems(text) == [
        "evenkeel.yaml:7:26: several connectors are of kind 'pagerduty': say which, with 'connector'"
    ]
    assert settings(text.replace("P1", "P1, connector: pd")).rotas["ml"].connector == "pd"


def test_a_service_says_who_is_called_next_and_from_when_the_opening_calls() -> None:
    found = settings("oncall: {ml: [U123]}\nservices: {s: {escalation: [oncall:ml, group:S1], page: sev1}}\n")
    assert found.services["s"].escalation == ("oncall:ml", "group:S1")
    assert found.services["s"].page == "SEV1"
    assert problems("services: {s: {escalation: [oncall:ml], page: sev9}}\n") == [
        "evenkeel.yaml:1:29: 'ml' is not under 'oncall'",
        "evenkeel.yaml:1:47: 'page: sev9' is not known; did you mean 'sev4'?",
    ]
