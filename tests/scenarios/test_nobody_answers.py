"""Nobody says yes, nobody comes, nobody can be told: people are called, again, and then others."""

from __future__ import annotations

import json

import pytest

from bot.incidents import events as ev
from bot.sandbox.workspace.values import Usergroup
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, CHI, CONNECTED, DEE, Stage, new_workspace

LEADS = "S0LEADS"
MINUTES = 60.0
ON_CALL = json.dumps({"oncalls": [{"escalation_level": 1, "user": {"id": "P1", "email": "ben@example.com"}}]})
TAKEN = json.dumps({"status": "success", "message": "Event processed", "dedup_key": "k"})

CONFIG = CONNECTED.replace(
    "  ml-oncall: [U0BEN]\n",
    "  ml-oncall: {pagerduty: PI7DH85, connector: pagerduty, pager: pages}\n  ml-leads: {slack_group: S0LEADS}\n",
).replace(
    "connectors:\n",
    'connectors:\n  pagerduty: {kind: pagerduty, url: "${WORLD_URL}", token: read}\n'
    '  pages: {kind: pagerduty, url: "${WORLD_URL}/pages", token: ring}\n',
).replace("    tier: 1\n", "    tier: 1\n    escalation: [oncall:ml-leads]\n    page: never\n", 1)  # fmt: skip


@pytest.fixture(name="paged")
async def _paged(stages: Stages, clock: object) -> Stage:
    """A service whose people on call PagerDuty and a Slack group know, and which a pager rings for."""
    server = new_workspace(clock)  # type: ignore[arg-type]
    server.workspace.directory.groups[LEADS] = Usergroup(id=LEADS, handle="leads", name="Leads", users=(CHI, DEE))
    stage: Stage = await stages(config=CONFIG, server=server)
    return stage


def rung(stage: Stage) -> list[str]:
    return [request for request in stage.sources.requests if "/pages/v2/enqueue" in request]


async def test_nobody_approves_so_they_are_called_again_and_then_the_next_level(paged: Stage) -> None:
    paged.sources.answers("GET /sources/oncalls", body=ON_CALL)
    paged.sources.answers("POST /sources/pages/v2/enqueue", status=202, body=TAKEN)
    await paged.breaks()
    assert {who.who: who.people for who in await paged.happened(ev.OnCallSeen)} == {
        "oncall:ml-oncall": (BEN,), "oncall:ml-leads": (CHI, DEE),
    }  # fmt: skip
    await paged.press(ANA, "Request rollback to v41")
    assert "pages rings for ml-oncall" in paged.screen.surface("pager:approval:rollback:1")
    assert len(rung(paged)) == 1

    await paged.rest(3 * MINUTES)
    again = paged.screen.surface("paged:approval:rollback:1:0:2")
    assert f"<@{BEN}>: *Rollback to v41* still waits for your yes, asked by <@{ANA}>" in again
    assert "the request lapses and nothing changes" in again
    assert len(rung(paged)) == 2

    await paged.rest(3 * MINUTES)
    leads = paged.screen.surface("paged:approval:rollback:1:1:1")
    assert f"<@{CHI}> and <@{DEE}>: *Rollback to v41* waits for a yes" in leads
    assert f"Only <@{BEN}> can say it" in leads
    assert {CHI, DEE} <= set(paged.screen.channel().members)

    await paged.press(BEN, "Approve")
    await paged.rest(3 * MINUTES)
    assert paged.world.flag("production").value == "41"
    assert len(await paged.happened(ev.PagerQuieted)) == 1
    assert "pages: resolved there" in paged.screen.surface("pager:approval:rollback:1")
    before = await paged.happened(ev.Paged)
    await paged.rest(10 * MINUTES)
    assert await paged.happened(ev.Paged) == before
    assert paged.refused() == []
    told = await paged.timeline()
    assert "paged Chi Nguyen and Dee Larsen for a yes to rollback" in told
    assert "@example.com" not in told


async def test_a_pager_that_is_away_is_told_in_the_channel_and_tried_again(paged: Stage) -> None:
    paged.sources.answers("GET /sources/oncalls", body=ON_CALL)
    paged.sources.answers("POST /sources/pages/v2/enqueue", status=503, times=1)
    paged.sources.answers("POST /sources/pages/v2/enqueue", status=202, body=TAKEN)
    await paged.breaks()
    await paged.press(ANA, "Request rollback to v41")
    shown = paged.screen.surface("pager:approval:rollback:1")
    assert "pages could not ring for ml-oncall: pages has a fault of its own (503). Tried once." in shown
    assert f"Call <@{BEN}> by hand." in shown
    await paged.rest(40)
    assert "pages rings for ml-oncall" in paged.screen.surface("pager:approval:rollback:1")


async def test_who_cannot_be_told_stands_on_the_card_with_the_cure_and_delays_nothing(paged: Stage) -> None:
    paged.sources.answers("GET /sources/oncalls", status=401)
    paged.server.access.scopes.discard("usergroups:read")
    await paged.breaks()
    card = paged.screen.card()
    assert "Who is on call for ml-oncall is not known: pagerduty does not let us in (401)" in card
    assert "Who is on call for ml-leads is not known: the Slack app lacks usergroups:read" in card
    assert "v42 against v41" in card, "what is measured is there all the same"
    said = await paged.press(ANA, "Request rollback to v41")
    assert "pagerduty does not let us in (401)" in said
    paged.sources.recovers()
    paged.sources.answers("GET /sources/oncalls", body=ON_CALL)
    await paged.rest(10 * MINUTES)
    assert "ml-oncall is not known" not in paged.screen.card()
    assert BEN in paged.screen.channel().members
    assert await paged.press(ANA, "Request rollback to v41") == ""


async def test_the_opening_rings_until_somebody_is_on_it(stages: Stages, clock: object) -> None:
    server = new_workspace(clock)  # type: ignore[arg-type]
    stage: Stage = await stages(config=CONFIG.replace("    page: never\n", ""), server=server)
    stage.sources.answers("GET /sources/oncalls", body=ON_CALL)
    rings = stage.sources.answers("POST /sources/pages/v2/enqueue", status=202, body=TAKEN)
    await stage.breaks()
    assert f"<@{BEN}>: *SEV2 · fraud-scorer" in stage.screen.surface("paged:opening::1:0:1")
    assert len(rings) == 1
    await stage.rest(3 * MINUTES)
    assert len(rings) == 2
    await stage.press(BEN, "I'm on it", surface="paged:opening::1:0:2")
    assert (await stage.incident()).lead == BEN
    (quiet,) = await stage.happened(ev.PagerQuieted)
    assert quiet.outcome == "acknowledged"
    await stage.rest(6 * MINUTES)
    assert len(rings) == 3, "two calls and the acknowledgement"
    await stage.types(BEN, "/incident resolve It was the release.")
    assert [event.outcome for event in await stage.happened(ev.PagerQuieted)] == ["acknowledged", "resolved"]
    assert stage.refused("no_such_subteam") == []


async def test_help_is_called_again_until_one_of_those_who_were_called_is_here(paged: Stage) -> None:
    paged.sources.answers("GET /sources/oncalls", body=ON_CALL)
    rings = paged.sources.answers("POST /sources/pages/v2/enqueue", status=202, body=TAKEN)
    await paged.breaks()
    await paged.press(ANA, "I'm on it")
    await paged.types(ANA, "/incident")
    await paged.press(ANA, "Page ml-oncall")
    assert f"<@{BEN}>: <@{ANA}> asks for help" in paged.screen.surface("help:1")
    assert len(rings) == 1
    await paged.rest(3 * MINUTES)
    assert "nobody has come yet" in paged.screen.surface("paged:help:decide:1:0:2")
    await paged.types(BEN, "/incident note I am here")
    await paged.rest(10 * MINUTES)
    assert [page.round for page in await paged.happened(ev.Paged) if page.how == "slack"] == [2]
    assert len(rings) == 3, "two calls, and then it may be quiet"


async def test_a_decision_that_is_overdue_is_said_to_the_lead_then_to_the_owner_once_each(paged: Stage) -> None:
    paged.sources.answers("GET /sources/oncalls", body=ON_CALL)
    await paged.breaks()
    await paged.press(ANA, "I'm on it")
    await paged.rest(15 * MINUTES)
    assert f"<@{ANA}>: *decision* of INC-1 is overdue since" in paged.screen.surface("overdue:decide:1:0")
    await paged.rest(7.5 * MINUTES)
    assert f"<@{BEN}>: *decision* of INC-1 is overdue" in paged.screen.surface("overdue:decide:1:1")
    await paged.rest(60 * MINUTES)
    assert len(await paged.happened(ev.StepOverdue)) == 2
    assert "decide is overdue; told Ana Duarte" in await paged.timeline()
