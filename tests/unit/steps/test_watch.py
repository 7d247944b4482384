from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.agenda import agenda
from bot.runbooks.schema import Baseline, Query, Unconfigured, Watch
from bot.runbooks.steps import look
from bot.runbooks.steps.watch import ready_at
from tests.unit.steps.scene import ALERT, ROLLBACK, World, approved, context, incident, step

ERRORS = Query(source="prometheus", name="errors", promql="errors", bad="value > 1")
RECALL = Query(
    source="prometheus", name="recall", promql="recall", bad="value < 0.8", signal="delayed", label_delay=3600.0
)
DAY = step(Watch(checks=(ERRORS,), starts="it"), "day")
SINCE = ALERT + timedelta(seconds=9)  # the scene's clock: a second for each event
BAD = ev.WatchLooked(step="day", attempt=1, verdict="bad", because="Errors 2")


def log(*looks: ev.AnyEvent) -> list[ev.AnyEvent]:
    return [
        *approved(),
        ev.ActionStarted(step="it", attempt=1, lease_no=3, call="flags.set"),
        ev.ActionFinished(step="it", attempt=1, outcome="written"),
        ev.ActionConfirmed(step="it", attempt=1),
        ev.WatchStarted(step="day", attempt=1, until=ALERT + timedelta(days=1), every=600.0),
        *looks,
    ]


async def looked(
    *looks: ev.AnyEvent, errors: Any = 0.5, traffic: Any = None, spec: Any = DAY.spec,
    now: datetime = ALERT + timedelta(minutes=20), recall: float = 0.9,
) -> tuple[ev.AnyEvent, ...]:  # fmt: skip
    world, the_step = World(), replace(DAY, spec=spec)
    world.traffic = traffic if traffic is not None else {"41": 100.0}
    world.queries = {"errors": errors, "recall": recall}
    head = incident(step(ROLLBACK), the_step, events=log(*looks))
    return await look(context(head, world, now=now), the_step)


async def test_a_good_look_is_one_event_that_says_what_serves() -> None:
    assert await looked() == (
        ev.WatchLooked(step="day", attempt=1, verdict="ok", because="Errors 0.5", value=0.5, running="41"),
    )


async def test_bad_looks_in_a_row_end_the_watch_and_reopen() -> None:
    assert len(await looked(BAD, errors=2.0)) == 1
    _, ended, reopened = await looked(BAD, BAD, errors=2.0)
    assert ended == ev.WatchEnded(step="day", attempt=1, verdict="bad", because="Errors 2, limit 1")
    assert reopened == ev.Reopened(reason="relapse, seen 3 times in a row: Errors 2, limit 1", step="day")


async def test_a_watch_that_only_notifies_does_not_reopen() -> None:
    spec = Watch(checks=(ERRORS,), starts="it", on_fail="notify", fail_after=1)
    assert [type(event) for event in await looked(errors=2.0, spec=spec)] == [ev.WatchLooked, ev.WatchEnded]


async def test_the_version_that_was_rolled_back_serving_again_is_bad() -> None:
    (found,) = await looked(traffic={"42": 970.0, "41": 30.0})
    assert isinstance(found, ev.WatchLooked)
    assert (found.verdict, found.running) == ("bad", "42")
    assert found.because == "v42 serves again: 97 % of the traffic; Errors 0.5"


async def test_labels_that_had_no_time_to_change_are_neither_ok_nor_bad() -> None:
    spec = Watch(checks=(RECALL,), starts="it")
    (found,) = await looked(spec=spec, recall=0.1)
    assert isinstance(found, ev.WatchLooked)
    assert found.verdict == "no_data"
    assert found.because == "Recall had no time to change: no data until 2026-11-21T04:05:09Z"
    (later,) = await looked(spec=spec, recall=0.1, now=SINCE + timedelta(hours=1))
    assert isinstance(later, ev.WatchLooked)
    assert later.verdict == "bad"


async def test_one_check_without_data_keeps_the_look_from_being_ok_but_not_from_being_bad() -> None:
    spec = Watch(checks=(RECALL, ERRORS), starts="it")
    (fine,) = await looked(spec=spec)
    (bad,) = await looked(spec=spec, errors=2.0)
    assert isinstance(fine, ev.WatchLooked)
    assert isinstance(bad, ev.WatchLooked)
    assert (fine.verdict, bad.verdict) == ("no_data", "bad")


@pytest.mark.parametrize(
    ("promql", "seconds"),
    [("rate(x[5m])", 300), ("max_over_time(rate(x[30s])[1h:1m])", 3600), ("x", 0), ("x[1d]", 86400)],
)
def test_a_window_has_to_pass_before_a_reading_is_about_the_fix(promql: str, seconds: int) -> None:
    assert ready_at(replace(ERRORS, promql=promql), SINCE) == SINCE + timedelta(seconds=seconds)


async def test_sources_that_are_away_are_an_error_and_end_nothing() -> None:
    (found,) = await looked(BAD, BAD, errors=httpx.ReadTimeout("slow"), traffic=httpx.ReadTimeout("slow"))
    assert isinstance(found, ev.WatchLooked)
    assert (found.verdict, found.running) == ("error", "42")


async def test_a_watch_that_is_not_configured_says_what_to_add() -> None:
    (found,) = await looked(spec=Unconfigured(kind="watch", name="quality", missing="add metrics.quality"))
    assert isinstance(found, ev.WatchLooked)
    assert (found.verdict, found.because) == ("no_data", "not configured for fraud-scorer: add metrics.quality")


async def test_a_watch_that_has_ended_is_not_looked_at() -> None:
    assert await looked(ev.WatchEnded(step="day", attempt=1, verdict="ok", because="")) == ()


async def test_looks_add_up_to_a_sentence_about_whether_it_is_as_good_as_before() -> None:
    recall = Query(
        source="prometheus", name="recall", promql="recall", denominator="cases", counts="confirmed frauds",
        better="higher", min_effect=0.05, baseline=Baseline(),
    )  # fmt: skip
    world, the_step = World(), replace(DAY, spec=Watch(checks=(recall,), starts="it"))
    world.traffic, world.queries = {"41": 100.0}, {"recall": 0.84, "cases": 20.0}
    world.ranges = {"recall": [0.84, 0.84]}
    first = incident(step(ROLLBACK), the_step, events=log())
    (few,) = await look(context(first, world, now=ALERT + timedelta(minutes=20)), the_step)
    assert isinstance(few, ev.WatchLooked)
    assert few.holds == (
        "whether it is no worse than before by more than 5 points cannot be told yet "
        "(20 confirmed frauds, at least 30)"
    )
    world.queries["cases"] = 20_000.0
    second = incident(step(ROLLBACK), the_step, events=log(few))
    (many,) = await look(context(second, world, now=ALERT + timedelta(minutes=30)), the_step)
    assert isinstance(many, ev.WatchLooked)
    assert many.holds.startswith("it is no worse than before by more than 5 points (95 % at every look: ")
    assert many.tallies["recall"].n == 20_000  # a gauge covers its own past: the newest reading stands for all


async def test_the_last_look_and_what_all_looks_say_end_the_watch() -> None:
    told = ev.WatchLooked(step="day", attempt=1, verdict="ok", because="Errors 0.5", holds="it cannot be told yet")
    head = incident(step(ROLLBACK), DAY, events=log(told))
    (ended,) = (
        due for due in agenda(head, ALERT + timedelta(days=2), lease_no=1).due if due.__class__ is ev.WatchEnded
    )
    assert isinstance(ended, ev.WatchEnded)
    assert (ended.verdict, ended.because) == ("ok", "Errors 0.5; it cannot be told yet")
