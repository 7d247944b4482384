"""Experiments that ran when the trouble began are named on the card, in few words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from bot.incidents.experiments import running
from bot.incidents.incident import Incident
from bot.runbooks.schema.experiment import Experiment
from bot.slack.view.card import found
from bot.slack.view.experiments import experiments
from tests.unit.slack.stories import Story

AT = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)


def incident() -> Incident:
    return replace(Story().incident(), opened_at=AT, began_at=AT)


def lines(*known: Experiment) -> list[str]:
    return experiments(replace(incident(), began_at=AT, experiments=known))


def before(hours: float) -> datetime:
    return AT - timedelta(hours=hours)


def test_only_those_that_ran_when_it_began_are_named() -> None:
    over = Experiment(name="over", until=AT)
    later = Experiment(name="later", since=AT + timedelta(minutes=1))
    there = Experiment(name="new-ranker", since=before(72), until=AT + timedelta(days=9))
    assert lines(over, later) == []
    assert lines(over, there, later) == ["Experiment running: new-ranker"]


def test_one_that_began_shortly_before_comes_first_and_says_so() -> None:
    old, young = Experiment(name="price"), Experiment(name="new-ranker", since=before(3))
    assert lines(old, young) == ["Experiments running: new-ranker (began 3 h before), price"]


def test_many_are_counted_and_a_page_is_linked() -> None:
    (line,) = lines(*(Experiment(name=f"e{n}") for n in range(7)))
    assert line == "Experiments running: e0, e1, e2, e3, 3 more"
    linked = Experiment(name="a<b", url="https://experiments.example/7")
    assert lines(linked) == ["Experiment running: <https://experiments.example/7|a&lt;b>"]


def test_the_card_has_the_line_and_none_where_there_is_no_experiment() -> None:
    head = replace(incident(), began_at=AT, experiments=(Experiment(name="new-ranker"),))
    assert "Experiment running: new-ranker" in found(head)
    assert running(incident()) == ()
