"""Once the first entry is redacted nothing of what the alerts said is seen anywhere: Slack, pages, API, documents."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, Stage

SAID = "Zoe"
CONFIG = "routes: [{name: all, open: now}]\n"
PATHS = (
    "/incidents", "/incidents/INC-1", "/incidents/INC-1/timeline.json", "/incidents/INC-1/timeline.csv",
    "/incidents/INC-1/postmortem", "/incidents/INC-1/postmortem.md", "/incidents/INC-1/postmortem.json",
    "/api/v1/incidents", "/api/v1/incidents/INC-1", "/api/v1/incidents/INC-1/alerts",
    "/api/v1/incidents/INC-1/timeline",
)  # fmt: skip


def alert(name: str, **more: Any) -> dict[str, Any]:
    labels = {"alertname": f"Refused{SAID}", "service": "chat", "severity": "critical", "customer": SAID, "pod": name}
    return {
        "status": "firing", "labels": labels, "annotations": {"summary": f"{SAID} was refused"}, "fingerprint": name,
        "startsAt": "2026-11-21T03:00:00Z", "generatorURL": f"https://alerts.example.com/{SAID}",
    } | more  # fmt: skip


@pytest.fixture
async def told(stages: Stages) -> Stage:
    """INC-1 has two alerts, a lead, an update and a reason for its severity; another alert joined it later."""
    stage: Stage = await stages(config=CONFIG)
    await stage.sends({"alerts": [alert("a")]})
    await stage.rest()
    await stage.sends({"alerts": [alert("b"), alert("c")]})
    await stage.types(ANA, "/incident lead me")
    await stage.rest(600)
    return stage


def shown(stage: Stage) -> str:
    """All that the workspace shows, and what stands above its channels."""
    messages = [
        msgspec.to_builtins(one) for channel in stage.screen.channels() for one in stage.screen.messages(channel)
    ]
    return repr(messages) + repr([(one.topic, one.purpose) for one in stage.screen.channels()])


async def pages(stage: Stage) -> str:
    return "\n".join([(await stage.gets(path)).text for path in PATHS])


async def test_nothing_of_it_is_drawn_again_by_any_surface(told: Stage) -> None:
    assert SAID in shown(told)
    assert (await pages(told)).count(SAID) > 5
    answer = await told.types(BEN, "/incident redact 1")
    assert answer.endswith("so is what its alerts said. Rename its channel if its name says too much.")
    await told.rest(600)
    assert SAID not in shown(told)
    assert [path for path in PATHS if SAID in (await told.gets(path)).text] == []
    assert SAID not in await told.types(BEN, "/incident list")
    assert SAID not in await told.types(BEN, "/incident redact")
    assert SAID not in await told.types(BEN, "/incident status")
    assert told.refused() == []


async def test_what_begins_again_does_not_bring_it_back(told: Stage) -> None:
    await told.types(BEN, "/incident redact 1")
    await told.sends({"alerts": [alert("a", status="resolved", endsAt="2026-11-21T03:30:00Z")]})
    await told.sends({"alerts": [alert("a", startsAt="2026-11-21T03:40:00Z")]})
    await told.rest(600)
    assert SAID not in shown(told)
    assert SAID not in await pages(told)


async def test_whoever_redacts_is_told_which_other_incidents_tell_of_its_alerts(told: Stage) -> None:
    await told.types(BEN, "/incident split", number=1)
    key = (await told.bot.service.merging.kinds(1))[1].key
    assert await told.fills(BEN, alerts=[key]) == {}
    await told.rest()
    answer = await told.types(BEN, "/incident redact 1", number=1)
    assert "Redact entry 1 of INC-2, too: some of its alerts are or were there." in answer
    assert "Redact entry 1 of INC-1, too" in await told.types(BEN, "/incident redact INC-2 1")
    assert SAID not in shown(told)
