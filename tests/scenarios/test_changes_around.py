"""What surrounds a service is on the card: changes of its dependencies, and experiments on its users."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.sandbox.world.alert_payloads import alertmanager_payload, change_payload
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import CONNECTED, Stage

FOLDER = Path(__file__).parents[1] / "fixtures" / "changes"
SECRET = "shared-with-github"
AROUND = """
    dependencies: [device-feed]
    experiments:
      new-threshold: {since: 2026-11-21}
      over: {until: 2026-11-20}
"""
CONFIG = CONNECTED.replace("    stakeholders: [risk]\n", f"    stakeholders: [risk]{AROUND}", 1) + (
    f"changes: {{github: {{secrets: [{SECRET}], services: {{device-feed: acme/device-feed}}}}}}\n"
)


async def deploys(stage: Stage, *, number: int, version: str, minutes_ago: float) -> None:
    """GitHub says that the feed of devices was deployed."""
    told: dict[str, Any] = json.loads((FOLDER / "github_deployment_status.json").read_bytes())
    at = (stage.clock.now() - timedelta(minutes=minutes_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
    told["deployment"] |= {"id": number, "ref": version}
    told["deployment_status"] |= {"created_at": at, "log_url": f"https://github.com/acme/device-feed/runs/{number}"}
    told["repository"]["full_name"] = "acme/device-feed"
    body = json.dumps(told).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    answer = await stage.sends(
        body, to="/changes/github",
        headers={"x-hub-signature-256": f"sha256={signature}", "x-github-event": "deployment_status"},
    )  # fmt: skip
    assert answer.json() == {"accepted": 1}
    await stage.rest()


async def test_a_dependency_that_was_deployed_and_a_running_experiment_are_on_the_card(stages: Stages) -> None:
    stage: Stage = await stages(config=CONFIG)
    await deploys(stage, number=70, version="v7", minutes_ago=3)
    await stage.breaks()
    card = stage.screen.card()
    assert "v42 released 02:51 UTC (deploy #881), 14 min before the alert; device-feed: v7 released " in card
    assert "\nExperiment running: new-threshold (began 3 h before)\n" in card
    assert "over" not in card.split("Experiment running")[1].splitlines()[0]


async def test_what_is_deployed_meanwhile_is_said_on_the_card_and_in_the_timeline(stages: Stages) -> None:
    stage: Stage = await stages(config=CONFIG)
    await stage.breaks()
    assert "Meanwhile" not in stage.screen.card()
    for _ in range(2):
        await deploys(stage, number=71, version="v8", minutes_ago=0)
    assert "\nMeanwhile: device-feed: v8 released " in stage.screen.card()
    lines = (await stage.gets("/incidents/INC-1/timeline.json")).json()
    assert [line["text"].split(" released")[0] for line in lines if line["kind"] == "ChangeReported"] == [
        "device-feed: v8"
    ]
    listed = (await stage.gets("/api/v1/changes?since=1h")).json()
    assert (listed[0]["service"], listed[0]["version"], listed[0]["source"]) == ("device-feed", "v8", "github")
    assert stage.refused() == []


async def test_a_release_that_is_reported_after_the_alert_is_found_all_the_same_and_its_jump_is_tested(
    stages: Stages,
) -> None:
    stage: Stage = await stages(config=CONFIG)
    stage.clock.advance(30)
    story, started = stage.world.scenario, stage.world.started
    alert = alertmanager_payload(story, address="http://prometheus.example", started=started, value=0.71)
    assert (await stage.sends(alert)).status_code == 202
    await stage.rest()
    assert "v42 released" not in stage.screen.card()
    late = change_payload(story, started=stage.world.state.started)
    assert (await stage.sends(late, to="/changes")).status_code == 202
    await stage.rest()
    card = stage.screen.card()
    assert "v42 released 02:51 UTC (deploy #881), 14 min before the alert" in card
    assert "after v42 was released, since then by " in card
    assert "Meanwhile" not in card
    assert stage.refused() == []
