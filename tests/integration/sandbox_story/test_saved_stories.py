"""What people did in the sandbox is saved as a file, and the file passes."""

from __future__ import annotations

from tests.integration.sandbox_story.conftest import Plays, noted, text_of
from tests.scenarios.stage import ANA, BEN, CHI, Stage


async def test_the_spine_from_the_alert_to_the_postmortem(sqlite_url: str, plays: Plays) -> None:
    async with noted(sqlite_url, "fraud-recall-drop") as stage:
        await _the_rollback(stage)
        await stage.later(130)
        await stage.press(ANA, "incident.update")
        await stage.later(4)
        assert await stage.fills(ANA) == {}
        await stage.later(2.5)
        await stage.press(ANA, "incident.resolve")
        await stage.later(9)
        assert await stage.fills(ANA, summary="Recall fell with the release; rolled back.") == {}
        await stage.later(20)
        await stage.press(CHI, "postmortem.why")
        await stage.later(5)
        assert await stage.fills(CHI, text="It was not compared", role="trigger") == {}
        await stage.later(12)
        text = await text_of(stage)
    print(text)
    assert 'await stage.press(ANA, "Request rollback to v41")' in text
    assert 'assert stage.serves("fraud-model") == "41"' in text
    assert 'assert incident.status == "resolved"' in text
    await plays(text)


async def _the_rollback(stage: Stage) -> None:
    await stage.later(14.3)
    await stage.press(ANA, "I'm on it")
    await stage.later(6)
    await stage.press(CHI, "Done")
    await stage.later(8.2)
    await stage.press(ANA, "Request rollback to v41")
    await stage.later(3.1)
    assert await stage.press(ANA, "Approve") != ""
    await stage.later(5)
    await stage.press(BEN, "Approve")
