"""From an alert to a postmortem, everything connected, on both databases."""

from __future__ import annotations

from bot.clock import SteppedClock
from bot.incidents import events as ev
from tests.scenarios.stage import ANA, BEN, CHI, Stage, staged


async def test_an_alert_becomes_a_postmortem(database_url: str, clock: SteppedClock) -> None:
    async with staged(database_url, clock) as stage:
        await stage.breaks()
        _the_first_message_says_what_is_known(stage)
        await _people_decide(stage)
        await _the_way_back_is_watched(stage)
        await _it_is_over(stage)
        await _people_learn(stage)
        await _the_postmortem_tells_it(stage)
        assert stage.refused() == []


def _the_first_message_says_what_is_known(stage: Stage) -> None:
    card = stage.screen.card()
    assert card.startswith("# SEV2 · fraud-scorer · recall down after v42\nRecall 0.7")
    assert "confirmed frauds · labels 30 s old" in card
    assert "v42 against v41, same 3,180 confirmed frauds: -9" in card
    assert "v42 released 02:51 UTC (deploy #881), 14 min before the alert" in card
    assert "*Suggested: roll back to v41.*" in card
    assert "[I'm on it]  [Request rollback to v41]  [Something else]" in card
    assert f"Needs one approval; asking pages <@{BEN}>" in card
    channel = stage.screen.channel()
    assert channel.name == "inc-1-fraud-scorer-model-recall-drop"
    assert stage.screen.surfaces(channel) == ["first", "live"]  # the card, and the chart of what was measured live
    assert channel.pins == (stage.screen.messages(channel)[0].ts,)
    assert [bookmark.link for bookmark in channel.bookmarks] == ["https://evenkeel.example/incidents/INC-1"]
    assert {ANA, BEN} <= set(channel.members)
    assert CHI not in channel.members
    assert f"Join <#{channel.id}>" in stage.screen.surface("announcement")


async def _people_decide(stage: Stage) -> None:
    assert await stage.press(ANA, "I'm on it") == ""
    assert f"Lead <@{ANA}>" in stage.screen.card()
    await stage.press(CHI, "Done")
    assert "Not checked" not in stage.screen.card()
    await stage.press(ANA, "Request rollback to v41")
    assert f"Needs a yes from <@{BEN}>" in stage.screen.surface("approval:rollback:1")
    assert stage.world.flag("production").value == "42"
    await stage.press(BEN, "Approve")
    assert stage.world.flag("production").value == "41"
    assert stage.sources.writes() == ["PUT /sources/flags/fraud-model?environment=production"]


async def _the_way_back_is_watched(stage: Stage) -> None:
    await stage.rest(60)
    incident = await stage.incident()
    assert incident.safe_at is not None
    assert incident.status == "open"
    card = stage.screen.card()
    assert "*Watching*" in card
    assert "Not resolved yet." in card
    assert await stage.happened(ev.WatchLooked) == [], "labels arrive late: right after the fix nobody can know"
    await stage.rest(600)
    (started,) = await stage.happened(ev.WatchStarted)
    looks = await stage.happened(ev.WatchLooked)
    assert started.step == "day"
    assert looks[-1].verdict == "ok"
    assert looks[-1].because.startswith("Recall 0.8")


async def _it_is_over(stage: Stage) -> None:
    await stage.press(ANA, "incident.update")
    assert await stage.fills(ANA) == {}
    stakeholders = stage.screen.read(stage.screen.named("stakeholders"))
    assert "version 41 serves again since the rollback" in stakeholders
    await stage.press(ANA, "incident.resolve")
    assert await stage.fills(ANA, summary="Recall fell with the release; rolled back.") == {}
    assert "*Resolved* by" in stage.screen.card()
    assert "Still watching" in stage.screen.surface("resolved:0")
    assert "resolved" in stage.screen.surface("announcement")


async def _people_learn(stage: Stage) -> None:
    await stage.press(CHI, "postmortem.why")
    assert await stage.fills(CHI, text="The release was not compared with v41", role="trigger") == {}
    for text in ("The comparison is not part of the pipeline", "Labels arrive after the release is through"):
        await stage.press(ANA, "postmortem.why")
        assert await stage.fills(ANA, text=text, parent="w1") == {}
    await stage.press(ANA, "postmortem.action")
    assert await stage.fills(ANA, text="Compare before every release", owner=CHI, due="2026-12-05") == {}
    assert f"3 whys, 1 action item, open with <@{CHI}>." in stage.screen.surface("postmortem")


async def _the_postmortem_tells_it(stage: Stage) -> None:
    text = (await stage.gets("/incidents/INC-1/postmortem.md")).text
    for part in (
        "The release was not compared with v41", "The comparison is not part of the pipeline",
        "Labels arrive after the release is through", "Compare before every release", "Chi Nguyen", "2026-12-05",
        "Recall fell with the release; rolled back.", "v42 against v41", "02:51",
    ):  # fmt: skip
        assert part in text
    page = await stage.gets("/incidents/INC-1/postmortem")
    assert page.status_code == 200
    assert "Compare before every release" in page.text
