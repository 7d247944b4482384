"""The line about an incident's alerts, and the question whether it is over."""

from __future__ import annotations

import pytest

from bot.incidents import events as ev
from bot.incidents.fold import fold
from bot.incidents.incident import Incident
from bot.slack.view.alerts_seen import alerts_seen, proposal, went_on
from bot.slack.view.channel import topic
from bot.slack.view.outcomes import outcomes
from bot.slack.view.text import at
from tests.unit.slack.stories import ANA, BARE, BEN, Story
from tests.unit.slack.transcript import read, transcript

HOSTILE = "<!channel> @everyone <https://evil.example|x>"


def story() -> Story:
    return Story(BARE, connected=False)


def over(told: Story, count: int = 1, *, firing: int = 0) -> Story:
    return told.then(ev.AlertsResolved(count=count, fingerprints=("abc",), firing=firing), by="alertmanager")


def asks(incident: Incident) -> str:
    return transcript([block.to_dict() for block in proposal(incident)])


def test_the_alert_that_opened_it_needs_no_line() -> None:
    assert alerts_seen(story().incident()) == []


def test_what_joins_is_counted_and_the_last_are_named() -> None:
    told = story().then(ev.AlertsAttached(count=3, names=("CostHigh",)))
    when = told.now
    assert alerts_seen(told.incident()) == [f":bell: 4 alerts; joined last: CostHigh {at(when)}"]
    told.then(ev.AlertsAttached(count=10, names=("A", "B", "C", "D")))
    assert alerts_seen(told.incident()) == [f":bell: 14 alerts; joined last: A, B, C and 1 more {at(told.now)}"]


def test_in_a_storm_the_number_is_a_round_one_that_changes_seldom() -> None:
    told = story().then(ev.AlertsAttached(count=98, names=("CostHigh",)))
    drawn = alerts_seen(told.incident())
    assert drawn == [":bell: more than 50 alerts"]
    assert alerts_seen(told.then(ev.AlertsAttached(count=50)).incident()) == [":bell: more than 100 alerts"]
    assert alerts_seen(told.then(ev.AlertsAttached(count=50)).incident()) == [":bell: more than 100 alerts"]


def test_as_long_as_some_fire_it_says_how_many() -> None:
    told = over(story().then(ev.AlertsAttached(count=1, names=("CostHigh",))), firing=1)
    (line,) = alerts_seen(told.incident())
    assert line.startswith(":bell: 2 alerts, 1 firing; joined last: CostHigh")


@pytest.mark.parametrize(
    ("joined", "words"),
    [(0, "The alert has been over"), (1, "Both alerts have been over"), (7, "All 8 alerts have been over")],
)
def test_when_none_fires_it_says_so_and_what_comes_next(joined: int, words: str) -> None:
    told = over(story().then(*([ev.AlertsAttached(count=joined)] if joined else [])), joined + 1)
    (line,) = alerts_seen(told.incident())
    assert line.startswith(f":white_check_mark: {words} since {at(told.now)}. If it stays so until ")
    assert asks(told.incident()) == ""


def test_after_the_quiet_time_it_asks_with_two_buttons() -> None:
    told = over(story())
    since = told.now
    told.then(ev.ResolveProposed(), after=600)
    assert asks(told.incident()) == (
        f"*Is it over?* No alert has fired since {since:%H:%M} UTC.\n[Resolve]  [Keep it open]"
    )
    assert "I resolve it" not in asks(told.incident())
    told.then(ev.KeptOpen(), by=ANA)
    assert asks(told.incident()) == ""
    assert alerts_seen(told.incident())[0].endswith(f"<@{ANA}> keeps the incident open.")


def test_what_ended_by_itself_says_why_and_how_to_open_it_again() -> None:
    told = over(story())
    since = told.now
    told.then(ev.Resolved(summary="quiet"), after=3600)
    (message,) = [drawn for drawn in outcomes(told.incident()) if drawn.key == "resolved:0"]
    assert f"No alert has fired since {since:%H:%M} UTC, and nobody kept it open. The command `reopen`" in read(
        message
    )
    by_ana = over(story()).then(ev.Resolved(summary="quiet"), by=ANA)
    assert "nobody kept it open" not in str([drawn.content for drawn in outcomes(by_ana.incident())])


def test_it_says_when_it_will_end_by_itself() -> None:
    told = story()
    opened = told.entries[0]
    assert isinstance(opened.event, ev.IncidentOpened)
    over(told).then(ev.ResolveProposed(), after=600)
    pinned = ev.IncidentOpened(
        number=1, title="x", service="fraud-scorer", failure_mode="latency", source="alertmanager",
        resolves_after=7200.0,
    )  # fmt: skip
    known = ev.Entry(seq=1, at=opened.at, by=opened.by, event=pinned)
    incident = fold([known, *told.entries[1:]])
    assert incident is not None
    assert "I resolve it" in asks(incident)
    assert "unless somebody keeps it open" in asks(incident)


def test_one_that_flaps_is_named_and_its_ups_and_downs_draw_nothing_else() -> None:
    told = over(story()).then(
        ev.FlappingSeen(source="alertmanager", fingerprint="abc", name="ModelRecallDrop", times=4)
    )
    drawn = alerts_seen(told.incident())
    assert drawn == [
        ":repeat: ModelRecallDrop flaps: over and back again, time after time. Each time is counted, not told."
    ]
    told.then(ev.AlertsAttached(count=1, fingerprints=("abc",), again=1))
    assert alerts_seen(told.incident()) == drawn


def test_what_was_merged_and_split_is_told() -> None:
    merged = ev.IncidentMerged(number=2, title="CostHigh", service="fraud-scorer", alerts=2, firing=2, people=(BEN,))
    told = story().then(merged, by=ANA)
    assert alerts_seen(told.incident())[-1] == (
        f":twisted_rightwards_arrows: INC-2 (fraud-scorer: CostHigh) goes on here since {at(told.now)}"
    )
    told.then(ev.AlertsSplitOff(number=3, count=2, firing=1), by=ANA)
    assert alerts_seen(told.incident())[-1] == "Split off: INC-3"
    assert told.incident().alerts == 1


def test_a_merged_incident_names_where_it_goes_on() -> None:
    told = story().then(ev.MergedInto(number=1, channel="C0OTHER"), by=BEN)
    (line,) = went_on(told.incident())
    assert line == (
        f":twisted_rightwards_arrows: *Goes on as INC-1*, in <#C0OTHER>, says <@{BEN}> {at(told.now)}."
    )  # fmt: skip
    assert alerts_seen(told.incident()) == []
    assert topic(told.incident()).content["topic"].endswith("goes on as INC-1")


def test_nobody_is_called_by_an_alerts_name() -> None:
    told = story().then(
        ev.AlertsAttached(count=2, names=(HOSTILE,)),
        ev.FlappingSeen(source="x", fingerprint="y", name=HOSTILE, times=4),
        ev.IncidentMerged(number=2, title=HOSTILE, service=HOSTILE, alerts=1, firing=1),
    )
    drawn = "\n".join(alerts_seen(told.incident()))
    assert "<!channel>" not in drawn
    assert "@everyone" not in drawn
    assert "<https" not in drawn


def test_the_card_says_what_keeps_one_like_it_quiet_and_that_nothing_is_proposed_meanwhile() -> None:
    told = over(story())
    when = told.now
    told.then(ev.AlertsHeldBack(why="mute 3"))
    (line,) = alerts_seen(told.incident())
    says = "One like that still fires, kept quiet (mute 3): I do not propose to resolve meanwhile."
    assert line == f":white_check_mark: The alert has been over since {at(when)}. {says}"
    assert proposal(told.incident()) == []
