"""What somebody wrote can be blanked for good; not while a legal hold lasts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.incidents import events as ev
from bot.store import Lane, payloads
from tests.scenarios.stage import ANA, BEN, Stage, recorded


@pytest.fixture
async def noted(bare: Stage) -> Stage:
    """An incident in which somebody wrote down too much."""
    await bare.sends(recorded("1_firing"))
    await bare.rest()
    await bare.types(ANA, "/incident note Zoe Miller of Bonn was refused")
    return bare


async def entry(stage: Stage, kind: type[ev.AnyEvent]) -> int:
    return next(one.seq for one in await stage.log() if isinstance(one.event, kind))


async def test_redact_alone_lists_what_can_be_blanked(noted: Stage) -> None:
    offered = await noted.types(BEN, "/incident redact")
    seq = await entry(noted, ev.NoteAdded)
    assert f"`/incident redact {seq}` Zoe Miller" in offered
    assert "`/incident redact 1`" in offered
    elsewhere = await noted.types(BEN, "/incident redact INC-1", channel="ml-incidents")
    assert "`/incident redact INC-1 1`" in elsewhere


async def test_what_was_blanked_is_nowhere(noted: Stage) -> None:
    seq = await entry(noted, ev.NoteAdded)
    answer = await noted.types(BEN, f"/incident redact {seq}")
    assert answer == f"Entry {seq} of INC-1 is blank now, in the log, in Slack and in its documents."
    assert "Zoe" not in await noted.timeline()
    assert "Zoe" not in (await noted.gets("/incidents/INC-1/postmortem.md")).text
    assert f"entry {seq} was redacted" in await noted.timeline()


async def test_what_the_alert_said_is_blanked_on_the_card_too(noted: Stage) -> None:
    before = (await noted.incident()).alert_text
    assert before in noted.screen.card()
    await noted.types(BEN, "/incident redact 1")
    assert before not in noted.screen.card()
    assert "(redacted)" in noted.screen.card()


async def test_a_legal_hold_stops_it_and_the_card_says_so(noted: Stage) -> None:
    seq = await entry(noted, ev.NoteAdded)
    answer = await noted.types(ANA, "/incident hold on case 2026-17")
    assert answer.startswith("INC-1 is held: nothing of it is erased or redacted")
    assert "legal hold: nothing of it is erased" in noted.screen.card()
    refused = await noted.types(BEN, f"/incident redact {seq}")
    assert refused == "INC-1 is under a legal hold: nothing of it is blanked until that is lifted."
    assert "Zoe" in await noted.timeline()
    assert "placed a legal hold: case 2026-17; nothing of this incident is erased" in await noted.timeline()


async def test_a_hold_ends_only_for_a_reason_and_then_erasing_works_again(noted: Stage) -> None:
    await noted.types(ANA, "/incident hold on")
    assert "Say why the hold ends" in await noted.types(ANA, "/incident hold off")
    assert await noted.types(ANA, "/incident hold off counsel closed the case") == "INC-1 is not held any more."
    seq = await entry(noted, ev.NoteAdded)
    assert "is blank now" in await noted.types(BEN, f"/incident redact {seq}")
    assert "legal hold" not in noted.screen.card()


async def test_a_hold_can_be_placed_on_what_is_over(noted: Stage) -> None:
    await noted.types(ANA, "/incident cancel it was a test")
    assert "INC-1 is held" in await noted.types(ANA, "/incident hold on")
    assert "is held already" in await noted.types(ANA, "/incident hold on")


@pytest.mark.parametrize("words", ["hold", "hold maybe", "redact seven"])
async def test_a_mistake_is_answered_with_what_to_type(noted: Stage, words: str) -> None:
    assert "Type `/incident " in await noted.types(ANA, f"/incident {words}")


async def test_the_requests_that_brought_its_alerts_outlive_their_time_while_it_is_held(noted: Stage) -> None:
    store = noted.bot.store

    async def erased() -> int:
        later = noted.clock.now() + timedelta(days=90)
        return await store.writer.submit(
            lambda connection, _: payloads.erase(connection, before=later), lane=Lane.CLICK
        )

    await noted.types(ANA, "/incident hold on")
    assert await erased() == 0
    await noted.types(ANA, "/incident hold off counsel closed the case")
    assert await erased() == 1
