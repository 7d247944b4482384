"""The stage on which everything is real but the people and Slack: monitoring, registry, flags, the model service.

Time is the machine's own. What a story waits for it waits for with ``until``; nothing else passes time.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from bot.clock import SystemClock
from bot.config import load_settings
from bot.incidents import events as ev
from bot.incidents.events import AnyEvent
from bot.incidents.incident import Incident
from bot.runbooks.loading import load_library
from bot.sandbox.demo.serving import address, free_port, served
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.slack.manifest import manifest
from bot.wiring import Evenkeel, running
from tests.patience import PATIENCE
from tests.real.predictions import write_predictions
from tests.real.servers import flags, monitoring, registry
from tests.real.servers.process import Running, server
from tests.scenarios.doing import Doing
from tests.scenarios.people import people_and_channels

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TOKEN = "alerts"
#: the version that did well, and the release that broke something
GOOD, BROKEN = "2", "3"
TRAFFIC = 'sum by (version) (rate(model_predictions_total{environment="production"}[5s]))'
RULE: dict[str, object] = {
    "alert": "FraudRecallLow",
    "expr": 'model_live_recall{service="fraud-scorer", environment="production"} < 0.78',
    "for": "6s",  # longer than the window of the traffic's rate: what served before the release is out of it
    "labels": {"severity": "critical", "failure_mode": "performance"},
    "annotations": {"summary": "Recall below 0.78", "value": "{{ $value }}"},
}


@dataclass
class Peers:
    """Everything that the bot speaks with."""

    prometheus: Running
    alertmanager: Running
    mlflow: Running
    unleash: Running
    pages: flags.Flags
    production: Running
    staging: Running
    model: str
    flag: str

    def champion(self) -> str | None:
        """The version that the registry calls so."""
        return registry.alias(self.mlflow.url, self.model, "champion")

    def flag_in(self, environment: str) -> dict[str, Any]:
        """The flag as Unleash shows it."""
        return self.pages.state(self.flag, environment=environment)

    def serves(self, where: Running) -> str:
        """The version that answers most requests there, as the service itself says."""
        return str(httpx.get(f"{where.url}/predict", trust_env=False, timeout=5).json()["version"])

    def traffic(self) -> dict[str, float]:
        """Requests a second in production by version, as Prometheus has them; none where there is no traffic."""
        return {version: rate for version, rate in self.asked(TRAFFIC).items() if rate > 0}

    def alert(self, name: str, **labels: str) -> None:
        """Somebody tells Alertmanager that something is wrong."""
        alert = {"labels": {"alertname": name, **labels}, "annotations": {"summary": name}}
        answer = httpx.post(f"{self.alertmanager.url}/api/v2/alerts", json=[alert], trust_env=False, timeout=5)
        assert answer.is_success, answer.text

    def asked(self, promql: str) -> dict[str, float]:
        """What Prometheus answers now, by version."""
        answer = httpx.get(f"{self.prometheus.url}/api/v1/query", params={"query": promql}, trust_env=False).json()
        return {row["metric"].get("version", ""): float(row["value"][1]) for row in answer["data"]["result"]}


class RealStage(Doing):
    """What a story does, and what it then sees."""

    def __init__(
        self, workspace: WorkspaceServer, evenkeel: Evenkeel, peers: Peers, *, bot: httpx.AsyncClient
    ) -> None:
        super().__init__(workspace)
        self.moment = 0.1
        self.bot = evenkeel
        self.peers = peers
        self.web = bot

    async def rest(self, seconds: float = 0.1) -> None:
        """So much time goes by, for everybody."""
        await asyncio.sleep(seconds)

    async def until(self, true: Callable[[], Any], what: str, *, within: float = 60.0) -> Any:
        """What ``true()`` answers once it answers something; it may be awaitable, and may not find what it needs yet.

        Fails after ``within`` seconds, with the card as it is then.
        """
        deadline = time.monotonic() + within
        while True:
            with contextlib.suppress(LookupError, ValueError, AssertionError):
                found = true()
                if asyncio.iscoroutine(found):
                    found = await found
                if found:
                    return found
            if time.monotonic() > deadline:
                seen = f"{self._seen_so_far()}\n{await self._logged()}"
                raise AssertionError(f"after {within:g} s it is not so that {what}\n{seen}")
            await asyncio.sleep(0.1)

    async def incident(self) -> Incident:
        """As its log says."""
        return await self.bot.service.incident(1)

    async def happened(self, kind: type[AnyEvent]) -> list[Any]:
        """The events of one kind."""
        return [entry.event for entry in await self.bot.service.entries(1) if isinstance(entry.event, kind)]

    async def measured(self, step: str, *, attempt: int = 1) -> ev.StepMeasured | None:
        """What the attempt at measuring the step came to, None as long as it has come to nothing."""
        found = [one for one in await self.happened(ev.StepMeasured) if (one.step, one.attempt) == (step, attempt)]
        return found[-1] if found else None

    async def releases(self, version: str, *, previous: str) -> None:
        """The version is promoted, and whoever deploys says so to the bot."""
        peers = self.peers
        registry.set_alias(peers.mlflow.url, peers.model, "challenger", version)
        peers.pages.switch(peers.flag, on=True, environment="production")
        registry.set_alias(peers.mlflow.url, peers.model, "champion", version)
        change = {
            "service": "fraud-scorer", "kind": "deploy", "version": version, "previous": previous,
            "by": "deploy #881", "at": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        answer = await self.web.post("/changes", json=change)
        assert answer.status_code == 202, answer.text

    async def _logged(self) -> str:
        """The end of the incident's log."""
        if not await self.bot.service.listing():
            return "no incident was opened"
        return "\n".join(f"{one.at:%H:%M:%S} {one.event}" for one in (await self.bot.service.entries(1))[-12:])

    def _seen_so_far(self) -> str:
        channels = self.screen.channels()
        return "\n\n".join(self.screen.read(channel) for channel in channels) or "no channel was opened"


@contextlib.asynccontextmanager
async def staged(
    folder: Path, *, database_url: str, mlflow: Running, unleash: Running, token: str = flags.ADMIN
) -> AsyncIterator[RealStage]:
    """Version 2 serves in production, 3 in staging; the bot runs and knows everything by address.

    ``token`` is what the bot shows to Unleash.
    """
    async with contextlib.AsyncExitStack() as stack:
        port = stack.enter_context(free_port())
        pages = flags.Flags(unleash.url)
        stack.callback(pages.close)
        model, flag = (f"{name}-{uuid.uuid4().hex[:8]}" for name in ("fraud-model", "fraud-challenger"))
        _arranged(mlflow, pages, model=model, flag=flag)
        settings = {"MLFLOW_URL": mlflow.url, "UNLEASH_URL": unleash.url, "MODEL": model, "FLAG": flag}
        copies = [
            stack.enter_context(_service(folder, "production", 50, settings)),
            stack.enter_context(_service(folder, "staging", 10_000, settings)),
        ]
        manager = stack.enter_context(
            monitoring.alertmanager(
                folder / "alertmanager", webhook=f"{address(port)}/alerts/alertmanager", token=TOKEN
            )
        )
        targets = {one.name: one.url for one in copies}
        scraping = stack.enter_context(
            monitoring.prometheus(folder / "prometheus", targets=targets, rules=[RULE], alertmanager=manager.url)
        )
        write_predictions(folder / "predictions" / "fraud-scorer")
        peers = Peers(scraping, manager, mlflow, unleash, pages, copies[0], copies[1], model, flag)
        addresses = {
            **settings, "PROMETHEUS_URL": scraping.url, "UNLEASH_TOKEN": token,
            "PREDICTIONS": str(folder / "predictions"), "DATABASE_URL": database_url,
            "PUBLIC_URL": address(port), "ALERT_TOKEN": TOKEN,
        }  # fmt: skip
        workspace, evenkeel = await _slack_and_bot(stack, addresses)
        await stack.enter_async_context(served(evenkeel.web, port))
        workspace.request_url = f"{address(port)}/slack/events"
        stack.push_async_callback(workspace.events.stop)  # before the bot's door is shut
        client = httpx.AsyncClient(
            base_url=address(port), headers={"authorization": f"Bearer {TOKEN}"}, trust_env=False
        )
        yield RealStage(workspace, evenkeel, peers, bot=await stack.enter_async_context(client))


async def _slack_and_bot(
    stack: contextlib.AsyncExitStack, addresses: dict[str, str]
) -> tuple[WorkspaceServer, Evenkeel]:
    workspace = WorkspaceServer(clock=SystemClock().now, patience=PATIENCE)
    workspace.install(manifest(url=None, command=workspace.workspace.app.command))
    people_and_channels(workspace)
    await stack.enter_async_context(running_workspace(workspace))
    app = workspace.workspace.app
    environment = {
        "SLACK_BOT_TOKEN": app.bot_token, "SLACK_SIGNING_SECRET": app.signing_secret,
        "SLACK_API_URL": workspace.api_url, **addresses,
    }  # fmt: skip
    written = (HERE / "evenkeel.yaml").read_text(encoding="utf-8")
    settings = load_settings(written, file="evenkeel.yaml", environment=environment, read_secret=_no_secret)
    runbook = (HERE / "recall.yaml").read_text(encoding="utf-8")
    library = load_library({"recall.yaml": runbook})
    assert not library.problems
    evenkeel = Evenkeel(settings, library, settle=0.2)
    await stack.enter_async_context(running(evenkeel))
    return workspace, evenkeel


def _arranged(mlflow: Running, pages: flags.Flags, *, model: str, flag: str) -> None:
    """Production serves 2; where the flag is on, as in staging, everybody is sent to the challenger, 3."""
    registry.register(mlflow.url, model, versions=3)
    for alias, version in {"champion": GOOD, "challenger": BROKEN}.items():
        registry.set_alias(mlflow.url, model, alias, version)
        registry.set_alias(mlflow.url, model, f"staging-{alias}", BROKEN)
    pages.create(flag)
    for environment in ("production", "development"):
        pages.roll_out(flag, 100, environment=environment)
        pages.switch(flag, on=environment == "development", environment=environment)


def _service(
    folder: Path, environment: str, rate: float, settings: Mapping[str, str]
) -> contextlib.AbstractContextManager[Running]:
    def command(at: int) -> Sequence[str | Path]:
        return (sys.executable, "-m", "tests.real.model_service", str(at), environment, str(rate))

    stage = "production" if environment == "production" else "development"
    variables = {
        **settings, "UNLEASH_TOKEN": flags.CLIENTS[stage], "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
    }  # fmt: skip
    return server(environment, command, folder=folder, ready="/ready", environment=variables)


def _no_secret(path: str) -> str:
    raise OSError(path)
