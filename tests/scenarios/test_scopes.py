"""The app lacks a scope: what needs it is refused once and told, and everything else works."""

from __future__ import annotations

import pytest

from bot.incidents import events as ev
from tests.scenarios.stage import ANA, BEN, Stage, recorded


async def test_without_history_everything_works_but_pushpins(stage: Stage) -> None:
    stage.server.access.scopes -= {"channels:history", "groups:history"}
    await stage.breaks()
    await stage.press(ANA, "I'm on it")
    await stage.press(ANA, "Request rollback to v41")
    await stage.press(BEN, "Approve")
    await stage.rest(120)
    assert stage.world.flag("production").value == "41"
    assert stage.refused() == []
    assert await stage.happened(ev.SlackRefused) == []

    message = await stage.server.people.post_as(ANA, stage.screen.channel().id, "look at this")
    await stage.server.people.react(ANA, message.channel, message.ts, "pushpin")
    await stage.rest()
    assert "the app lacks the scope `channels:history`" in stage.screen.whispered(ANA)[-1]
    assert await stage.happened(ev.NoteAdded) == []


@pytest.mark.parametrize(
    ("scope", "surface"),
    [("pins:write", "pin"), ("bookmarks:write", "bookmark"), ("channels:manage", None)],
)
async def test_what_a_missing_scope_forbids_is_refused_once_and_nothing_else_is_lost(
    scope: str, surface: str | None, bare: Stage
) -> None:
    bare.server.access.scopes.discard(scope)
    await bare.sends(recorded("1_firing"))
    await bare.rest(120)
    timeline = await bare.timeline()
    if surface is None:
        assert bare.screen.channels() == []
        assert "first" in bare.screen.surfaces(bare.screen.named("ml-incidents"))
        assert len(await bare.happened(ev.ChannelRefused)) == 1
    else:
        assert {"first", "gaps"} <= set(bare.screen.surfaces(bare.screen.channel()))
        (refused,) = await bare.happened(ev.SlackRefused)
        assert (refused.surface, refused.code) == (surface, "missing_scope")
    assert "missing_scope" in timeline
    assert {call.error for call in bare.refused()} == {"missing_scope"}
    calls = len(bare.refused())
    await bare.press(ANA, "I'm on it")
    await bare.rest(600)
    assert len(bare.refused()) == calls, "it is not tried again and again"
    assert f"Lead <@{ANA}>" in bare.screen.card()
