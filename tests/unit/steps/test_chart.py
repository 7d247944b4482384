"""A chart is read, drawn and put into Slack; what goes wrong is said once and takes nothing along."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from bot.charts import Chart
from bot.errors import SlackFailed, SlackRefusal
from bot.incidents import events as ev
from bot.runbooks.schema import Baseline, Query
from bot.runbooks.steps.chart import draw
from bot.runbooks.steps.charting import read_chart
from tests.unit.steps.scene import ALERT, RELEASE, SEEN, World, context, incident, step

TEXT = 'recall{version="{{ running }}"}'
LIVE = step(
    Query(
        source="prometheus", name="quality", title="Recall", promql=TEXT, better="higher", min_effect=0.05,
        baseline=Baseline(any_version=True),
    ),
    "live",
)  # fmt: skip
BAD = ev.StepMeasured(
    step="live", attempt=1, verdict="bad", because="Recall 0.71, was 0.84", value=0.71, baseline=0.84
)


class Upload:
    """Slack; remembers what came, or says no."""

    def __init__(self, error: Exception | None = None) -> None:
        self.came: list[dict[str, Any]] = []
        self._error = error

    async def __call__(self, picture: bytes, *, name: str, title: str, alt: str) -> str:
        if self._error is not None:
            raise self._error
        self.came.append({"png": picture[:4], "name": name, "title": title, "alt": alt})
        return "F1"


def world(answer: Any = None) -> World:
    found = World()
    found.ranges = {"recall{}": answer if answer is not None else {"41": [0.84, 0.83], "42": [0.71, 0.72]}}
    return found


async def drawn(upload: Upload | None, answer: Any = None) -> tuple[ev.AnyEvent, ...]:
    scene = context(incident(LIVE, events=[SEEN, BAD]), world(answer), changes=[RELEASE])
    return await draw(replace_pictures(scene, upload), LIVE)


def replace_pictures(scene: Any, upload: Upload | None) -> Any:
    from dataclasses import replace as changed

    return changed(scene, pictures=upload)


async def test_the_picture_is_in_slack_with_its_numbers_as_words() -> None:
    upload = Upload()
    (found,) = await drawn(upload)
    assert isinstance(found, ev.ChartDrawn)
    assert (found.file, found.title, found.because) == ("F1", "Recall", "")
    (came,) = upload.came
    assert (came["png"], came["name"], came["alt"]) == (b"\x89PNG", "INC-1-live.png", found.words)
    assert "v41 0.84 at first, 0.83 at last; v42 0.71 at first, 0.72 at last" in found.words


async def test_a_chart_shows_the_release_the_alert_what_is_usual_and_from_where_on_it_is_bad() -> None:
    scene = context(incident(LIVE, events=[SEEN, BAD]), world(), changes=[RELEASE])
    assert isinstance(LIVE.spec, Query)
    chart = await read_chart(scene, LIVE.spec)
    assert isinstance(chart, Chart)
    assert [line.name for line in chart.lines] == ["v41", "v42"]
    assert [(mark.label, mark.kind) for mark in chart.marks] == [("v42 released", "change"), ("alert", "alert")]
    assert chart.worse == "below"
    assert chart.usual is not None
    assert chart.threshold == pytest.approx(chart.usual - 0.05)
    conditions = replace(LIVE.spec, bad="value < 0.8", better=None)
    assert (await read_chart(scene, conditions)).threshold == 0.8


@pytest.mark.parametrize(
    ("upload", "answer", "because"),
    [
        (None, None, "pictures cannot be sent from here"),
        (Upload(SlackRefusal("files.getUploadURLExternal", "missing_scope")), None, "missing_scope"),
        (Upload(), {}, "its source has no course of it"),
    ],
)
async def test_what_cannot_be_drawn_is_said_once(upload: Upload | None, answer: Any, because: str) -> None:
    (found,) = await drawn(upload, answer)
    assert isinstance(found, ev.ChartDrawn)
    assert found.file == ""
    assert because in found.because


async def test_while_something_is_away_nothing_is_said_and_it_is_asked_again_for_a_while() -> None:
    assert await drawn(Upload(SlackFailed("files.getUploadURLExternal", "http_500"))) == ()
    assert await drawn(Upload(), httpx.ReadTimeout("slow")) == ()
    head = incident(LIVE, events=[SEEN, BAD])
    scene = context(head, world(httpx.ReadTimeout("slow")), now=ALERT + timedelta(minutes=20))
    (found,) = await draw(replace_pictures(scene, Upload()), LIVE)
    assert isinstance(found, ev.ChartDrawn)
    assert "prometheus did not answer" in found.because


async def test_what_was_drawn_is_not_drawn_again() -> None:
    upload = Upload()
    (first,) = await drawn(upload)
    head = incident(LIVE, events=[SEEN, BAD, first])
    scene = replace_pictures(context(head, world(), changes=[RELEASE], now=ALERT + timedelta(minutes=2)), upload)
    assert await draw(scene, LIVE) == ()
