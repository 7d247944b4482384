"""A channel that another tool opens gets its walk by its name, or because the tool says so."""

from __future__ import annotations

from typing import Any

import pytest

from bot.incidents import events as ev
from bot.sandbox.workspace.values import Channel
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, CHI, CONNECTED, Stage
from tests.unit.guests.examples import FIREHYDRANT, INCIDENT_IO, ROOTLY, changed

THEIRS = "inc-742-fraud-scorer-recall"
CONFIG = f'attach: {{channels: ["^inc-\\\\d"]}}\n{CONNECTED}'


@pytest.fixture
async def stage(stages: Stages) -> Stage:
    found: Stage = await stages(config=CONFIG)
    return found


def creates(stage: Stage, name: str = THEIRS, *, private: bool = False) -> Channel:
    return stage.server.workspace.channels.create(name, creator=BEN, members=(ANA, CHI), is_private=private)


async def test_a_channel_called_so_gets_a_walk_as_soon_as_it_is_there(stage: Stage) -> None:
    theirs = creates(stage)
    await stage.rest()
    (card,) = stage.screen.shown_for("first")
    assert card.channel == theirs.id
    assert (await stage.incident()).title == f"#{THEIRS}"
    assert stage.screen.channels() == []
    assert stage.refused() == []


@pytest.mark.parametrize("name", ["inc-743-login", "fraud-scorer-lunch"])
async def test_other_channels_are_let_alone(stage: Stage, name: str) -> None:
    theirs = creates(stage, name)
    await stage.rest()
    assert await stage.bot.service.listing() == []
    assert stage.server.workspace.app.bot_user not in stage.screen.named(name).members
    assert stage.screen.messages(theirs) == []


async def test_its_own_channels_are_no_guests_place(stage: Stage) -> None:
    await stage.breaks()
    assert stage.screen.channel().name.startswith("inc-1-fraud-scorer")
    (incident,) = await stage.bot.service.listing()
    assert incident.place == "channel"


async def test_a_private_channel_gets_it_once_the_bot_is_invited(stage: Stage) -> None:
    theirs = creates(stage, private=True)
    await stage.rest()
    assert await stage.bot.service.listing() == []
    stage.server.workspace.channels.join(theirs.id, user=stage.server.workspace.app.bot_user)
    await stage.rest()
    (card,) = stage.screen.shown_for("first")
    assert card.channel == theirs.id


async def test_a_channel_that_is_renamed_gets_it_then(stage: Stage) -> None:
    theirs = stage.server.workspace.channels.create(
        "inc-745", creator=BEN, members=(ANA, stage.server.workspace.app.bot_user)
    )
    await stage.rest()
    stage.server.workspace.channels.rename(theirs.id, "inc-745-fraud-scorer", user=BEN)
    await stage.rest()
    (card,) = stage.screen.shown_for("first")
    assert card.channel == theirs.id


async def test_a_walk_that_is_over_is_not_begun_again_by_a_rename(stage: Stage) -> None:
    theirs = creates(stage)
    await stage.rest()
    await stage.types(ANA, "/incident resolve it is over", channel=THEIRS)
    stage.server.workspace.channels.rename(theirs.id, f"{THEIRS}-done", user=BEN)
    await stage.rest()
    assert len(await stage.bot.service.listing()) == 1


# --- webhooks -------------------------------------------------------------------------------------------------------


def about(tool: str, channel: str) -> Any:
    """The tool's own example, in this channel."""
    if tool == "firehydrant":
        return changed(tool, incident_channels=[{"id": channel, "name": "inc-602"}])
    return changed(tool, slack_channel_id=channel, slack_channel_name="inc-602")


@pytest.mark.parametrize("tool", ["incident-io", "rootly", "firehydrant"])
async def test_the_webhook_of_a_tool_brings_the_walk_once(stage: Stage, tool: str) -> None:
    theirs = creates(stage, "war-room")
    for how in ("opened", "already", "already"):
        answer = await stage.sends(about(tool, theirs.id), to=f"/incidents/attach/{tool}")
        assert (answer.status_code, answer.json()) == (202, {"incident": "INC-1", "how": how})
        await stage.rest()
    (card,) = stage.screen.shown_for("first")
    assert card.channel == theirs.id
    (moved,) = await stage.happened(ev.AttachedToChannel)
    assert moved.tool in ("incident.io", "Rootly", "FireHydrant")
    assert f"a channel of {moved.tool}" in await stage.timeline()


async def test_after_the_walk_is_over_the_tools_updates_change_nothing(stage: Stage) -> None:
    theirs = creates(stage, "war-room")
    await stage.sends(about("rootly", theirs.id), to="/incidents/attach/rootly")
    await stage.rest()
    await stage.types(ANA, "/incident resolve it is over", channel="war-room")
    later = about("rootly", theirs.id) | {"event": {"id": "another", "type": "incident.updated"}}
    assert (await stage.sends(later, to="/incidents/attach/rootly")).json()["how"] == "already"
    assert len(await stage.bot.service.listing()) == 1


async def test_what_says_nothing_of_our_services_is_answered_and_nothing_else(stage: Stage) -> None:
    for tool, body in (("incident-io", INCIDENT_IO), ("rootly", ROOTLY), ("firehydrant", FIREHYDRANT)):
        named = {"name": "login is slow", "impacts": []} if tool != "rootly" else {"title": "login", "services": []}
        answer = await stage.sends(changed(tool, **named), to=f"/incidents/attach/{tool}")
        assert answer.status_code == 202, body
        assert "neither its name nor its title holds" in answer.json()["because"]
    assert await stage.bot.service.listing() == []


async def test_where_nobody_says_a_name_the_incident_is_called_by_its_tool(stage: Stage) -> None:
    theirs = creates(stage, "war-room")
    body = {"channel": theirs.id, "service": "ranker", "tool": "PagerDuty"}
    await stage.sends(body, to="/incidents/attach")
    await stage.rest()
    assert "ranker · incident of PagerDuty" in stage.screen.card()


async def test_our_own_words_bring_an_incident_that_was_opened_already(stage: Stage) -> None:
    theirs = creates(stage, "war-room")
    await stage.breaks()
    body = {"channel": theirs.id, "incident": "INC-1", "tool": "PagerDuty"}
    answer = await stage.sends(body, to="/incidents/attach")
    assert (answer.status_code, answer.json()) == (202, {"incident": "INC-1", "how": "came"})
    await stage.rest()
    assert f"goes on in <#{theirs.id}>" in stage.screen.card()


@pytest.mark.parametrize(
    ("to", "body", "status"),
    [
        ("/incidents/attach", {"channel": "C0123ABCD"}, 400),
        ("/incidents/attach", {"channel": "C0123ABCD", "incident": "INC-9"}, 404),
        ("/incidents/attach/nagios", {}, 404),
        ("/incidents/attach/rootly", b"{", 400),
        ("/incidents/attach/firehydrant", {"data": [], "event": {}}, 400),
    ],
)
async def test_a_mistake_is_a_sentence(stage: Stage, to: str, body: Any, status: int) -> None:
    answer = await stage.sends(body, to=to)
    assert answer.status_code == status
    assert len(answer.json()["detail"]) > 10
    assert await stage.bot.service.listing() == []


async def test_a_private_channel_that_a_tool_tells_of_lets_the_walk_in_once_the_bot_is_invited(stage: Stage) -> None:
    theirs = creates(stage, "war-room", private=True)
    await stage.sends(about("rootly", theirs.id), to="/incidents/attach/rootly")
    await stage.rest()
    assert f"Slack did not let me post in <#{theirs.id}>: invite me there" in stage.screen.surface("announcement")
    stage.server.workspace.channels.join(theirs.id, user=stage.server.workspace.app.bot_user)
    await stage.rest()
    (card,) = stage.screen.shown_for(f"first:{theirs.id}:1")
    assert card.channel == theirs.id
    assert f"Followed in <#{theirs.id}>" in stage.screen.surface("announcement")


async def test_hostile_texts_are_shown_and_call_nobody(stage: Stage) -> None:
    theirs = creates(stage, "war-room")
    body = about("rootly", theirs.id)
    body["data"]["title"] = "fraud scorer <!channel> @everyone\u0000\u202e <@U0CHI> " + "x" * 5000
    body["data"]["url"] = "javascript:alert(1)"
    body["event"]["id"] = "a\u0000b"
    assert (await stage.sends(body, to="/incidents/attach/rootly")).status_code == 202
    await stage.rest()
    said = "\n".join(str(message.blocks) + message.text for message in stage.screen.messages(theirs))
    for hostile in ("<!channel>", "@everyone", "<@U0CHI>", "javascript:"):
        assert hostile not in said
    for tool in ("<@U0CHI>", "U0CHI\n"):
        answer = await stage.sends({"channel": theirs.id, "service": "x", "tool": tool}, to="/incidents/attach")
        assert answer.status_code == 400
