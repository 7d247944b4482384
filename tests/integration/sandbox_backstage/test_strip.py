"""What the strip does when it is pressed, and what it refuses."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.integration.sandbox_backstage.conftest import House
from tests.patience import PATIENCE
from tests.unit.sandbox.backstage.director import NOON

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_scenario_that_is_chosen_plays(house: House) -> None:
    answer = await house.post("play", scenario="upstream-latency")
    assert answer.status_code == 202
    async with asyncio.timeout(PATIENCE):
        await house.director.begun.wait()
    assert house.director.played == ["upstream-latency"]


@pytest.mark.parametrize("scenario", ["", "no-such-story", "<script>", "../../etc", "x" * 5000])
async def test_an_unknown_scenario_is_refused_with_those_there_are(house: House, scenario: str) -> None:
    answer = await house.post("play", scenario=scenario)
    assert answer.status_code == 400
    assert answer.text.endswith("there are fraud-recall-drop, upstream-latency.")
    assert answer.headers["content-type"].startswith("text/plain")
    assert len(answer.text) < 300
    assert house.director.played == []


async def test_playing_asks_first_once_something_would_be_lost(house: House) -> None:
    assert '<template class="confirm">' not in str(house.backstage.strip(""))
    house.director.acted = True
    strip = str(house.backstage.strip(""))
    assert strip.count('<template class="confirm">') == 3


async def test_time_runs_at_the_chosen_speed(house: House) -> None:
    house.backstage.strip("")
    assert (await house.post("rate", rate="3600")).status_code == 204
    assert house.director.speed == 3600
    assert {"behind:strip:rate", "behind:strip:clock"} <= set(house.said)
    assert "data-fast" in await house.part("strip:clock")


@pytest.mark.parametrize("rate", ["", "2", "-60", "60.0", "1e3", "NaN", "fast"])
async def test_another_speed_is_refused(house: House, rate: str) -> None:
    answer = await house.post("rate", rate=rate)
    assert answer.status_code == 400
    assert house.director.speed == 1


async def test_a_step_moves_the_clock_and_the_strip_says_how_far(house: House) -> None:
    assert (await house.post("step", seconds="3600")).status_code == 204
    assert "+1 h ahead" in await house.part("strip:clock")


@pytest.mark.parametrize("seconds", ["", "-60", "0", "nan", "inf", "1e9", "soon"])
async def test_a_step_back_or_into_nowhere_is_refused(house: House, seconds: str) -> None:
    answer = await house.post("step", seconds=seconds)
    assert answer.status_code == 400
    assert "time does not go back" in answer.text
    assert house.director.jumped == timedelta(0)


async def test_the_next_thing_that_happens_is_stepped_to(house: House) -> None:
    house.director.coming = NOON + timedelta(minutes=15)
    assert (await house.post("step", seconds="next")).status_code == 204
    assert house.director.jumped == timedelta(minutes=15)


async def test_when_nothing_is_going_to_happen_it_says_so(house: House) -> None:
    answer = await house.post("step", seconds="next")
    assert answer.status_code == 409
    assert answer.text.startswith("Nothing is going to happen by itself")


async def test_the_story_is_saved_as_a_file(house: House) -> None:
    answer = await house.client.get("/behind/story")
    assert 'filename="test_saved_story.py"' in answer.headers["content-disposition"]
    assert answer.text.startswith("async def test_saved_story()")


async def test_another_site_s_page_moves_nothing(house: House) -> None:
    answer = await house.client.post(
        "/behind/rate", data={"rate": "60"}, headers={"origin": "http://elsewhere.example"}
    )
    assert answer.status_code == 403
    assert house.director.speed == 1


async def test_addresses_begin_with_where_the_page_is_mounted(house: House) -> None:
    strip = str(house.backstage.strip("/below"))
    assert 'hx-post="/below/behind/step"' in strip
    assert 'hx-get="/behind' not in strip
