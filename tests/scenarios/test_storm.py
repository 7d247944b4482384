"""A storm: two hundred alerts in one notification and over many, and each of them again and again."""

from __future__ import annotations

from typing import Any

import msgspec

from bot.incidents import events as ev
from tests.scenarios.stage import Stage, recorded


def _storm(count: int, *, first: int = 0) -> dict[str, Any]:
    """What Alertmanager sends when ``count`` instances fire the recorded alert."""
    body: dict[str, Any] = msgspec.json.decode(recorded("1_firing"))
    (alert,) = body["alerts"]
    numbers = range(first, first + count)
    body["alerts"] = [
        alert | {"fingerprint": f"{n:016x}", "labels": alert["labels"] | {"instance": f"eval{n}"}} for n in numbers
    ]
    return body


async def test_two_hundred_alerts_are_one_incident_and_its_repeats_are_no_events(bare: Stage) -> None:
    assert (await bare.sends(_storm(200))).json() == {"accepted": 200, "incidents": ["INC-1"]}
    await bare.rest()
    for post in range(10):
        assert (await bare.sends(_storm(20, first=200 + 20 * post))).json()["incidents"] == ["INC-1"]
        await bare.rest(1)
    before = await bare.log()
    attached = await bare.happened(ev.AlertsAttached)
    assert sum(event.count for event in attached) == 400
    assert len(attached) == 11

    for _ in range(5):
        await bare.sends(_storm(200))
    await bare.rest()
    assert await bare.log() == before
    assert len(bare.screen.channels()) == 1
    assert "more than 200 alerts" in bare.screen.surface("announcement")
    assert (await bare.incident()).alerts == 400
    assert bare.refused() == []


async def test_a_storm_of_events_redraws_each_card_a_few_times(bare: Stage) -> None:
    await bare.sends(_storm(1))
    await bare.rest()
    bare.server.journal.clear()
    for post in range(60):
        await bare.sends(_storm(1, first=1 + post))
        await bare.rest(0.5)
    await bare.rest()
    assert len(bare.server.journal.calls("chat.update")) < 30
    assert "more than 50 alerts" in bare.screen.surface("announcement")
    assert (await bare.incident()).alerts == 61
    assert bare.refused() == []


async def test_services_of_one_notification_are_incidents_of_their_own(bare: Stage) -> None:
    body = _storm(6)
    for number, alert in enumerate(body["alerts"]):
        alert["labels"]["model"] = f"model-{number % 3}"
    assert (await bare.sends(body)).json() == {"accepted": 6, "incidents": ["INC-1", "INC-2", "INC-3"]}
    await bare.rest()
    names = sorted(channel.name for channel in bare.screen.channels())
    assert names == [f"inc-{number + 1}-model-{number}-model-error-rate" for number in range(3)]
    assert bare.refused() == []
