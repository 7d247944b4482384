"""Alerts that join, end, flap and come back, and incidents that become one or two, as people in Slack see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.incidents import events as ev
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, CHI, Stage

SERVICE = "ranker"


def alert(fingerprint: str, name: str = "ModelErrorRate", *, over: bool = False, **labels: str) -> dict[str, Any]:
    """One alert as Alertmanager sends it; it began with the stage."""
    began, ended = "2026-11-21T05:39:00Z", "2026-11-21T05:50:00Z" if over else "0001-01-01T00:00:00Z"
    return {
        "status": "resolved" if over else "firing",
        "labels": {"alertname": name, "service": SERVICE, "severity": "critical"} | labels,
        "annotations": {"summary": f"{name} is too high"}, "startsAt": began, "endsAt": ended,
        "generatorURL": "https://prometheus.example/graph", "fingerprint": fingerprint,
    }  # fmt: skip


async def sends(stage: Stage, *alerts: dict[str, Any]) -> list[str]:
    """The incidents that they belong to."""
    body = {
        "version": "4", "groupKey": "{}", "status": "firing", "receiver": "evenkeel", "alerts": list(alerts),
        "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "", "truncatedAlerts": 0,
    }  # fmt: skip
    answer = await stage.sends(body)
    assert answer.status_code == 202, answer.text
    await stage.rest()
    incidents: list[str] = answer.json()["incidents"]
    return incidents


def again(one: dict[str, Any], stage: Stage) -> dict[str, Any]:
    """The same alert, begun anew."""
    return one | {"startsAt": stage.clock.now().isoformat().replace("+00:00", "Z")}


@pytest.fixture
async def two(bare: Stage) -> Stage:
    """INC-1 about errors, on which Ana is, and INC-2 about cost, on which Ben is."""
    await sends(bare, alert("a"))
    await sends(bare, alert("c", "CostHigh"))
    await bare.types(ANA, "/incident ack", number=1)
    await bare.types(BEN, "/incident ack", number=2)
    return bare


async def test_what_joins_is_one_line_of_the_card_and_no_message(bare: Stage) -> None:
    await sends(bare, alert("a"))
    messages = len(bare.screen.messages(bare.screen.channel()))
    bare.server.journal.clear()
    await sends(bare, *(alert(f"b{n}", instance=f"i{n}") for n in range(14)), alert("d", "ErrorRateOfOneSlice"))
    assert ":bell: 16 alerts; joined last: ModelErrorRate and ErrorRateOfOneSlice" in bare.screen.card()
    assert len(bare.screen.messages(bare.screen.channel())) == messages
    assert len(bare.server.journal.calls("chat.update")) == 2  # the card and the announcement
    await sends(bare, alert("a", over=True))
    assert ":bell: 16 alerts, 15 firing" in bare.screen.card()
    assert bare.refused() == []


async def test_when_all_are_over_the_card_says_so_and_asks_after_the_quiet_time(bare: Stage) -> None:
    await sends(bare, alert("a"), alert("b"))
    await sends(bare, alert("a", over=True), alert("b", over=True))
    card = bare.screen.card()
    assert ":white_check_mark: Both alerts have been over since" in card
    assert "I propose to resolve" in card
    assert "Is it over?" not in card
    await bare.rest(600)
    assert "*Is it over?* No alert has fired since" in bare.screen.card()
    await bare.press(ANA, "Keep it open")
    assert f"<@{ANA}> keeps the incident open" in bare.screen.card()
    assert "Is it over?" not in bare.screen.card()
    await bare.rest(7200)
    assert (await bare.incident()).status == "open"
    assert bare.refused() == []


async def test_the_proposal_is_taken_with_a_summary(bare: Stage) -> None:
    await sends(bare, alert("a"))
    await sends(bare, alert("a", over=True))
    await bare.rest(600)
    await bare.press(ANA, "Resolve")
    assert await bare.fills(ANA, summary="A deploy that was taken back.") == {}
    assert (await bare.incident()).status == "resolved"
    assert bare.refused() == []


async def test_an_alert_that_flaps_is_one_line_and_no_further_calls(bare: Stage) -> None:
    one = alert("a")
    await sends(bare, one)
    for _ in range(4):
        await sends(bare, one | {"status": "resolved", "endsAt": "2026-11-21T05:50:00Z"})
        await bare.rest(60)
        one = again(alert("a"), bare)
        assert await sends(bare, one) == ["INC-1"]
    assert ":repeat: ModelErrorRate flaps" in bare.screen.card()
    lines = await bare.timeline()
    assert lines.count("flaps: it began 4 times within an hour") == 1
    bare.server.journal.clear()
    for _ in range(3):
        await sends(bare, one | {"status": "resolved", "endsAt": "2026-11-21T05:50:00Z"})
        one = again(alert("a"), bare)
        await sends(bare, one)
    assert bare.server.journal.calls("chat.update") == []
    assert await bare.timeline() == lines
    assert bare.refused() == []


async def test_a_merged_incident_leaves_one_message_with_a_link(two: Stage) -> None:
    here, there = two.screen.channel(1), two.screen.channel(2)
    before = len(two.screen.messages(there))
    answer = await two.types(ANA, "/incident merge INC-2", number=1)
    assert answer.startswith("INC-2 goes on as INC-1, with 1 alert and its people.")
    assert "goes on here since" in two.screen.card(1)
    assert "INC-2 (ranker: CostHigh)" in two.screen.card(1)
    assert f"*Goes on as INC-1*, in <#{here.id}>, says <@{ANA}>" in two.screen.card(2)
    (told,) = two.screen.messages(there)[before:]
    assert f"<#{here.id}>" in told.text
    assert f"Merged · goes on as INC-1 in <#{two.screen.channel().id}>" in two.screen.surface("announcement", 2)
    assert BEN in two.screen.channel(1).members
    assert (await two.incident(2)).status == "merged"
    noted = await two.types(ANA, "/incident note it began at five", number=2)
    assert noted == "It is in the timeline of INC-2. That goes on as INC-1: write there, too."
    assert "reopen" not in await two.types(ANA, "/incident", number=2)
    assert "merged INC-2 (ranker: CostHigh) into this incident, with 1 alert" in await two.timeline(1)
    assert "merged it into INC-1" in await two.timeline(2)
    assert await sends(two, alert("d", "CostHigh", instance="other")) == ["INC-1"]
    assert two.refused() == []


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/incident merge INC-1", "INC-1 is this incident."),
        ("/incident merge INC-7", "There is no incident INC-7."),
        ("/incident merge", "Type `/incident merge INC-2` in the channel in which it is to go on"),
        ("/incident merge INC-2 please", "Type `/incident merge INC-2`"),
    ],
)
async def test_a_merge_that_makes_no_sense_is_answered_with_a_sentence(two: Stage, line: str, answer: str) -> None:
    assert (await two.types(ANA, line, number=1)).startswith(answer)
    assert two.refused() == []


async def test_merging_can_be_typed_anywhere_with_both_names(two: Stage) -> None:
    where = "ml-incidents"
    assert "This is no incident's channel." in await two.types(ANA, "/incident merge INC-2", channel=where)
    told = await two.types(ANA, "/incident merge INC-2 into INC-1", channel=where)
    assert told.startswith("INC-2 goes on as INC-1")
    assert "it goes on as INC-1" in await two.types(BEN, "/incident reopen not mine", number=2)
    assert two.refused() == []


async def test_alerts_that_are_another_matter_are_split_off_again(two: Stage) -> None:
    await two.types(ANA, "/incident merge INC-2", number=1)
    assert await two.types(CHI, "/incident split", number=1) == ""
    key = (await two.bot.service.merging.kinds(1))[1].key
    assert await two.fills(CHI, alerts=[key]) == {}
    assert two.screen.whispered(CHI)[-1] == "INC-3 is open with what you split off INC-1; you lead it."
    new = await two.incident(3)
    assert (new.lead, new.alerts, new.alert_name) == (CHI, 1, "CostHigh")
    assert "Split off: INC-3" in two.screen.card(1)
    assert "Split from INC-1" in two.screen.card(3)
    assert await two.happened(ev.Paged, 3) == []
    assert await sends(two, alert("d", "CostHigh", instance="other")) == ["INC-3"]
    assert two.refused("user_not_in_channel") == []  # Chi is no member: told in a direct message


async def test_a_split_of_everything_is_refused_at_its_field(two: Stage) -> None:
    await two.types(ANA, "/incident merge INC-2", number=1)
    await two.types(CHI, "/incident split", number=1)
    every = [kind.key for kind in await two.bot.service.merging.kinds(1)]
    assert await two.fills(CHI, alerts=every) == {"alerts": "These are all of its alerts: leave at least one here."}
    assert two.refused() == []


async def test_where_there_is_one_alert_there_is_nothing_to_split(bare: Stage) -> None:
    await sends(bare, alert("a"))
    assert "there is nothing to split" in await bare.types(ANA, "/incident split")
    assert bare.refused() == []


async def test_where_a_storm_is_of_one_kind_that_is_said(bare: Stage) -> None:
    await sends(bare, *(alert(f"pod-{number}") for number in range(60)))
    assert (await bare.types(ANA, "/incident split")).startswith("All 60 alerts of INC-1 have one name, service and")


async def test_an_alert_within_the_watch_opens_the_incident_again(bare: Stage) -> None:
    await sends(bare, alert("a"))
    await bare.types(ANA, "/incident step rollback outside by helm")
    await sends(bare, alert("a", over=True))
    await bare.types(ANA, "/incident resolve it was the release")
    head = await bare.incident()
    assert head.watch is not None
    await bare.rest(timedelta(hours=5).total_seconds())
    assert await sends(bare, again(alert("b"), bare)) == ["INC-1"]
    assert "ModelErrorRate fires again while the fix is watched" in bare.screen.read(bare.screen.channel())
    assert (await bare.incident()).status == "open"
    assert bare.refused() == []


async def test_alerts_of_very_many_services_are_one_card_that_says_so(stages: Stages) -> None:
    stage = await stages(config="most_incidents: 2\n")
    await sends(stage, *(alert(f"f{n}", service=f"s{n:03}") for n in range(300)))
    assert len(stage.screen.channels()) == 3
    card = stage.screen.card(3)
    assert "SEV2 · many services · Alerts of many services at once" in card
    assert "More services have alerts than get an incident each: the rest come together here, since" in card
    assert "Alertmanager says" not in card
    (key,) = [kind.key for kind in await stage.bot.service.merging.kinds(3) if kind.service == "s100"]
    await stage.types(CHI, "/incident split", number=3)
    assert await stage.fills(CHI, alerts=[key]) == {}
    assert (await stage.incident(4)).service == "s100"
    assert len(stage.server.journal.calls()) < 60


async def test_who_holds_what_went_on_elsewhere_is_told_where_its_alerts_are(two: Stage) -> None:
    await two.types(ANA, "/incident merge INC-2", number=1)
    assert "Its alerts are in INC-1: hold that one, too." in await two.types(
        BEN, "/incident hold on case 7", number=2
    )


async def test_where_its_alerts_are_muted_that_none_fires_proves_nothing(stages: Stages) -> None:
    stage = await stages(config="resolve_after: 20m\n")
    await sends(stage, alert("a"))
    await stage.types(ANA, "/incident mute 1h")
    assert await sends(stage, alert("b")) == []
    await sends(stage, alert("a", over=True))
    await stage.rest(1800)
    assert (await stage.incident()).status == "open"
    assert f"<@{ANA}> keeps the incident open" in stage.screen.card()
    await stage.rest(1900)
    await stage.bot.service.muting.release()
    assert [(head.number, head.status) for head in await stage.bot.service.listing()] == [(2, "open"), (1, "open")]


async def test_of_a_storm_all_alerts_with_one_label_are_split_off(bare: Stage) -> None:
    pods = (alert(f"pod-{number}", region="eu" if number < 20 else "us") for number in range(60))
    await sends(bare, *pods, alert("other", "OtherErrorRate"))
    await bare.types(CHI, "/incident split")
    assert "No alert here has it." in (await bare.fills(CHI, label="region=mars"))["label"]
    assert await bare.fills(CHI, label="region=eu") == {}
    new, old = await bare.incident(2), await bare.incident(1)
    assert (new.alerts, old.alerts, new.lead) == (20, 41, CHI)
    assert "is called or labelled “nothing”" in await bare.types(CHI, "/incident split nothing", number=1)
    assert await bare.types(CHI, "/incident split region=us", number=1) == ""
    assert await bare.fills(CHI) == {}, "what was typed is chosen already"
    assert ((await bare.incident(3)).alerts, (await bare.incident(1)).alerts) == (40, 1)
    assert bare.refused("user_not_in_channel") == []
