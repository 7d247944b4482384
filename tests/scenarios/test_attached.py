"""Beside another incident tool: one thread in its channel, nothing created, nobody invited or paged."""

from __future__ import annotations

import re

from bot.incidents import events as ev
from bot.sandbox.workspace.values import Channel
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, CHI, CONNECTED, Stage

THEIRS = "inc-742-fraud-scorer-recall"


def opened_elsewhere(stage: Stage, name: str = THEIRS, *, private: bool = False, bot: bool = False) -> Channel:
    """Another tool opened a channel with Ana and Chi in it, and with the bot if somebody invited it."""
    members = (ANA, CHI, *((stage.server.workspace.app.bot_user,) if bot else ()))
    return stage.server.workspace.channels.create(name, creator=BEN, members=members, is_private=private)


def methods(stage: Stage) -> set[str]:
    """The methods of Slack that were called."""
    return {call.method for call in stage.server.journal.calls()}


async def test_the_walk_is_one_thread_whose_head_is_the_card(stage: Stage) -> None:
    theirs = opened_elsewhere(stage)
    answer = await stage.types(ANA, "/incident attach fraud-scorer recall is down", channel=THEIRS)
    assert answer.startswith("INC-1 (fraud-scorer) is walked here, in one thread. Nobody was invited or paged;")
    await stage.rest()
    (card,) = stage.screen.shown_for("first")
    assert (card.channel, card.thread_ts) == (theirs.id, "")
    assert stage.screen.card().startswith("# SEV? · fraud-scorer · ")
    assert "Suggested: roll back to v41" in stage.screen.card()
    posted = stage.screen.messages(stage.screen.named(THEIRS))
    assert {message.thread_ts for message in posted if message.ts != card.ts} <= {card.ts}
    assert stage.refused() == []


async def test_nothing_is_created_and_nobody_is_invited_paged_or_told(stage: Stage) -> None:
    theirs = opened_elsewhere(stage)
    await stage.types(ANA, "/incident attach fraud-scorer", channel=THEIRS)
    await stage.rest(3600)
    unwanted = {
        "conversations.create", "conversations.invite", "conversations.setTopic", "pins.add", "bookmarks.add",
    }  # fmt: skip
    assert methods(stage) & unwanted == set()
    after = stage.screen.named(THEIRS)
    assert set(after.members) - {stage.server.workspace.app.bot_user} == set(theirs.members)
    assert (after.topic, after.pins, after.bookmarks) == ("", (), ())
    assert stage.screen.channels() == []
    for elsewhere in ("ml-incidents", "stakeholders"):
        assert stage.screen.messages(stage.screen.named(elsewhere)) == []
    kinds = {type(entry.event) for entry in await stage.log()}
    assert kinds & {ev.Paged, ev.StepOverdue, ev.StepAssigned, ev.ChannelOpened} == set()


async def test_buttons_and_words_work_in_the_thread(stage: Stage) -> None:
    opened_elsewhere(stage)
    await stage.types(ANA, "/incident attach fraud-scorer", channel=THEIRS)
    await stage.rest()
    await stage.press(ANA, "I'm on it")
    assert (await stage.incident()).lead == ANA
    assert await stage.types(CHI, "/incident severity sev2", channel=THEIRS) == "INC-1 is SEV2."
    assert "SEV2" in await stage.types(CHI, "/incident status", channel=THEIRS)
    (card,) = stage.screen.shown_for("first")
    reply = await stage.posts(CHI, "errors began at five", channel=THEIRS)
    await stage.server.people.react(ANA, reply.channel, reply.ts, "pushpin")
    await stage.rest()
    assert [note.text for note in await stage.happened(ev.NoteAdded)] == ["errors began at five"]
    assert await stage.types(ANA, "/incident resolve v41 serves", channel=THEIRS) == "INC-1 is resolved."
    await stage.rest()
    (draft,) = stage.screen.shown_for("postmortem")
    assert draft.thread_ts == card.ts


async def test_the_service_is_told_by_the_channels_name(stage: Stage) -> None:
    opened_elsewhere(stage)
    assert (await stage.types(ANA, "/incident attach", channel=THEIRS)).startswith("INC-1 (fraud-scorer)")
    assert (await stage.types(CHI, "/incident attach", channel=THEIRS)) == (
        "INC-1 (fraud-scorer) is walked in this channel already."
    )


async def test_an_incident_with_a_channel_goes_on_in_the_other_tools(stage: Stage) -> None:
    opened_elsewhere(stage)
    await stage.breaks()
    own = stage.screen.channel()
    answer = await stage.types(ANA, "/incident attach INC-1", channel=THEIRS)
    assert answer.startswith("INC-1 (fraud-scorer) goes on here, in one thread.")
    await stage.rest()
    there = stage.screen.named(THEIRS)
    assert f":arrow_right: INC-1 goes on in <#{there.id}>, in one thread." in stage.screen.card()
    (card,) = stage.screen.shown_for(f"first:{there.id}")
    assert (card.channel, card.thread_ts) == (there.id, "")
    assert f"Followed in <#{there.id}>" in stage.screen.surface("announcement")
    assert (await stage.types(CHI, "/incident severity sev1", channel=THEIRS)) == "INC-1 is SEV1."
    assert own.members == stage.screen.channel().members
    assert stage.refused() == []


async def test_those_in_the_channel_that_it_left_are_told_and_what_they_type_there_still_counts(stage: Stage) -> None:
    opened_elsewhere(stage)
    await stage.breaks()
    own = stage.screen.channel()
    await stage.types(ANA, "/incident attach INC-1", channel=THEIRS)
    await stage.rest()
    line = f":arrow_right: INC-1 goes on in <#{stage.screen.named(THEIRS).id}>, in one thread."
    assert stage.screen.messages(own)[-1].text == line
    assert await stage.types(CHI, "/incident severity sev1", channel=own.name) == "INC-1 is SEV1."
    await stage.rest(600)
    assert [message.text for message in stage.screen.messages(own)].count(line) == 2  # the card, and the message


async def test_the_live_incident_of_the_service_comes_instead_of_a_second_one(stage: Stage) -> None:
    opened_elsewhere(stage)
    await stage.breaks()
    answer = await stage.types(ANA, "/incident attach fraud-scorer", channel=THEIRS)
    assert answer.startswith("INC-1 (fraud-scorer) goes on here")
    assert len(await stage.bot.service.listing()) == 1


async def test_a_private_channel_has_to_invite_the_bot_first(stage: Stage) -> None:
    opened_elsewhere(stage, private=True)
    answer = await stage.types(ANA, "/incident attach fraud-scorer", channel=THEIRS)
    assert answer.startswith("I am no member of this channel. Invite me first (`/invite @evenkeel`)")
    assert await stage.bot.service.listing() == []
    stage.server.workspace.channels.join(stage.screen.named(THEIRS).id, user=stage.server.workspace.app.bot_user)
    assert (await stage.types(ANA, "/incident attach", channel=THEIRS)).startswith("INC-1 (fraud-scorer) is walked")


async def test_a_channel_that_says_nothing_is_asked_about(stage: Stage) -> None:
    opened_elsewhere(stage, "inc-743-login")
    answer = await stage.types(ANA, "/incident attach", channel="inc-743-login")
    assert answer.startswith("Say which incident or service this channel is about: `/incident attach ")
    answer = await stage.types(ANA, "/incident attach fraud-scorr", channel="inc-743-login")
    assert answer.startswith("I know no service “fraud-scorr”. Say which")
    assert "`/incident attach fraud-scorer`" in answer


async def test_an_action_is_asked_for_approved_and_carried_out_in_the_thread(stage: Stage) -> None:
    opened_elsewhere(stage)
    await stage.types(ANA, "/incident attach fraud-scorer", channel=THEIRS)
    await stage.rest()
    assert f"asking mentions <@{BEN}> here" in stage.screen.card()
    await stage.press(ANA, "I'm on it")
    await stage.press(ANA, "Request rollback to v41")
    (request,) = stage.screen.shown_for("approval:rollback:1")
    (card,) = stage.screen.shown_for("first")
    assert request.thread_ts == card.ts
    await stage.rest(600)
    assert await stage.happened(ev.Paged) == []
    await stage.press(BEN, "Approve")
    await stage.rest(60)
    assert stage.serves("fraud-model") == "41"


async def test_where_slack_lets_nobody_post_the_incidents_channel_says_so(stage: Stage) -> None:
    theirs = opened_elsewhere(stage)
    stage.server.workspace.channels.share(theirs.id)
    await stage.types(ANA, "/incident attach fraud-scorer", channel=THEIRS)
    await stage.rest()
    assert f"Slack did not let me post in <#{theirs.id}>: invite me there" in stage.screen.surface("announcement")
    assert stage.screen.shown_for("first") == []


async def test_an_incident_that_cannot_be_walked_there_is_not_lost_to_those_in_its_own_channel(stage: Stage) -> None:
    theirs = opened_elsewhere(stage)
    stage.server.workspace.channels.share(theirs.id)
    await stage.breaks()
    own = stage.screen.channel()
    await stage.types(ANA, "/incident attach INC-1", channel=THEIRS)
    await stage.rest()
    line = f":warning: INC-1 was asked into <#{theirs.id}>, and Slack does not let me post there."
    assert [message.text.startswith(line) for message in stage.screen.messages(own)].count(True) == 2
    assert "`/incident INC-1` shows what can be done" in stage.screen.messages(own)[-1].text
    assert await stage.types(ANA, "/incident severity sev1", channel=own.name) == "INC-1 is SEV1."


async def test_what_turns_out_to_be_private_leaves_the_other_tools_channel(stage: Stage) -> None:
    theirs = opened_elsewhere(stage)
    await stage.types(ANA, "/incident attach fraud-scorer", channel=THEIRS)
    await stage.rest()
    await stage.types(ANA, "/incident private INC-1", channel=THEIRS)
    await stage.rest(60)
    own = stage.screen.channel()
    assert own.is_private
    assert "Recall" in stage.screen.read(own)
    there = stage.screen.named(THEIRS)
    assert (there.id, there.topic) == (theirs.id, "")
    assert "Recall" not in stage.screen.read(there)
    assert "This went on in a private channel." in stage.screen.read(there)
    assert "conversations.rename" not in methods(stage)


def alert(name: str, fingerprint: str) -> dict[str, object]:
    """What Alertmanager sends of the service."""
    labels = {"alertname": name, "service": "fraud-scorer", "severity": "critical"}
    one = {"status": "firing", "labels": labels, "startsAt": "2026-11-21T03:05:00Z", "fingerprint": fingerprint}
    return {"alerts": [one]}


async def test_later_alerts_of_the_service_open_no_channel_beside_the_other_tools(stage: Stage) -> None:
    opened_elsewhere(stage)
    await stage.types(ANA, "/incident attach fraud-scorer", channel=THEIRS)
    for number, name in enumerate(("LatencyHigh", "RecallDrop", "ErrorRateHigh")):
        answer = await stage.sends(alert(name, str(number)))
        assert answer.json() == {"accepted": 1, "incidents": ["INC-1"]}
    await stage.rest()
    assert stage.screen.channels() == []
    assert (await stage.incident()).alerts == 3
    assert (await stage.sends(alert("ToxicAnswers", "9"))).json()["incidents"] == ["INC-2"]
    await stage.rest()


async def test_a_channel_that_has_an_incident_or_is_for_all_of_them_is_no_guests_place(stage: Stage) -> None:
    await stage.breaks()
    await stage.types(ANA, "/incident attach INC-1", channel="ml-incidents")
    assert "This channel is for announcements and updates" in stage.screen.whispered(ANA)[-1]
    await stage.sends({"alerts": [{**_other(), "fingerprint": "r"}]})
    await stage.rest()
    answer = await stage.types(ANA, "/incident attach INC-2", channel=stage.screen.channel(1).name)
    assert answer == "INC-1 lives in this channel; two would not be told apart."
    assert {one.place for one in await stage.bot.service.listing()} == {"channel"}


def _other() -> dict[str, object]:
    labels = {"alertname": "LatencyHigh", "service": "ranker", "severity": "critical"}
    return {"status": "firing", "labels": labels, "startsAt": "2026-11-21T03:05:00Z"}


async def test_what_was_only_announced_is_opened_by_it_and_in_no_channel_of_its_own(stages: Stages) -> None:
    announced = re.sub(r"(?m)^routes:.*\n(?:  .*\n)*", "routes: [{name: all, open: triage}]\n", CONNECTED)
    stage: Stage = await stages(config=announced)
    theirs = opened_elsewhere(stage)
    warning = {"alertname": "RecallDrop", "service": "fraud-scorer", "severity": "warning"}
    await stage.sends({"alerts": [{**_other(), "labels": warning, "fingerprint": "w"}]})
    await stage.rest()
    assert (await stage.incident()).status == "triage"
    answer = await stage.types(ANA, "/incident attach", channel=THEIRS)
    assert answer.startswith("INC-1 (fraud-scorer) goes on here, in one thread.")
    await stage.rest()
    (card,) = stage.screen.shown_for("first")
    assert ((await stage.incident()).status, card.channel) == ("open", theirs.id)
    assert f"Followed in <#{theirs.id}>" in stage.screen.surface("announcement")
    assert stage.screen.channels() == []
