"""When a chart is drawn, and drawn anew; nothing waits for it."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.charted import charts_of, main_query, worth_drawing
from bot.runbooks.schema import Queries, Query, Step
from bot.slack.view.charts import charts
from tests.unit.incidents.story import QUALITY, Story

ERRORS = Query(source="p", name="errors", promql="errors", better="lower")


def asked(story: Story) -> set[str]:
    return {work.step for work in story.agenda().work if work.kind == "chart"}


def drawn(story: Story) -> None:
    """The newest stage, as the runner reports it."""
    from bot.incidents.agenda.charting import stage_of
    from bot.incidents.agenda.work import Found

    step = story.incident.runbook.step("live") if story.incident.runbook else None
    assert step is not None
    stage = stage_of(story.incident, step, Found(story.now))
    story.report(ev.ChartDrawn(step="live", chart="live", stage=stage, title="Recall", file="F1", words="Recall …"))


def test_the_quality_is_drawn_once_it_is_measured_and_bad() -> None:
    story = Story()
    story.seen()
    assert asked(story) == set()
    story.measured("live")
    assert asked(story) == {"live"}
    drawn(story)
    assert asked(story) == set()


def test_what_is_as_it_should_be_is_drawn_only_if_the_query_says_so() -> None:
    (by_default,) = charts_of(
        (Step(id="live", phase="measure", spec=QUALITY),), Step(id="l", phase="m", spec=QUALITY)
    )
    assert not worth_drawing(by_default, "ok")
    always = replace(QUALITY, chart=True)
    (wanted,) = charts_of((Step(id="live", phase="measure", spec=always),), Step(id="l", phase="m", spec=always))
    assert worth_drawing(wanted, "ok")
    assert not worth_drawing(wanted, "error")


def test_a_query_that_says_true_takes_the_place_of_the_usual_one_and_false_is_never_drawn() -> None:
    both = Step(id="both", phase="measure", spec=Queries(queries=(QUALITY, replace(ERRORS, chart=True))))
    assert [wanted.chart for wanted in charts_of((both,), both)] == ["both/errors"]
    never = Step(id="live", phase="measure", spec=replace(QUALITY, chart=False))
    assert charts_of((never,), never) == ()
    assert main_query((never, both)) == (both, both.spec.queries[1])  # type: ignore[union-attr]


def test_it_is_drawn_anew_a_while_after_the_action_and_when_the_watch_ends() -> None:
    story = Story()
    story.seen()
    story.measured("live")
    drawn(story)
    story.confirmed()
    story.timers()
    assert asked(story) == set()
    story.later(minutes=10)
    assert asked(story) == {"live"}
    drawn(story)
    assert asked(story) == set()
    story.later(days=1)
    story.timers()
    assert asked(story) == {"live"}


def test_a_chart_that_could_not_be_drawn_is_not_asked_for_again_and_the_old_one_stays() -> None:
    story = Story()
    story.seen()
    story.measured("live")
    drawn(story)
    before = charts(story.incident)
    story.report(ev.ChartDrawn(step="live", chart="live", stage="another", because="Slack refused it"))
    assert charts(story.incident) == before
    assert before[0].needs == ("first",)
    assert "F1" in str(before[0].content["blocks"])
    story.later(seconds=1)
    assert timedelta(0) < story.now - story.log[0].at
