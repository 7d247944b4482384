"""``/healthz``, ``/readyz`` and ``/metrics`` of the program as it is wired."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.clock import SystemClock
from bot.config import Settings
from bot.config.secret import Secret
from bot.runbooks.loading import load_library
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.store import Store
from bot.wiring import Evenkeel, running
from tests.integration.web.conftest import Client, client_of

BROKEN = {"runbooks/broken.yaml": "schema: evenkeel/runbook/v1\nid: broken\nsteps: 7\n"}


@pytest.fixture
async def workspace() -> AsyncIterator[WorkspaceServer]:
    async with running_workspace() as server:
        yield server


@pytest.fixture
async def program(store: Store, workspace: WorkspaceServer) -> AsyncIterator[Client]:
    """With one runbook that cannot be read."""
    settings = Settings(
        bot_token=Secret(workspace.workspace.app.bot_token), signing_secret=Secret("s"),
        slack_api_url=workspace.api_url,
    )  # fmt: skip
    evenkeel = Evenkeel(settings, load_library(BROKEN), store=store, clock=SystemClock())
    async with running(evenkeel), client_of(evenkeel.web) as client:
        yield client


async def test_it_is_alive(web: Client) -> None:
    assert (await web.get("/healthz")).json() == {"status": "ok"}


async def test_it_is_ready_and_says_of_each_part_how_it_is(program: Client) -> None:
    answer = await program.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    checks = answer.json()["checks"]
    assert [name for name, check in checks.items() if check["ok"]] == ["database", "slack", "controller"]


async def test_a_broken_runbook_is_named_and_keeps_nobody_from_working(program: Client) -> None:
    answer = await program.get("/readyz")
    assert answer.status_code == 200
    assert "runbooks/broken.yaml:1:1" in answer.json()["checks"]["runbooks"]["text"]


async def test_without_slack_it_is_not_ready_and_says_what_to_look_at(
    program: Client, workspace: WorkspaceServer
) -> None:
    assert (await program.get("/readyz")).status_code == 200
    workspace.faults.error("auth.test", "account_inactive", times=None)
    answer = await program.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    assert "SLACK_BOT_TOKEN" in answer.json()["checks"]["slack"]["text"]


async def test_the_metrics_are_prometheus_text(program: Client) -> None:
    answer = await program.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "\nevenkeel_incidents_held 0.0\n" in answer.text


async def test_what_is_taken_in_can_be_counted(store: Store, workspace: WorkspaceServer) -> None:
    settings = Settings(
        bot_token=Secret(workspace.workspace.app.bot_token), signing_secret=Secret("s"),
        slack_api_url=workspace.api_url, alert_tokens=(Secret("t"),),
    )  # fmt: skip
    alerts = [
        {"status": "firing", "startsAt": "2026-11-21T03:00:00Z", "labels": {"alertname": name, "service": "fraud"}}
        for name in ("A", "B")
    ]
    evenkeel = Evenkeel(settings, load_library({}), store=store, clock=SystemClock())
    async with running(evenkeel), client_of(evenkeel.web) as client:
        for _ in range(2):
            answer = await client.post(
                "/alerts/alertmanager", json={"alerts": alerts}, headers={"authorization": "Bearer t"}
            )
            assert answer.status_code == 202
        figures = (await client.get("/metrics")).text
    assert 'evenkeel_intake_requests_total{source="alertmanager"} 2.0' in figures
    assert 'evenkeel_intake_alerts_total{source="alertmanager"} 4.0' in figures
    assert "evenkeel_intake_commits_total 2.0" in figures
    assert "evenkeel_intake_waiting 0.0" in figures
