"""Alerts that are over: an event of an open incident, and never an incident."""

from __future__ import annotations

from bot.incidents import events as ev
from tests.scenarios.stage import ANA, Stage, recorded


async def test_a_resolved_alert_alone_opens_nothing(bare: Stage) -> None:
    assert (await bare.sends(recorded("3_resolved"))).json() == {"accepted": 1, "incidents": []}
    await bare.rest()
    assert bare.screen.channels() == []
    assert bare.screen.messages(bare.screen.named("ml-incidents")) == []


async def test_the_end_of_an_alert_is_an_event_of_its_open_incident(bare: Stage) -> None:
    await bare.sends(recorded("1_firing"))
    await bare.rest()
    for _ in range(2):
        assert (await bare.sends(recorded("3_resolved"))).json() == {"accepted": 1, "incidents": ["INC-1"]}
        await bare.rest()
    (over,) = await bare.happened(ev.AlertsResolved)
    assert (over.count, over.firing) == (1, 0)
    assert (await bare.incident()).status == "open"
    assert "the source says that 1 alert" in await bare.timeline()


async def test_after_the_incident_is_closed_the_same_alert_opens_the_next_one(bare: Stage) -> None:
    await bare.sends(recorded("1_firing"))
    await bare.rest()
    assert "false alarm" in await bare.types(ANA, "/incident cancel the threshold is too low")
    await bare.sends(recorded("3_resolved"))
    later = recorded("1_firing").replace(b"05:38:19.443Z", b"05:39:59.000Z")
    assert (await bare.sends(later)).json() == {"accepted": 1, "incidents": ["INC-2"]}
    await bare.rest()
    assert len(bare.screen.channels()) == 2
    assert bare.refused() == []
