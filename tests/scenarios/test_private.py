"""What only those read who belong to it: safety incidents, and those that turn out to be one."""

from __future__ import annotations

from typing import Any

import pytest

from bot.incidents import events as ev
from bot.incidents.fold import apply
from bot.sandbox.workspace.values import Channel
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, CHI, Stage

CONFIG = "responders: [U0BEN, U0CHI]\nincidents_channel: '#ml-incidents'\n"
SECRET = "ToxicAnswers"


def alert(name: str = SECRET, *, service: str = "chat", **labels: str) -> dict[str, Any]:
    labels = {"alertname": name, "service": service, "severity": "critical", **labels}
    one = {
        "status": "firing", "labels": labels, "annotations": {"summary": "the model explains how to pick locks"},
        "startsAt": "2026-11-21T03:05:00Z", "fingerprint": f"{name}{service}", "generatorURL": "",
    }  # fmt: skip
    return {"version": "4", "status": "firing", "alerts": [one], "groupLabels": {}, "commonLabels": labels}


@pytest.fixture
async def quiet(stages: Stages) -> Stage:
    found: Stage = await stages(config=CONFIG)
    return found


async def opened(stage: Stage, name: str = SECRET) -> None:
    assert (await stage.sends(alert(name))).json()["incidents"] == ["INC-1"]
    await stage.rest()


def public_words(stage: Stage) -> str:
    """Everything that the bot ever posted where everybody reads, and every name and topic there."""
    said = []
    for channel in stage.server.workspace.channels.all():
        if not channel.is_private and not channel.is_im:
            said += [channel.name, channel.topic, stage.screen.read(channel)]
            said += [message.text for message in stage.screen.messages(channel)]
    return "\n".join(said)


def sent_to(stage: Stage, private: Channel) -> list[str]:
    """Every call that went elsewhere than into the private channel, as it was sent."""
    calls = stage.server.journal.calls()
    others = [
        call.args for call in calls if private.id not in (call.args.get("channel"), call.args.get("channel_id"))
    ]
    return [str(args) for args in others]


async def test_a_safety_incident_opens_privately_and_without_a_title(quiet: Stage) -> None:
    await opened(quiet)
    channel = quiet.screen.channel()
    assert (channel.name, channel.is_private) == ("inc-1", True)
    assert {BEN, CHI} <= set(channel.members)
    assert "how to pick locks" in quiet.screen.card()
    told = quiet.screen.surface("announcement")
    assert "*INC-1 · private*" in told
    assert "once somebody leads, ask them to invite you" in told


async def test_no_call_tells_a_public_place_what_a_safety_incident_is_about(quiet: Stage) -> None:
    await opened(quiet)
    await quiet.press(BEN, "I'm on it")
    await quiet.types(BEN, "/incident severity sev2", channel="inc-1")
    elsewhere = "\n".join(sent_to(quiet, quiet.screen.channel()))
    for word in (SECRET, "pick locks", "'chat'", "SEV1"):
        assert word not in elsewhere
    methods = [call.method for call in quiet.server.journal.calls() if call.method in _CREATING]
    assert methods[0] == "conversations.create", "the channel is there before anything is announced"


_CREATING = ("conversations.create", "chat.postMessage")


async def test_where_slack_gives_no_private_channel_nothing_lands_in_a_public_place(quiet: Stage) -> None:
    quiet.server.access.channels_may_be_created = False
    await opened(quiet)
    words = public_words(quiet)
    assert "INC-1 · private" in words
    for secret in (SECRET, "locks", "chat"):
        assert secret not in words
    assert f"<@{BEN}> has it in direct messages" in words
    mine, theirs = ("\n".join(quiet.screen.whispered(who)) for who in (BEN, CHI))
    assert "Slack opened no private channel for it (restricted_action)" in mine
    assert "type `/incident private INC-1`" in mine
    assert "how to pick locks" in mine, "the card is walked in the direct messages"
    assert f"Until then <@{BEN}> walks it in direct messages" in theirs
    assert "locks" not in theirs
    (refused,) = await quiet.happened(ev.ChannelRefused)
    assert refused.code == "restricted_action"


async def test_the_incident_without_a_channel_is_walked_in_the_direct_message(quiet: Stage) -> None:
    quiet.server.access.channels_may_be_created = False
    await opened(quiet)
    await quiet.press(BEN, "I'm on it", surface="first")
    assert (await quiet.incident()).lead == BEN
    assert "lead <@U0BEN>" in quiet.screen.surface("announcement")


async def test_asked_again_slack_gives_the_channel_and_all_goes_on_there(quiet: Stage) -> None:
    quiet.server.access.channels_may_be_created = False
    await opened(quiet)
    quiet.server.access.channels_may_be_created = True
    await quiet.types(BEN, "/incident private INC-1", channel="ml-incidents")
    channel = quiet.screen.channel()
    assert (channel.name, channel.is_private) == ("inc-1", True)
    assert "how to pick locks" in quiet.screen.read(channel)
    assert SECRET not in public_words(quiet)
    answer = await quiet.types(BEN, "/incident private INC-1", channel="ml-incidents")
    assert answer == "INC-1 is private already."


async def test_nobody_to_tell_is_said_with_what_to_do(stages: Stages) -> None:
    stage = await stages(config="incidents_channel: '#ml-incidents'\n")
    stage.server.access.channels_may_be_created = False
    await opened(stage)
    words = public_words(stage)
    assert "nobody is known to tell" in words
    assert "`/incident lead INC-1`" in words
    assert SECRET not in words
    await stage.types(ANA, "/incident lead INC-1", channel="ml-incidents")
    assert "how to pick locks" in "\n".join(stage.screen.whispered(ANA))
    assert SECRET not in public_words(stage)


async def test_a_public_incident_that_turns_out_to_be_safety_moves(quiet: Stage) -> None:
    await opened(quiet, name="RecallDown")
    before = quiet.screen.channel()
    await quiet.press(CHI, "I'm on it")
    assert not before.is_private
    assert "locks" in public_words(quiet)
    await quiet.types(CHI, "/incident private answers about locks reached people")
    after = quiet.screen.channel()
    assert after.is_private
    assert after.id != before.id
    assert after.name == "inc-1"
    words = public_words(quiet)
    for secret in ("locks", "RecallDown", "chat", "recall"):
        assert secret not in words
    assert f"INC-1 goes on in a private channel. Ask <@{CHI}> to invite you." in words
    assert quiet.screen.surfaces(before).count(f"fled:{before.id}") == 1
    assert quiet.server.workspace.channels.get(before.id).name == "inc-1-moved"
    assert "how to pick locks" in quiet.screen.read(after)
    assert {BEN, CHI} <= set(after.members)
    assert "made it private: answers about locks" in await quiet.timeline()
    assert quiet.refused() == []


async def test_the_tray_has_a_button_for_it(quiet: Stage) -> None:
    await opened(quiet, name="RecallDown")
    await quiet.types(CHI, "/incident")
    await quiet.press(CHI, "Make it private")
    assert quiet.screen.channel().is_private
    assert "locks" not in public_words(quiet)


async def test_attaching_the_safety_runbook_moves_it_too_and_the_walk_goes_on_there(quiet: Stage) -> None:
    await opened(quiet, name="RecallDown")
    await quiet.press(CHI, "I'm on it")
    await quiet.types(CHI, "/incident runbook attach safety")
    assert quiet.screen.channel().is_private
    assert "locks" not in public_words(quiet)
    (event,) = await quiet.happened(ev.MadePrivate)
    assert event.reason == "the runbook safety is private"
    await quiet.press(CHI, "Done", step="contain")
    assert (await quiet.incident()).state("contain").phase == "done"


async def test_an_incident_in_a_public_thread_leaves_it(quiet: Stage) -> None:
    quiet.server.access.channels_may_be_created = False
    await opened(quiet, name="RecallDown")
    assert "locks" in public_words(quiet)
    await quiet.types(ANA, "/incident private INC-1", channel="ml-incidents")
    assert "locks" not in public_words(quiet)
    assert "RecallDown" not in public_words(quiet)
    quiet.server.access.channels_may_be_created = True
    await quiet.types(BEN, "/incident private INC-1", channel="ml-incidents")
    assert "how to pick locks" in quiet.screen.read(quiet.screen.channel())


async def test_who_does_not_belong_to_it_is_told_nothing(quiet: Stage) -> None:
    await opened(quiet)
    for words in ("status INC-1", "step INC-1 list", "note INC-1 what is it?", "ack INC-1"):
        answer = await quiet.types(ANA, f"/incident {words}", channel="ml-incidents")
        assert answer == "INC-1 is private. Ask whoever leads to invite you to its channel."
    listed = await quiet.types(ANA, "/incident list", channel="ml-incidents")
    assert listed == "*INC-1* · private · open · nobody leads"
    assert "how to pick locks" in await quiet.types(BEN, "/incident status INC-1", channel="ml-incidents")
    page, api = await quiet.gets("/incidents"), await quiet.gets("/api/v1/incidents")
    assert SECRET not in page.text + api.text
    assert "chat" not in api.text


@pytest.mark.parametrize(
    "word", ["attach INC-1", "mute INC-1 2h", "silence INC-1 2h", "split INC-1", "hold on INC-1"]
)
async def test_who_does_not_belong_to_it_does_nothing_with_it_elsewhere(quiet: Stage, word: str) -> None:
    await opened(quiet)
    own = quiet.server.workspace.app.bot_user
    quiet.server.workspace.channels.create("anas", creator=ANA, members=(ANA, own), is_private=True)
    answer = await quiet.types(ANA, f"/incident {word}", channel="anas")
    assert answer == "INC-1 is private. Ask whoever leads to invite you to its channel."
    assert await quiet.bot.service.muting.current(quiet.clock.now()) == []


async def test_what_is_muted_of_it_is_named_to_nobody_else(quiet: Stage) -> None:
    await opened(quiet)
    told = await quiet.types(BEN, "/incident mute INC-1 2h the locks again", channel="ml-incidents")
    assert SECRET in told
    listed = await quiet.types(ANA, "/incident mute list", channel="ml-incidents")
    assert listed.startswith("*1* · alerts about safety · until")
    assert "chat" not in listed
    assert "locks" not in listed
    assert SECRET not in await quiet.types(ANA, "/incident unmute 1", channel="ml-incidents")


async def test_who_does_not_belong_to_it_reads_of_it_in_no_list_of_what_could_be_attached(quiet: Stage) -> None:
    await opened(quiet)
    await quiet.sends(alert("RecallDrop", service="ranker"))
    await quiet.sends(alert("RecallDrop", service="search"))
    quiet.server.workspace.channels.create("war-room", creator=ANA, members=(ANA,))
    answer = await quiet.types(ANA, "/incident attach", channel="war-room")
    assert "ranker" in answer
    assert "chat" not in answer


async def test_a_channel_that_opens_while_the_incident_becomes_private_is_left_too(quiet: Stage) -> None:
    await opened(quiet, name="RecallDown")
    log = await quiet.log()
    late = ev.ChannelOpened(channel="C0LATE", name="inc-1-chat-recall-down")
    assert late.surface == "channel"
    await quiet.types(BEN, "/incident private")
    head = await quiet.incident()
    after = apply(head, ev.Entry(seq=head.seq + 1, at=log[-1].at, by=ev.EVENKEEL, event=late))
    assert after.channel == head.channel
    assert "C0LATE" in after.fled


@pytest.mark.parametrize(
    "method",
    ["conversations.create", "chat.update", "chat.postMessage", "conversations.rename", "conversations.setTopic"],
)
@pytest.mark.parametrize("trouble", ["lost", "limited", "down"])
async def test_trouble_in_slack_while_it_moves_delays_it_and_leaves_nothing_behind(
    quiet: Stage, method: str, trouble: str
) -> None:
    await opened(quiet, name="RecallDown")
    await quiet.press(CHI, "I'm on it")
    faults = quiet.server.faults
    if trouble == "lost":
        faults.lose_answer(method)
    elif trouble == "limited":
        faults.ratelimited(method, 30)
    else:
        faults.status(method, 503, times=2)
    await quiet.types(CHI, "/incident private")
    await quiet.rest(300)
    private = [channel for channel in quiet.screen.channels() if channel.is_private]
    assert [channel.name for channel in private] == ["inc-1"]
    assert "how to pick locks" in quiet.screen.read(private[0])
    assert quiet.screen.surfaces(private[0]).count("first@2") == 1
    words = public_words(quiet)
    for secret in ("locks", "RecallDown", "recall"):
        assert secret not in words


async def test_a_process_that_dies_while_it_moves_is_followed_by_one_that_ends_it(quiet: Stage) -> None:
    await opened(quiet, name="RecallDown")
    await quiet.press(CHI, "I'm on it")
    faults = quiet.server.faults
    faults.status("chat.update", 503, times=3)
    faults.status("chat.postMessage", 503, times=3)
    await quiet.types(CHI, "/incident private")
    await quiet.bot.controller.let_all_go()
    await quiet.rest(300)
    assert "locks" not in public_words(quiet)
    assert quiet.screen.surfaces(quiet.screen.channel()).count("first@2") == 1


async def test_the_pages_of_a_private_incident_open_by_the_link_in_its_channel_alone(quiet: Stage) -> None:
    await opened(quiet)
    paths = ["/incidents/INC-1", "/incidents/INC-1/postmortem", "/incidents/INC-1/timeline.csv"]
    paths += ["/api/v1/incidents/INC-1", "/api/v1/incidents/1/timeline", "/api/v1/incidents/INC-1/alerts"]
    for path in paths:
        answer = await quiet.gets(path)
        assert answer.status_code == 403
        assert SECRET not in answer.text
        assert (await quiet.gets(f"{path}?key=guessed")).status_code == 403
    (bookmark,) = quiet.screen.channel().bookmarks
    key = bookmark.link.partition("?key=")[2]
    assert key
    for path in paths:
        assert SECRET in (await quiet.gets(f"{path}?key={key}")).text
    assert key not in public_words(quiet)


async def test_a_browser_keeps_the_key_and_shows_it_in_no_address(quiet: Stage) -> None:
    await opened(quiet)
    (bookmark,) = quiet.screen.channel().bookmarks
    path = bookmark.link.removeprefix("https://evenkeel.example")
    sent = await quiet.gets(path, accept="text/html")
    assert (sent.status_code, sent.headers["location"]) == (303, "/incidents/INC-1")
    cookie = sent.headers["set-cookie"]
    assert "HttpOnly; SameSite=Lax" in cookie
    page = await quiet.gets("/incidents/INC-1", accept="text/html", cookie=cookie.partition(";")[0])
    assert page.status_code == 200
    assert SECRET in page.text
    assert "key=" not in page.text


ROUTED = """
responders: [U0BEN]
routes:
  - {name: harm, match: {reach: people}, private: true, open: now}
  - {name: rest, open: now}
"""


async def test_an_alert_whose_route_is_private_takes_its_incident_along(stages: Stages) -> None:
    stage = await stages(config=ROUTED)
    await opened(stage, name="RecallDown")
    assert not stage.screen.channel().is_private
    again = alert("RecallDown", reach="people")
    again["alerts"][0]["fingerprint"] = "another"
    assert (await stage.sends(again)).json()["incidents"] == ["INC-1"]
    await stage.rest()
    assert stage.screen.channel().is_private
    assert "locks" not in public_words(stage)
    assert "made it private: the route harm is private" in await stage.timeline()


async def test_a_route_that_is_private_and_waits_for_somebody_announces_no_more_than_that(stages: Stages) -> None:
    config = ROUTED.replace("private: true, open: now", "private: true, open: triage")
    stage = await stages(config=config)
    await stage.sends(alert("RecallDown", reach="people"))
    await stage.rest()
    assert "INC-1 · private" in public_words(stage)
    assert "locks" not in public_words(stage)
    await stage.press(ANA, "Open")
    channel = stage.screen.channel()
    assert (channel.name, channel.is_private) == ("inc-1", True)
    assert ANA in channel.members
    assert "locks" not in public_words(stage)


async def test_who_takes_it_away_from_everybody_is_not_left_outside(stages: Stages) -> None:
    stage = await stages(config="incidents_channel: '#ml-incidents'\n")
    await opened(stage, name="RecallDown")
    told = await stage.types(ANA, "/incident private it names a customer", number=1)
    channel = stage.screen.channel()
    assert "to which you" in told
    assert channel.is_private
    assert ANA in channel.members
    assert BEN not in channel.members


async def test_where_nobody_is_known_it_is_said_how_to_get_in(stages: Stages) -> None:
    stage = await stages(config="incidents_channel: '#ml-incidents'\n")
    await opened(stage)
    assert "`/incident lead INC-1`" in stage.screen.surface("announcement")
    await stage.types(ANA, "/incident lead INC-1", channel="ml-incidents")
    assert ANA in stage.screen.channel().members
    assert "ask whoever leads to invite you" in stage.screen.surface("announcement")
