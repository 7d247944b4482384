"""What evenkeel.yaml says about changes, and about what surrounds a service."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.changes.settings import POLL, ChangeSettings, Sender
from bot.runbooks.schema.experiment import Experiment
from bot.runbooks.service import Model
from tests.unit.config.test_settings import problems, settings

REGISTRY = "connectors: {mlflow: {kind: mlflow, url: 'https://m.example'}}\n"


def service(text: str, before: str = "") -> str:
    return f"{before}services: {{fraud-scorer: {{{text}}}}}"


def test_without_the_key_the_webhook_is_closed_and_registries_are_asked_every_minute() -> None:
    found = settings("installation: x").changes
    assert found == ChangeSettings(github=Sender(environments=("production",)), poll=POLL)
    assert found.github.secrets == ()


def test_senders_and_how_often_to_ask_are_read() -> None:
    found = settings(
        """
changes:
  github: {secrets: [new, old], services: {fraud-scorer: acme/fraud}, environments: [live]}
  argocd: {services: {fraud-scorer: fraud-prod}}
  poll: 5m
"""
    ).changes
    assert found.github == Sender(
        secrets=("new", "old"), environments=("live",), services={"fraud-scorer": "acme/fraud"}
    )
    assert found.argocd.services == {"fraud-scorer": "fraud-prod"}
    assert found.poll == 300
    assert "old" not in repr(found)


def test_what_a_connector_of_github_names_need_not_be_said_twice() -> None:
    source = "connectors: {gh: {kind: github, services: {fraud-scorer: acme/fraud}, environment: live}}\n"
    found = settings(f"{source}changes: {{github: {{secrets: [s], services: {{ranker: acme/rank}}}}}}").changes.github
    assert found.services == {"fraud-scorer": "acme/fraud", "ranker": "acme/rank"}
    assert found.environments == ("live",)


def test_mlflow_may_tell_of_aliases_itself_of_champion_unless_said() -> None:
    found = settings("changes: {mlflow: {secrets: [s], services: {fraud-scorer: fraud}}}").changes.mlflow
    assert found == Sender(secrets=("s",), aliases=("champion",), services={"fraud-scorer": "fraud"})
    source = "connectors: {registry: {kind: mlflow, url: 'https://m.example', services: {ranker: rank}}}\n"
    found = settings(f"{source}changes: {{mlflow: {{secrets: [s], aliases: [live, canary]}}}}").changes.mlflow
    assert (found.aliases, found.services) == (("live", "canary"), {"ranker": "rank"})


def test_registries_may_never_be_asked() -> None:
    assert settings("changes: {poll: never}").changes.poll is None


def test_what_surrounds_a_service_is_read() -> None:
    found = settings(
        service(
            "dependencies: [feature-store, feature-store], models: {fraud: {alias: champion}}, tier: 2, "
            "experiments: {a: {since: 2026-11-20, until: 2026-11-30}, b: {since: '2026-11-20T03:00:00+01:00'}}",
            REGISTRY,
        )
    ).services["fraud-scorer"]
    assert found.dependencies == ("feature-store",)
    assert found.models == (Model(name="fraud", alias="champion"),)
    assert found.tier == 2
    assert found.experiments == (
        Experiment(name="a", since=datetime(2026, 11, 20, tzinfo=UTC), until=datetime(2026, 12, 1, tzinfo=UTC)),
        Experiment(name="b", since=datetime(2026, 11, 20, 2, tzinfo=UTC)),
    )


def test_names_alone_are_enough() -> None:
    found = settings(service("experiments: [a, b], models: [fraud]", REGISTRY)).services["fraud-scorer"]
    assert [one.name for one in found.experiments] == ["a", "b"]
    assert found.models == (Model(name="fraud"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("changes: {poll: 1s}", "10s is the shortest"),
        ("changes: {github: {services: {a: b/c}}}", "needs 'secrets'"),
        ("changes: {mlflow: {services: {a: b}}}", "needs 'secrets'"),
        ("changes: {argocd: {secrets: [s]}}", "unknown key 'secrets'"),
        ("changes: {gitlab: {}}", "unknown key 'gitlab'"),
        (service("dependencies: [fraud-scorer]"), "fraud-scorer depends on itself"),
        (service("experiments: {a: {since: yesterday}}"), "is no day and no time"),
        (service("experiments: {a: {since: 2026-13-41}}"), "is no day and no time"),
        (service("experiments: {a: {since: '2026-11-20T03:00:00'}}"), "is no day and no time"),
        (service("experiments: {a: {since: 2026-11-20, until: 2026-11-01}}"), "comes before its 'since'"),
        (service("experiments: {a: {url: 'javascript:alert(1)'}}"), "is not an address"),
        (service("models: {fraud: {registry: nowhere}}", REGISTRY), "nowhere"),
        (service("models: [fraud]", REGISTRY.replace("}}", "}, other: {kind: mlflow, url: 'https://o.example'}}")),
         "which registry has 'fraud'?"),
        (service("models: {fraud: {registry: p}}", "connectors: {p: {kind: prometheus, url: 'https://p.example'}}\n"),
         "has no aliases"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(text: str, said: str) -> None:
    assert said in "\n".join(problems(text))
