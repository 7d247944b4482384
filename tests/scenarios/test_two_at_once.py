"""Two people click at once, and Slack delivers things twice: everything happens once, and everybody is told."""

from __future__ import annotations

import asyncio

from bot.incidents import events as ev
from bot.sandbox.workspace import payloads
from tests.scenarios.stage import ANA, BEN, CHI, Stage


async def _press_together(stage: Stage, what: str, *users: str) -> list[list[str]]:
    """All press the same button before the bot has done anything; what each of them is told."""
    message, block, element = stage.screen.button(what, user="", number=1)
    before = {user: len(stage.screen.whispered(user)) for user in users}
    clicks = (stage.clicks(user, message, block["block_id"], element["action_id"]) for user in users)
    await asyncio.gather(*clicks)
    await stage.rest()
    return [stage.screen.whispered(user)[before[user] :] for user in users]


async def test_two_take_it_and_one_leads(stage: Stage) -> None:
    await stage.breaks()
    told = await _press_together(stage, "I'm on it", ANA, BEN)
    lead = (await stage.incident()).lead
    assert lead in (ANA, BEN)
    assert len(await stage.happened(ev.LeadChanged)) == 1
    loser = told[1] if lead == ANA else told[0]
    assert loser == [f"<@{lead}> leads. Take over with the lead command if you should."]
    assert [] in told


async def test_two_ask_for_the_rollback_and_the_second_learns_who_was_first_and_when(stage: Stage) -> None:
    await stage.breaks()
    told = await _press_together(stage, "Request rollback to v41", ANA, CHI)
    (asked,) = [entry for entry in await stage.log() if isinstance(entry.event, ev.ApprovalRequested)]
    second = told[1] if asked.by == ANA else told[0]
    assert len(second) == 1
    assert f"<@{asked.by}>" in second[0]
    assert "03:05 UTC" in second[0]
    assert len(stage.screen.shown_for("approval:rollback:1")) == 1


async def test_two_approve_and_the_call_is_made_once(stage: Stage) -> None:
    await stage.breaks()
    await stage.press(ANA, "Request rollback to v41")
    told = await _press_together(stage, "Approve", BEN, BEN)
    assert len(await stage.happened(ev.Approved)) == 1
    assert [line.split(";")[0] for line in told[0]] == [f"<@{BEN}> approved it at 03:05 UTC"]
    assert stage.sources.writes() == ["PUT /sources/flags/fraud-model?environment=production"]


async def test_a_click_that_slack_delivers_twice_is_carried_out_once_and_nobody_is_blamed(stage: Stage) -> None:
    await stage.breaks()
    sent = _taped(stage)
    await stage.press(ANA, "I'm on it")
    before, told = await stage.log(), stage.screen.whispered(ANA)
    for kind, payload in [*sent]:
        assert (await stage.server.to_the_bot.deliver(kind, payload)).ok
    await stage.rest()
    assert await stage.log() == before
    assert stage.screen.whispered(ANA) == told


async def test_a_command_that_slack_delivers_twice_is_carried_out_once(stage: Stage) -> None:
    await stage.breaks()
    sent = _taped(stage)
    await stage.types(ANA, "/incident note the queue is long")
    for kind, payload in [*sent]:
        await stage.server.to_the_bot.deliver(kind, payload)
    await stage.rest()
    assert [note.text for note in await stage.happened(ev.NoteAdded)] == ["the queue is long"]


async def test_an_event_that_slack_delivers_twice_is_one_note(stage: Stage) -> None:
    await stage.breaks()
    channel = stage.screen.channel()
    message = await stage.server.people.post_as(ANA, channel.id, "recall fell after the release")
    inner = {
        "type": "reaction_added", "user": ANA, "reaction": "pushpin", "item_user": ANA, "event_ts": message.ts,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
    }  # fmt: skip
    event = payloads.event(stage.server.workspace, inner, event_id="Ev0TWICE")
    for _ in range(2):
        stage.server.events.deliver(event)
        await stage.rest()
    assert [note.text for note in await stage.happened(ev.NoteAdded)] == ["recall fell after the release"]


def _taped(stage: Stage) -> list[tuple[str, dict[str, object]]]:
    """What Slack delivers from now on, to be delivered again."""
    tape: list[tuple[str, dict[str, object]]] = []
    way = stage.server.people._delivery
    deliver = way.deliver

    async def recorded(kind: str, payload: dict[str, object], *, retry: int = 0, reason: str = "") -> object:
        tape.append((kind, payload))
        return await deliver(kind, payload, retry=retry, reason=reason)

    way.deliver = recorded  # type: ignore[method-assign,assignment]
    return tape
