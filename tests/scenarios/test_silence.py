"""Silence at the source: for the incident's alerts alone, for a while, and never longer than the incident."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
import pytest

from bot.clock import SteppedClock
from bot.incidents import events as ev
from bot.sandbox.demo.serving import free_port, served
from tests.scenarios.conftest import Stages
from tests.scenarios.silencing import Silenceable
from tests.scenarios.sources import Sources
from tests.scenarios.stage import ANA, BEN, Stage

DROP = {"alertname": "RecallDrop", "service": "fraud", "severity": "critical"}
OTHER = {"alertname": "RecallDrop", "service": "fraud", "severity": "critical", "region": "eu"}
FAR = {"alertname": "LatencyHigh", "service": "ranker", "severity": "critical"}


def firing(*alerts: dict[str, str]) -> bytes:
    """What Alertmanager sends for these alerts."""
    return msgspec.json.encode({
        "alerts": [
            {"status": "firing", "labels": labels, "startsAt": "2026-11-21T03:00:00Z", "fingerprint": _print(labels)}
            for labels in alerts
        ]
    })  # fmt: skip


def _print(labels: dict[str, str]) -> str:
    return "-".join(sorted(labels.values()))


@pytest.fixture
async def alertmanager(clock: SteppedClock) -> Silenceable:
    return Silenceable(clock.now)


@pytest.fixture
async def door(alertmanager: Silenceable) -> AsyncIterator[tuple[Sources, str]]:
    """Where it answers, with bad days on demand."""
    days = Sources(alertmanager.app)
    with free_port() as port:
        async with served(days, port) as url:
            yield days, url


@pytest.fixture
async def opened(stages: Stages, door: tuple[Sources, str], alertmanager: Silenceable) -> Stage:
    """An alert of ``fraud`` fires, and one of another service."""
    config = f'routes: [{{name: all, open: now}}]\nconnectors: {{am: {{kind: alertmanager, url: "{door[1]}"}}}}'
    stage: Stage = await stages(config=config)
    alertmanager.firing = [DROP, FAR]
    await stage.sends(firing(DROP))
    await stage.rest()
    await stage.sends(firing(FAR))
    await stage.rest()
    return stage


async def test_only_the_incidents_alerts_are_silent_and_only_for_a_while(
    opened: Stage, alertmanager: Silenceable
) -> None:
    answer = await opened.types(ANA, "/incident silence 2h")
    assert answer.startswith("1 alert of INC-1, and no others, will be silent at the source until ")
    (silence,) = alertmanager.in_force()
    assert (silence["startsAt"], silence["endsAt"][:19]) == ("2026-11-21T03:04:12Z", "2026-11-21T05:05:12")
    assert silence["comment"].startswith("INC-1, until it is over: https://evenkeel.example/incidents/INC-1 [")
    assert alertmanager.silent(DROP)
    assert not alertmanager.silent(FAR)
    assert ":no_bell: 1 alert silenced at the source until 05:05 UTC" in opened.screen.card()
    assert "wants 1 alert silent at the source until 05:05 UTC" in await opened.timeline()


async def test_an_alert_that_carries_more_labels_is_heard(opened: Stage, alertmanager: Silenceable) -> None:
    await opened.sends(firing(OTHER))
    await opened.types(ANA, "/incident cancel INC-2 a test")
    await opened.rest()
    await opened.types(ANA, "/incident silence INC-1 1h")
    assert alertmanager.silent(DROP)
    assert len(alertmanager.in_force()) == 2
    for one in alertmanager.in_force():
        assert {"region"} <= {matcher["name"] for matcher in one["matchers"]}
    assert not alertmanager.silent(DROP | {"region": "us"})


@pytest.mark.parametrize("ending", ["resolve v41 serves", "cancel a test", "silence off"])
async def test_it_ends_with_the_incident_or_when_somebody_says_so(
    opened: Stage, alertmanager: Silenceable, ending: str
) -> None:
    await opened.types(ANA, "/incident silence 2h")
    await opened.types(BEN, f"/incident {ending}")
    await opened.rest()
    assert alertmanager.in_force() == []
    assert "no_bell" not in opened.screen.card()
    assert "the silence in am is ended" in await opened.timeline()


async def test_a_silence_whose_answer_was_lost_is_found_again_and_not_made_twice(
    opened: Stage, alertmanager: Silenceable
) -> None:
    alertmanager.loses_answers = 1
    await opened.types(ANA, "/incident silence 2h")
    assert ":warning: the alerts could not be silenced: am " in opened.screen.card()
    await opened.rest(60)
    assert len(alertmanager.silences) == 1
    assert ":no_bell: 1 alert silenced at the source" in opened.screen.card()


async def test_one_that_nobody_knows_of_is_ended_all_the_same(opened: Stage, alertmanager: Silenceable) -> None:
    alertmanager.loses_answers = 1
    await opened.types(ANA, "/incident silence 2h")
    await opened.types(ANA, "/incident resolve it is over")
    await opened.rest(60)
    assert alertmanager.silences
    assert alertmanager.in_force() == []


async def test_a_source_that_is_away_is_told_on_the_last_line_and_tried_again(
    opened: Stage, door: tuple[Sources, str], alertmanager: Silenceable
) -> None:
    door[0].answers("silences", status=503, times=3)
    await opened.types(ANA, "/incident silence 2h")
    assert ":warning: the alerts could not be silenced: am " in opened.screen.card()
    await opened.rest(240)
    assert alertmanager.silent(DROP)


async def test_the_end_of_a_silenced_alert_is_looked_for_and_not_waited_for(
    opened: Stage, alertmanager: Silenceable
) -> None:
    await opened.types(ANA, "/incident silence 2h")
    await opened.rest(360)
    assert await opened.happened(ev.AlertsResolved) == []
    alertmanager.firing = [FAR]
    await opened.rest(720)
    (over,) = await opened.happened(ev.AlertsResolved)
    assert (over.count, over.firing) == (1, 0)
    alertmanager.firing = [DROP, FAR]
    await opened.rest(360)
    assert (await opened.incident()).firing


async def test_it_runs_out_by_itself(opened: Stage, alertmanager: Silenceable) -> None:
    await opened.types(ANA, "/incident silence 10m")
    await opened.rest(700)
    assert alertmanager.in_force() == []
    assert "no_bell" not in opened.screen.card()
    assert len(await opened.happened(ev.SilenceOver)) == 1
    assert "No alert of INC-1 is silenced" in await opened.types(ANA, "/incident silence")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/incident silence 25h", "A silence lasts between one minute and 24 h"),
        ("/incident silence for ever", "Type `/incident silence 2h | off`"),
        ("/incident silence off", "No alert of INC-1 is silenced."),
    ],
)
async def test_a_mistake_is_answered_with_what_to_type(
    opened: Stage, alertmanager: Silenceable, line: str, answer: str
) -> None:
    assert answer in await opened.types(ANA, line)
    assert alertmanager.silences == {}


async def test_an_alert_that_is_nothing_but_a_name_is_not_silenced(opened: Stage, alertmanager: Silenceable) -> None:
    await opened.sends(firing({"alertname": "Something"}))
    await opened.rest()
    answer = await opened.types(ANA, "/incident silence 1h", number=3)
    assert "a silence for it would silence others too" in answer
    assert alertmanager.silences == {}


async def test_without_a_connector_it_says_what_to_add(bare: Stage) -> None:
    await bare.sends(firing(DROP))
    await bare.rest()
    assert "add a connector of kind `alertmanager`" in await bare.types(ANA, "/incident silence 1h")


async def test_what_is_split_off_is_heard_again_and_whoever_split_it_is_told(
    opened: Stage, alertmanager: Silenceable
) -> None:
    await opened.sends(firing(OTHER))
    await opened.types(ANA, "/incident silence 2h", number=1)
    await opened.rest()
    assert alertmanager.silent(OTHER)
    await opened.types(BEN, "/incident split", number=1)
    key = next(kind.key for kind in await opened.bot.service.merging.kinds(1) if "eu" in kind.which)
    assert await opened.fills(BEN, alerts=[key]) == {}
    await opened.rest()
    assert (alertmanager.silent(OTHER), alertmanager.silent(DROP)) == (False, True)
    assert "Its alert was silent at the source: it is heard again in a moment." in opened.screen.whispered(BEN)[-1]
    assert ":no_bell: 1 alert silenced at the source" in opened.screen.card(1)
    assert "what was split off is heard again in am" in await opened.timeline()


async def test_an_alert_that_another_one_sends_is_neither_silenced_nor_over_because_it_is_missing_here(
    opened: Stage, alertmanager: Silenceable
) -> None:
    alertmanager.firing = [FAR]
    await opened.types(ANA, "/incident silence 2h", number=1)
    await opened.rest()
    assert ":no_bell: 0 of 1 alert silenced at the source until" in opened.screen.card()
    assert "silence the others where they come from, they do not fire in am" in opened.screen.card()
    await opened.rest(1000)
    assert (await opened.incident(1)).firing == 1
    alertmanager.firing = [DROP, FAR]
    await opened.rest(400)
    assert ":no_bell: 1 alert silenced at the source until" in opened.screen.card()
    alertmanager.firing = [FAR]
    await opened.rest(1000)
    assert (await opened.incident(1)).firing == 0
