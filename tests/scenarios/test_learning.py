"""Whys that branch, and action items with an owner and a day, through the modals."""

from __future__ import annotations

import pytest

from tests.scenarios.stage import ANA, BEN, CHI, Stage, recorded


@pytest.fixture
async def over(bare: Stage) -> Stage:
    await bare.sends(recorded("1_firing"))
    await bare.rest()
    await bare.types(ANA, "/incident resolve the release was taken back")
    return bare


async def test_one_why_is_explained_by_many(over: Stage) -> None:
    await over.press(ANA, "Add a why")
    assert await over.fills(ANA, text="Nobody saw the errors for an hour", role="detection") == {}
    for text in ("The alert was silenced", "The dashboard was of another service"):
        await over.press(BEN, "Add a why")
        assert await over.fills(BEN, text=text, parent="w1") == {}
    text = (await over.gets("/incidents/INC-1/postmortem.md")).text
    first, second = text.index("The alert was silenced"), text.index("The dashboard was of another service")
    assert text.index("Nobody saw the errors for an hour") < first < second
    assert "3 whys" in over.screen.surface("postmortem")
    assert over.refused() == []


async def test_what_is_wrong_in_a_modal_is_said_at_its_field(over: Stage) -> None:
    await over.types(ANA, "/incident action")
    assert await over.fills(ANA, text="Alert on p99", owner=CHI, due="2026-11-01") == {
        "due": "The day is past; choose a later one."
    }
    assert await over.fills(ANA, text="Alert on p99", owner=CHI, due="2026-12-01") == {}
    assert over.server.workspace.views.top(ANA) is None
    assert f"1 action item, open with <@{CHI}>." in over.screen.surface("postmortem")


async def test_an_action_item_is_done_once(over: Stage) -> None:
    await over.types(ANA, "/incident action")
    assert await over.fills(ANA, text="Alert on p99", owner=CHI, due="2026-12-01") == {}
    assert "Alert on p99" in (await over.gets("/incidents/INC-1/postmortem.md")).text
    assert (await over.incident()).items[0].owner == CHI
