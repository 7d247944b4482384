"""What is not said to be bad is announced in the incidents channel, with a button, and calls nobody."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from bot.clock import SteppedClock
from bot.incidents import events as ev
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, Stage, recorded

LOBBY = "ml-incidents"
HOUR = 3600.0


@pytest.fixture
async def quiet(stages: Stages, clock: SteppedClock) -> Stage:
    """No evenkeel.yaml: the default routing. It is 05:39, just after the recorded alerts began."""
    return await _standing(stages, clock, None)


async def _standing(stages: Stages, clock: SteppedClock, config: str | None) -> Stage:
    clock.advance(timedelta(hours=2, minutes=34).total_seconds())
    found: Stage = await stages(config=config, everything_opens=False)
    return found


async def _fires(stage: Stage, name: str = "1_firing", **labels: str) -> None:
    await stage.sends(_labelled(msgspec.json.decode(recorded(name)), labels))
    await stage.rest()


def _labelled(payload: Any, labels: dict[str, str]) -> Any:
    for alert in payload["alerts"] if labels else ():
        alert["labels"] = alert["labels"] | labels
        alert["fingerprint"] = "-".join(labels.values())
    return payload


async def test_a_warning_is_one_message_with_what_where_how_often_and_what_to_press(quiet: Stage) -> None:
    answer = await quiet.sends(recorded("1_firing"))
    assert answer.json() == {"accepted": 1, "incidents": ["INC-1"]}
    await quiet.rest()

    assert quiet.screen.channels() == []
    told = quiet.screen.surface("announcement")
    assert "SEV3 · fraud · ModelErrorRate" in told
    assert "error rate 0.11" in told
    assert "[Open]  [Not now]  [Mute for 1 h]" in told
    assert "INC-1: 1 alert since" in told
    assert "nobody has opened it, and nobody was called" in told
    assert (await quiet.incident()).status == "triage"


async def test_more_alerts_count_up_in_the_same_message(quiet: Stage) -> None:
    await _fires(quiet)
    await _fires(quiet, instance="eval2")
    await _fires(quiet, instance="eval3")

    assert "INC-1: 3 alerts since" in quiet.screen.surface("announcement")
    assert len(quiet.screen.messages(quiet.screen.named(LOBBY))) == 1


async def test_whoever_presses_open_gets_the_channel_and_the_whole_incident(quiet: Stage) -> None:
    await _fires(quiet)
    await quiet.press(ANA, "Open")

    incident = await quiet.incident()
    assert (incident.status, incident.opened_at > incident.began) == ("open", True)
    assert ANA in quiet.screen.channel().members
    assert "ModelErrorRate" in quiet.screen.card()
    told = quiet.screen.surface("announcement")
    assert f"Join <#{quiet.screen.channel().id}>" in told
    assert "[Open]" not in told


async def test_two_people_who_press_at_once_open_one_channel_and_the_second_one_is_told_who_was_first(
    quiet: Stage,
) -> None:
    await _fires(quiet)
    first, second = await asyncio.gather(quiet.press(ANA, "Open", hurry=True), quiet.press(BEN, "Open", hurry=True))
    await quiet.rest()

    assert len(quiet.screen.channels()) == 1
    assert len(await quiet.happened(ev.TriageOpened)) == 1
    said = [*quiet.screen.whispered(ANA), *quiet.screen.whispered(BEN), first, second]
    assert any("opened INC-1 at" in text for text in said)


async def test_it_goes_away_by_itself_when_its_alert_is_over(quiet: Stage) -> None:
    await _fires(quiet)
    await quiet.rest(600)
    await quiet.sends(recorded("3_resolved"))
    await quiet.rest()

    told = quiet.screen.surface("announcement")
    assert "Over by itself" in told
    assert "[" not in told.replace("[Source]", "")
    await quiet.rest(HOUR)
    assert (await quiet.incident()).status == "cancelled"
    assert quiet.screen.channels() == []


async def test_a_list_does_not_ask_to_open_what_is_over(quiet: Stage) -> None:
    await _fires(quiet)
    assert "announced, nobody has opened it" in await quiet.types(ANA, "/incident list", channel=LOBBY)
    await _fires(quiet, "3_resolved")
    assert "over by itself, nobody opened it" in await quiet.types(ANA, "/incident list", channel=LOBBY)


async def test_a_button_that_went_away_answers_with_a_sentence(quiet: Stage) -> None:
    await _fires(quiet)
    await quiet.sends(recorded("3_resolved"))  # and before that is drawn:
    told = await quiet.press(ANA, "Open")
    assert "Its alerts have been over since" in told
    assert "`open INC-1` opens it" in told

    await quiet.rest(HOUR)
    assert "went away by itself" in await quiet.types(ANA, "/incident open INC-1", channel=LOBBY)
    await quiet.types(ANA, "/incident reopen INC-1 it is back", channel=LOBBY)
    assert (await quiet.incident()).status == "open"
    assert len(quiet.screen.channels()) == 1


async def test_what_fires_again_soon_comes_back_in_the_same_message(quiet: Stage) -> None:
    await _fires(quiet)
    await quiet.sends(recorded("3_resolved"))
    await quiet.rest(60)
    await _fires(quiet)

    assert "[Open]" in quiet.screen.surface("announcement")
    assert len(quiet.screen.messages(quiet.screen.named(LOBBY))) == 1


async def test_not_now_is_said_by_name_and_can_still_be_opened(quiet: Stage) -> None:
    await _fires(quiet)
    await quiet.press(ANA, "Not now")

    told = quiet.screen.surface("announcement")
    assert f"Not now, says <@{ANA}>" in told
    assert "[Open]  [Mute for 1 h]" in told
    await quiet.press(BEN, "Open")
    assert (await quiet.incident()).status == "open"


async def test_a_worse_alert_opens_what_was_only_announced(quiet: Stage) -> None:
    await _fires(quiet)
    await quiet.press(ANA, "Not now")
    await _fires(quiet, severity="critical")

    assert len(quiet.screen.channels()) == 1
    (opened,) = await quiet.happened(ev.TriageOpened)
    assert opened.because == "a SEV2 alert joined"
    assert (await quiet.incident()).severity == "SEV2"


async def test_what_critical_alerts_say_opens_at_once(quiet: Stage) -> None:
    await _fires(quiet, "2_firing")

    assert len(quiet.screen.channels()) == 1


async def test_a_mute_keeps_such_alerts_quiet_for_an_hour_and_then_it_is_announced_again(quiet: Stage) -> None:
    await _fires(quiet)
    await quiet.press(ANA, "Mute for 1 h")
    assert f"by <@{ANA}>" in quiet.screen.surface("announcement")
    await _fires(quiet, instance="eval2")
    assert (await quiet.incident()).alerts == 1
    assert "alertname=ModelErrorRate, service=fraud" in await quiet.types(ANA, "/incident mute list", channel=LOBBY)

    await quiet.rest(HOUR)

    assert "announced again below" in quiet.screen.surface("announcement")
    assert "[Open]  [Not now]  [Mute for 1 h]" in quiet.screen.surface("announcement:1")
    await quiet.bot.service.muting.release()
    await quiet.rest()
    assert (await quiet.incident()).alerts == 2
    await quiet.press(ANA, "Open")
    assert all("Join <#" in quiet.screen.surface(key) for key in ("announcement", "announcement:1"))


async def test_unmuted_is_heard_at_once(quiet: Stage) -> None:
    told = await quiet.types(ANA, "/incident mute alertname=~Model.* 2h retraining", channel=LOBBY)
    assert told.startswith("Muted until")
    await _fires(quiet)
    assert await quiet.bot.service.listing() == []

    assert (await quiet.types(BEN, "/incident unmute 1", channel=LOBBY)).startswith("Mute 1 is over")
    assert "ModelErrorRate" in quiet.screen.surface("announcement")


COUNTED = """
routes:
  - match: {alertname: ModelErrorRate}
    open: {after: 3, within: 10m}
"""


async def test_what_opens_after_some_alerts_shows_nothing_before(stages: Stages, clock: SteppedClock) -> None:
    stage = await _standing(stages, clock, COUNTED)
    await _fires(stage)
    await stage.rest(700)
    await _fires(stage, instance="eval2")
    await _fires(stage, instance="eval3")
    assert stage.screen.messages(stage.screen.named(LOBBY)) == []

    await _fires(stage, instance="eval4")

    (opened,) = await stage.happened(ev.TriageOpened)
    assert opened.because == "3 alerts within 10m"
    assert len(stage.screen.channels()) == 1


ROUTED = """
oncall: {fraud: [U0DEE]}
maintenance:
  - {name: retraining, match: {alertname: FeatureDriftHigh}, from: "05:00", until: "06:30"}
routes:
  - name: fraud
    match: {model: fraud}
    open: now
    channel: "#stakeholders"
    people: [oncall:fraud]
    runbook: cost
    severity: SEV2
    private: true
"""


async def test_a_route_says_where_it_is_announced_who_comes_and_what_is_walked(
    stages: Stages, clock: SteppedClock
) -> None:
    stage = await _standing(stages, clock, ROUTED)
    await _fires(stage)

    incident, channel = await stage.incident(), stage.screen.channel()
    assert incident.runbook is not None
    assert (incident.runbook.id, incident.severity) == ("cost", "SEV2")
    assert channel.is_private
    assert "U0DEE" in channel.members
    (message,) = stage.screen.shown_for("announcement")
    assert message.channel == stage.screen.named("stakeholders").id


async def test_what_still_fires_when_a_maintenance_window_ends_opens_then(
    stages: Stages, clock: SteppedClock
) -> None:
    stage = await _standing(stages, clock, ROUTED)
    await _fires(stage, "2_firing")
    assert await stage.bot.service.listing() == []

    await stage.rest(HOUR)
    await stage.bot.service.muting.release()
    await stage.rest()

    assert (await stage.incident()).alerts == 2


async def test_what_is_only_announced_can_be_walked_after_somebody_opened_it(quiet: Stage) -> None:
    await _fires(quiet)

    assert "nobody has opened it yet" in await quiet.types(ANA, "/incident ack INC-1", channel=LOBBY)
    assert (await quiet.types(ANA, "/incident open INC-1", channel=LOBBY)).startswith("INC-1 is open")
    told = await quiet.types(BEN, "/incident open INC-1", channel=LOBBY)
    assert told.startswith(f"<@{ANA}> opened INC-1 at")
    assert told.endswith(f": <#{quiet.screen.channel().id}>.")


@pytest.mark.parametrize("labels", ["service=~.*", "service=~.+ alertname=~.*", "alertname=!Other", "severity=~.*"])
async def test_nothing_mutes_everything_in_other_words(quiet: Stage, labels: str) -> None:
    told = await quiet.types(ANA, f"/incident mute {labels} 1h", channel=LOBBY)
    assert "nearly everything" in told
    assert await quiet.types(ANA, "/incident mute list", channel=LOBBY) == "Nothing is muted."


async def test_a_label_without_a_value_mutes_nothing_else_instead(quiet: Stage) -> None:
    await _fires(quiet, severity="critical")
    told = await quiet.types(ANA, "/incident mute alertname= 2h", number=1)
    assert told.startswith("Type `/incident mute")
    assert await quiet.types(ANA, "/incident mute list", number=1) == "Nothing is muted."


async def test_what_was_said_of_it_does_not_open_it_and_the_answer_says_so(quiet: Stage) -> None:
    await _fires(quiet)
    told = await quiet.types(ANA, "/incident severity INC-1 sev1", channel=LOBBY)
    assert told == "INC-1 is SEV1. Nobody has opened it yet: `/incident open INC-1`."
    told = await quiet.types(ANA, "/incident private INC-1 it names a customer", channel=LOBBY)
    assert "`/incident open INC-1` opens it in a private channel" in told
    await quiet.types(ANA, "/incident open INC-1", channel=LOBBY)
    assert quiet.screen.channel().is_private
    assert ANA in quiet.screen.channel().members
