"""What is only announced says its words once."""

from __future__ import annotations

from msgspec.structs import replace

from bot.incidents.triage import Triage
from bot.slack.view.triage import waiting
from tests.unit.slack.stories import OPENED, WORKPLACE, Story


def _drawn(alert_text: str) -> str:
    waits = Triage(since=OPENED)
    incident = replace(Story().incident(), status="triage", triage=waits, channel="", alert_text=alert_text)
    text: str = waiting(incident, WORKPLACE)[0].content["blocks"][0]["text"]["text"]
    return text


def test_the_alerts_words_and_their_source_stand_below_its_name() -> None:
    assert _drawn("recall below 0.8").splitlines()[1].startswith("recall below 0.8  <http://prometheus.example/")


def test_an_alert_that_says_nothing_but_its_name_says_it_once() -> None:
    name, source = _drawn("ModelRecallDrop").splitlines()
    assert name.endswith("SEV2 · fraud-scorer · ModelRecallDrop*")
    assert source.startswith("<http://prometheus.example/")
