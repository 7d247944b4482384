"""The servers themselves answer as these tests expect them to: what fails here is no fault of a connector."""

from __future__ import annotations

import time
from pathlib import Path

import httpx

from tests.real.servers.balancer import Caddy
from tests.real.servers.flags import Flags
from tests.real.servers.graphite import Graphite
from tests.real.servers.monitoring import alertmanager, prometheus
from tests.real.servers.process import Running, until
from tests.real.servers.registry import alias, register, set_alias


def test_prometheus_scrapes(tmp_path: Path) -> None:
    with alertmanager(tmp_path / "am", webhook="http://127.0.0.1:9/alerts", token="t") as manager:
        targets = {"alertmanager": manager.url}
        with prometheus(tmp_path / "prom", targets=targets, alertmanager=manager.url) as running:
            query = {"query": 'up{job="alertmanager"}'}

            def up() -> bool:
                answer = httpx.get(f"{running.url}/api/v1/query", params=query, trust_env=False).json()
                return [row["value"][1] for row in answer["data"]["result"]] == ["1"]

            until(up, within=10, what="Prometheus has scraped Alertmanager")


def test_mlflow_knows_versions_and_aliases(mlflow: Running) -> None:
    register(mlflow.url, "known", versions=2)
    set_alias(mlflow.url, "known", "champion", "2")
    assert alias(mlflow.url, "known", "champion") == "2"
    assert alias(mlflow.url, "known", "other") is None


def test_unleash_holds_a_rollout(unleash_pages: Flags) -> None:
    unleash_pages.create("held")
    unleash_pages.roll_out("held", 30, environment="production")
    unleash_pages.switch("held", on=True, environment="production")
    state = unleash_pages.state("held", environment="production")
    assert state["enabled"] is True
    assert [one["parameters"]["rollout"] for one in state["strategies"]] == ["30"]
    assert unleash_pages.state("held", environment="development")["enabled"] is False


def test_graphite_renders_what_it_was_sent(carbon: Graphite) -> None:
    now = int(time.time())
    carbon.send("self.test", [(now - 10, 1.0), (now - 8, 3.0)])
    query = {"target": "self.test", "from": str(now - 12), "until": str(now), "format": "json"}
    (series,) = httpx.get(f"{carbon.url}/render", params=query, trust_env=False).json()
    assert [value for value, _ in series["datapoints"] if value is not None] == [1.0, 3.0]
    assert None in [value for value, _ in series["datapoints"]]


def test_caddy_takes_a_configuration(caddy: Caddy) -> None:
    caddy.load({"apps": {"http": {"servers": {}}}})
    assert caddy.config("config/apps/http/servers") == {}
