"""What the panel shows of a running demo."""

from __future__ import annotations

import asyncio

import pytest

from bot.incidents.events import NoteAdded
from bot.sandbox.backstage.backstage import HERE_FOR
from tests.integration.sandbox_backstage.conftest import House
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_page_has_the_strip_and_a_place_for_the_panel(house: House) -> None:
    page = (await house.client.get("/", follow_redirects=True)).text
    assert "data-tour-start" in page
    assert 'data-live="behind:strip:clock"' in page
    assert 'id="behind"' in page
    panel = await house.client.get("/behind/panel")
    assert panel.text.count('data-live="behind:panel:') == 7


async def test_every_file_of_the_strip_and_the_panel_is_served(house: House) -> None:
    for name in ("backstage.css", "panel.css", "plots.css", "backstage.js"):
        assert (await house.client.get(f"/behind/static/{name}")).status_code == 200


async def test_the_charts_draw_recall_and_traffic_and_say_when_the_version_was_released(house: House) -> None:
    html = await house.part("panel:charts")
    assert "Recall by version" in html
    assert "Traffic by version" in html
    assert "v42 released" in html
    assert "style=" not in html


async def test_the_charts_reach_back_as_far_as_somebody_wants(house: House) -> None:
    assert (await house.post("span", minutes="1440")).status_code == 204
    assert "h ago" in await house.part("panel:charts")
    for wrong in ("", "21", "-20", "1e9"):
        assert (await house.post("span", minutes=wrong)).status_code == 400
    assert (await house.post("span", minutes="20")).status_code == 204


async def test_the_log_shows_what_was_appended_and_unfolds_to_its_json(house: House) -> None:
    html = await house.part("panel:log")
    assert "IncidentOpened" in html
    entry = await house.client.get("/behind/log/1/1")
    assert "&#34;kind&#34;: &#34;IncidentOpened&#34;" in entry.text
    assert (await house.client.get("/behind/log/1/999")).status_code == 404
    assert (await house.client.get("/behind/log/77/1")).status_code == 404


async def test_what_the_bot_called_is_shown_with_what_it_drew(house: House) -> None:
    html = await house.part("panel:calls")
    assert "chat.postMessage" in html
    assert "INC-1/first" in html
    assert "To the first message" in html


async def test_a_refused_call_shows_slack_s_error_the_place_and_what_was_sent_there(house: House) -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "<script>" + "x" * 150}}]
    answer = await house.slack.post("chat.postMessage", json={"channel": "C1", "blocks": blocks})
    channel = house.stage.workspace.workspace.channels.all()[0].id
    answer = await house.slack.post("chat.postMessage", json={"channel": channel, "blocks": blocks})
    assert answer.json()["error"] == "invalid_blocks"
    html = await house.part("panel:calls")
    assert "invalid_blocks" in html
    assert "/blocks/0/text/text" in html
    assert "<script>" not in html
    assert "&lt;script&gt;xxx" in html


async def test_the_controller_says_what_is_placed_and_what_it_waits_for(house: House) -> None:
    html = await house.part("panel:controller")
    assert "INC-1" in html
    assert "first" in html
    assert "Next look" in html


async def test_a_flag_is_set_as_in_a_flag_tool(house: House) -> None:
    assert 'aria-pressed="true"' in await house.part("panel:flags")
    answer = await house.post("flag", name="fraud-model", environment="staging", value="41")
    assert answer.status_code == 204
    assert house.stage.world.flag("staging").value == "41"
    assert "behind:panel:flags" in house.said


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "no-such-flag"},
        {"environment": "moon"},
        {"value": "99"},
        {"value": "-1"},
        {"value": ""},
    ],
)
async def test_a_flag_that_cannot_be_set_is_refused_and_stays(house: House, wrong: dict[str, str]) -> None:
    before = house.stage.world.state
    answer = await house.post("flag", **({"name": "fraud-model", "environment": "production", "value": "41"} | wrong))
    assert answer.status_code == 400
    assert answer.text.startswith("Nothing was set: ")
    assert house.stage.world.state is before


async def test_a_fault_is_planned_shown_and_removed(house: House) -> None:
    fields = {"kind": "ratelimited", "seconds": "3", "method": "chat.delete", "times": "always"}
    assert (await house.post("fault", **fields)).status_code == 204
    html = await house.part("panel:faults")
    assert "429, Retry-After 3 s" in html
    answer = await house.slack.post("chat.delete", json={})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    (planned,) = house.stage.workspace.faults.planned()
    assert (await house.post("fault/remove", number=str(planned.number))).status_code == 204
    assert (await house.post("fault/remove", number=str(planned.number))).status_code == 409
    assert "nothing is planned" in await house.part("panel:faults")


async def test_a_fault_that_cannot_be_is_refused_and_nothing_is_planned(house: House) -> None:
    for wrong in ({"kind": "fire"}, {"method": "chat.fly"}, {"count": "-2"}, {"count": "0"}, {"seconds": "-3"}):
        fields = {"kind": "slow", "seconds": "3", "method": "*", "times": "next", "count": "1"} | wrong
        assert (await house.post("fault", **fields)).status_code == 400
    assert (await house.post("fault/remove", number="one")).status_code == 409
    assert house.stage.workspace.faults.planned() == ()


async def test_a_part_that_nobody_knows_is_not_there(house: House) -> None:
    assert (await house.client.get("/behind/part/panel:secrets")).status_code == 404
    assert (await house.client.get("/behind/part/..%2Fpanel")).status_code == 404


async def test_pages_are_told_only_what_looks_different(house: House) -> None:
    await house.part("panel:faults")
    await house.backstage.look()
    house.said.clear()
    house.stage.workspace.faults.slow("*", 1.0, times=None)
    await house.backstage.look()
    assert "behind:panel:faults" in house.said
    house.said.clear()
    await house.backstage.look()
    assert "behind:panel:faults" not in house.said
    assert "behind:strip:playing" not in house.said


async def test_nothing_is_looked_at_while_no_page_is_open(house: House) -> None:
    async with house.backstage.watch(), asyncio.timeout(PATIENCE):
        await house.slept.wait()
        await _turn(house)
        assert house.said == []
        assert (await house.client.get("/behind/here")).status_code == 204
        await _turn(house)
        assert "behind:strip:clock" in house.said
        assert not [name for name in house.said if name.startswith("behind:panel")]
        await house.client.get("/behind/here?panel=1")
        await _turn(house)
        assert "behind:panel:log" in house.said
        house.said.clear()
        house.seconds += HERE_FOR + 1
        house.director.speed = 60
        await _turn(house)
        assert house.said == []


async def _turn(house: House) -> None:
    house.slept.clear()
    house.turns.put_nowait(None)
    await house.slept.wait()


async def test_twenty_pages_share_one_drawing(house: House) -> None:
    first = await house.part("panel:log")
    later = [(await house.client.get("/behind/part/panel:log")).text for _ in range(20)]
    assert set(later) == {first}


async def test_a_log_entry_with_markup_is_shown_as_text(house: House) -> None:
    people, workspace = house.stage.workspace.people, house.stage.workspace.workspace
    channel = next(one.id for one in workspace.channels.all() if one.name.startswith("inc-1"))
    with house.stage.evenkeel.store.wakeups.subscribe() as changes:
        assert (await people.slash("U0ANA", channel, f"{workspace.app.command} note <img src=x onerror=alert(1)>")).ok
        async with asyncio.timeout(PATIENCE):
            while (seq := await _seq_of_a_note(house)) is None:
                await changes.wait(1.0)
    for html in (await house.part("panel:log"), (await house.client.get(f"/behind/log/1/{seq}")).text):
        assert "<img" not in html


async def _seq_of_a_note(house: House) -> int | None:
    entries = await house.stage.evenkeel.service.entries(1)
    return next((entry.seq for entry in entries if isinstance(entry.event, NoteAdded)), None)


async def test_where_time_runs_fast_the_charts_reach_back_further(house: House) -> None:
    """And stay so: whoever slows down wants to see what went by."""
    assert (await house.post("rate", rate="3600")).status_code == 204
    assert "h ago" in await house.part("panel:charts")
    assert (await house.post("rate", rate="1")).status_code == 204
    assert "h ago" in await house.part("panel:charts")
