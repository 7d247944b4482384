"""Buttons: pressed in the workspace, decided by the service, answered to whoever pressed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from bot.errors import Refused
from bot.incidents import events as ev
from bot.slack.interactions.buttons import press
from bot.slack.interactions.click import read_click
from bot.slack.interactions.desk import Desk, sentence
from tests.integration.slack_app.office import Office
from tests.unit.slack.stories import BARE
from tests.unit.slack.transcript import transcript


async def test_im_on_it_acknowledges_and_leads(office: Office) -> None:
    await office.begins(office.story().measured())
    await office.press(office.ana, await office.shown("first"), "incident.ack")
    handled = await office.handled()
    assert (handled.incident.acknowledged_by, handled.incident.lead) == (office.ana.id, office.ana.id)


async def test_the_suggestion_is_requested_and_somebody_else_approves(office: Office) -> None:
    await office.begins(office.story().measured())
    await office.press(office.ana, await office.shown("first"), "step.choose:rollback")
    assert [type(event) for event in (await office.handled()).events] == [ev.Chosen, ev.ApprovalRequested]
    ts = await office.shown("approval:rollback:1")
    own = await office.told(office.ana, office.press(office.ana, ts, "step.approve"))
    assert own.text == "You asked for it, so somebody else has to approve it."
    await office.press(office.ben, ts, "step.approve")
    approved = (await office.handled()).incident.state("rollback").action
    assert approved is not None
    assert (approved.phase, approved.approved_by) == ("approved", (office.ben.id,))


async def test_a_button_whose_time_is_over_says_who_did_what_when(office: Office) -> None:
    await office.begins(office.story().asked())
    ts = await office.shown("approval:rollback:1")
    await office.press(office.ben, ts, "step.approve")
    await office.handled()
    late = await office.told(office.ben, office.press(office.ben, ts, "step.approve"))
    assert late.text.startswith(f"<@{office.ben.id}> approved it at <!date^")
    assert late.text.endswith("; it is approved.")


async def test_a_dead_button_opens_no_modal(office: Office) -> None:
    story = office.story().measured().then(ev.Acknowledged(), by=office.ana.id)
    await office.begins(story)
    ts = await office.shown("first")
    await office.press(office.ana, ts, "step.done")
    await office.handled()
    late = await office.told(office.ben, office.press(office.ben, ts, "step.skip"))
    assert late.text.startswith(f"“upstream” was done by <@{office.ana.id}> at <!date^")


async def test_two_people_pressing_at_once_are_told_apart(office: Office) -> None:
    await office.begins(office.story().measured())
    ts = await office.shown("first")
    both = (office.press(who, ts, "step.choose:rollback") for who in (office.ana, office.ben))
    await asyncio.gather(*both)
    first = await office.handled()
    assert isinstance(first.events[0], ev.Chosen)
    incident = await office.service.incident(1)
    action = incident.state("rollback").action
    assert action is not None
    assert action.requested_by in (office.ana.id, office.ben.id)
    assert office.service.done.empty()


async def test_a_delivery_that_comes_twice_is_carried_out_once(office: Office) -> None:
    await office.begins(office.story().measured())
    body = {
        "user": {"id": office.ana.id}, "channel": {"id": office.room.id}, "container": {"message_ts": "1.2"},
        "actions": [{"action_id": "incident.ack", "value": '{"i":"INC-1","s":"","n":0}', "action_ts": "7.7"}],
    }  # fmt: skip
    desk = Desk(office.service, _Silent(), workplace=office.workplace, clock=_Fixed())
    for _ in range(2):
        await press(desk, read_click(body))
    assert [(await office.handled()).duplicate for _ in range(2)] == [False, True]


async def test_a_skip_asks_why_and_keeps_the_modal_open_without_a_reason(office: Office) -> None:
    await office.begins(office.story().measured().then(ev.Acknowledged(), by=office.ana.id))
    modal = await office.asked(office.ana, office.press(office.ana, await office.shown("first"), "step.skip"))
    assert modal.callback_id == "step.skip"
    blank = await office.server.people.submit_view(office.ana.id, modal.id, {"reason": {"value": "   "}})
    assert blank.errors == {"reason": "Say why: the reason goes into the timeline."}
    await office.server.people.submit_view(office.ana.id, modal.id, {"reason": {"value": "nobody is awake"}})
    assert (await office.handled()).events == (ev.StepSkipped(step="upstream", reason="nobody is awake"),)


async def test_declining_asks_for_the_reason(office: Office) -> None:
    await office.begins(office.story().asked())
    ts = await office.shown("approval:rollback:1")
    modal = await office.asked(office.ben, office.press(office.ben, ts, "step.decline"))
    await office.server.people.submit_view(office.ben.id, modal.id, {"reason": {"value": "v41 has no index"}})
    assert (await office.handled()).events == (ev.Declined(step="rollback", attempt=1, reason="v41 has no index"),)


async def test_a_false_alarm_needs_a_reason(office: Office) -> None:
    await office.begins(office.story(runbook=BARE, connected=False))
    ts = await office.shown("first")
    modal = await office.asked(office.ana, office.press(office.ana, ts, "step.choose:false_alarm"))
    await office.server.people.submit_view(office.ana.id, modal.id, {"reason": {"value": "a load test"}})
    assert (await office.handled()).incident.status == "cancelled"


async def test_asking_for_help_stands_in_the_log_from_which_the_page_is_drawn(office: Office) -> None:
    await office.begins(office.story(runbook=BARE, connected=False))
    ts = await office.shown("first")
    await office.press(office.ana, ts, "step.choose:help")
    assert (await office.handled()).events == (ev.HelpAsked(step="decide"),)
    await office.shown("help:1")
    said = office.server.workspace.messages.visible(office.room.id, to=office.ben.id)[-1]
    assert said.text.startswith(f":sos: <@{office.ben.id}>: <@{office.ana.id}> asks for help with INC-1")


async def test_something_else_shows_the_tray_to_whoever_pressed(office: Office) -> None:
    await office.begins(office.story().measured())
    tray = await office.told(office.ana, office.press(office.ana, await office.shown("first"), "incident.tray"))
    lines = transcript(tray.blocks).splitlines()
    assert tray.ephemeral_to == office.ana.id
    assert lines[2].startswith("[I'm on it]  [Request rollback to v41]  [I did it outside]  [Not the model]  [Page")


async def test_it_was_done_outside(office: Office) -> None:
    await office.begins(office.story(runbook=BARE, connected=False))
    shown = await office.types(office.ana, "/incident")
    act = office.press(office.ana, shown.ts, "step.outside")
    modal = await office.asked(office.ana, act)
    await office.server.people.submit_view(office.ana.id, modal.id, {"note": {"value": "kubectl rollout undo"}})
    assert (await office.handled()).events == (ev.DoneOutside(step="rollback", note="kubectl rollout undo"),)


async def test_the_severity_is_chosen_in_the_tray(office: Office) -> None:
    await office.begins(office.story())
    shown = await office.types(office.ana, "/incident")
    await office.press(office.ana, shown.ts, "incident.severity", entered="SEV1")
    assert (await office.handled()).incident.severity == "SEV1"


async def test_an_unknown_outcome_is_settled_by_a_person(office: Office) -> None:
    await office.begins(office.story().rolling_back().then(ev.ActionUnknown(step="rollback", attempt=1)))
    await office.press(office.ana, await office.shown("unknown:rollback:1"), "step.settle:done")
    assert (await office.handled()).events == (ev.ActionSettled(step="rollback", attempt=1, how="done"),)


async def test_stakeholders_are_told_the_words_of_the_runbook(office: Office) -> None:
    await office.begins(office.story().watched())
    ts = await office.shown("first")
    message = office.server.workspace.messages.get(office.room.id, ts)
    block = next(b for b in message.blocks if b["type"] == "actions" and '"s":"told"' in str(b))
    act = office.press(office.ana, ts, "incident.update", block_id=block["block_id"])
    modal = await office.asked(office.ana, act)
    field = modal.content["blocks"][1]["element"]
    assert field["initial_value"] == "Version 41 serves again."
    values = {"audience": {"value": "risk"}, "text": {"value": field["initial_value"]}}
    await office.server.people.submit_view(office.ana.id, modal.id, values)
    assert (await office.handled()).events == (
        ev.UpdatePublished(audience="risk", text="Version 41 serves again.", step="told"),
    )


async def test_a_why_explains_another_why(office: Office) -> None:
    story = office.story().resolved().then(ev.WhyAdded(why="w1", text="no gate on recall"), by=office.ana.id)
    await office.begins(story)
    ts = await office.shown("postmortem")
    modal = await office.asked(office.ben, office.press(office.ben, ts, "postmortem.why"))
    parents = modal.content["blocks"][0]["element"]["options"]
    assert [option["text"]["text"] for option in parents] == ["The incident itself", "no gate on recall"]
    values = {"parent": {"value": "w1"}, "text": {"value": "the gate was too slow"}, "role": {"value": "latent"}}
    await office.server.people.submit_view(office.ben.id, modal.id, values)
    assert (await office.handled()).events == (ev.WhyAdded(why="w2", text="the gate was too slow", parent="w1"),)


async def test_an_action_item_has_an_owner_and_a_day_that_is_not_past(office: Office) -> None:
    await office.begins(office.story().resolved())
    ts = await office.shown("postmortem")
    modal = await office.asked(office.ana, office.press(office.ana, ts, "postmortem.action"))
    values = {
        "text": {"value": "Add a gate"}, "owner": {"value": office.ben.id}, "due": {"value": "2026-11-01"},
        "role": {"value": "prevent"},
    }  # fmt: skip
    past = await office.server.people.submit_view(office.ana.id, modal.id, values)
    assert past.errors == {"due": "The day is past; choose a later one."}
    values["due"] = {"value": "2026-12-05"}
    await office.server.people.submit_view(office.ana.id, modal.id, values)
    item = ev.ActionItemAdded(item="a1", text="Add a gate", owner=office.ben.id, due="2026-12-05")
    assert (await office.handled()).events == (item,)


async def test_unknown_buttons_and_unknown_incidents_answer_with_a_sentence(office: Office) -> None:
    desk = Desk(office.service, _Silent(), workplace=office.workplace, clock=_Fixed())
    told = []
    for action, value in (("gone.away", "{}"), ("incident.ack", "no json"), ("incident.ack", '{"i":"INC-99"}')):
        try:
            await press(desk, read_click({"actions": [{"action_id": action, "value": value}]}))
        except Refused as refused:
            told.append(sentence(refused))
    assert told[0] == "I do not know this button any more. `/incident help` lists what works."
    assert told[1] == "This button does not say which incident it is about; nothing was changed."
    assert "INC-99" in told[2]


async def test_a_task_is_given_to_somebody_in_the_tray(office: Office) -> None:
    await office.begins(office.story().measured())
    shown = await office.types(office.ana, "/incident")
    block = next(b for b in shown.blocks if b["type"] == "actions" and '"upstream"' in b["block_id"])
    await office.press(office.ana, shown.ts, "step.assign", block_id=block["block_id"], entered=office.ben.id)
    assert (await office.handled()).events == (ev.StepAssigned(step="upstream", to=office.ben.id),)


class _Silent:
    async def answer(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        raise AssertionError(f"nobody is told anything: {method} {arguments}")


class _Fixed:
    def now(self) -> datetime:
        return datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
