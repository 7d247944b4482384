"""Everything else that an incident shows: where, in which order, and what it says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.alerts.routing import MANY_SERVICES, UNKNOWN_SERVICE
from bot.incidents import events as ev
from bot.slack.view import Surface, view
from tests.unit.slack.moments import bare
from tests.unit.slack.stories import ANA, BARE, BEN, WORKPLACE, Story
from tests.unit.slack.transcript import buttons, read


def _surfaces(story: Story) -> dict[str, Surface]:
    return {surface.key: surface for surface in view(story.incident(), WORKPLACE)}


def _text(story: Story, key: str) -> str:
    return read(_surfaces(story)[key])


def test_the_first_message_needs_the_channel_and_everything_else_follows_it() -> None:
    keys = [surface.key for surface in view(Story().incident(), WORKPLACE)]
    assert keys == ["channel", "first", "members", "topic", "pin", "bookmark", "announcement"]


def test_there_is_no_announcement_before_there_is_a_channel_to_send_people_to() -> None:
    incident = replace(Story().incident(), channel="")
    assert "announcement" not in [surface.key for surface in view(incident, WORKPLACE)]


def test_in_a_thread_there_is_only_the_announcement_and_messages() -> None:
    surfaces = _surfaces(Story(place="thread").asked())
    assert [surface.kind for surface in surfaces.values()] == ["message"] * 3
    assert list(surfaces) == ["announcement", "first", "approval:rollback:1"]
    assert surfaces["first"].needs == ("announcement",)
    assert "Details in the thread" in read(surfaces["announcement"])


def test_what_a_surface_needs_is_there() -> None:
    for moment in ("measured", "asked", "rolling_back", "watched", "resolved"):
        for place in ("channel", "thread"):
            story = Story(place=place)
            getattr(story, moment)()
            surfaces = view(story.incident(), WORKPLACE)
            keys = {surface.key for surface in surfaces}
            assert len(keys) == len(surfaces)
            assert all(set(surface.needs) <= keys for surface in surfaces)


def test_the_same_incident_is_drawn_the_same() -> None:
    one, other = (view(Story().watched().incident(), WORKPLACE) for _ in range(2))
    assert [surface.digest for surface in one] == [surface.digest for surface in other]


def test_the_announcement_is_kept_current() -> None:
    assert _text(Story().measured(), "announcement").splitlines() == [
        ":red_circle: *SEV2 · fraud-scorer · recall down after v42*",
        "Join <#C0INC1> · open",
        "- INC-1 · opened 03:05 UTC · nobody leads yet",
    ]
    watched = _text(Story().watched(), "announcement")
    assert watched.startswith(":large_yellow_circle:")
    assert "fixed, watching until 2026-11-22 03:08 UTC" in watched
    assert _text(Story().resolved(), "announcement").startswith(":large_green_circle:")


def test_the_topic_changes_with_severity_lead_and_status_only() -> None:
    def topic(story: Story) -> str:
        return str(_surfaces(story)["topic"].content["topic"])

    assert topic(Story()) == topic(Story().measured()) == "INC-1 · SEV2 · fraud-scorer · open"
    led = f"INC-1 · SEV2 · fraud-scorer · lead <@{ANA}>"
    assert topic(Story().asked()) == topic(Story().rolling_back()) == f"{led} · open"
    assert topic(Story().watched()) == f"{led} · watching until 2026-11-22 03:08 UTC"
    assert topic(Story().resolved()) == f"{led} · resolved"
    assert topic(Story().then(ev.Cancelled(reason="a load test"), by=ANA)).endswith(" · false alarm")


def test_the_topic_fits() -> None:
    incident = replace(Story().incident(), service="x" * 500)
    long = {surface.key: surface for surface in view(incident, WORKPLACE)}["topic"].content["topic"]
    assert len(long) <= 250


def test_those_whose_yes_is_needed_are_invited() -> None:
    story = Story().measured()
    request = ev.ApprovalRequested(
        step="rollback", attempt=1, target="41", approvers=("U0DAN",), expires_at=story.now + timedelta(minutes=15)
    )
    members = _surfaces(story.then(request, by=ANA))["members"].content["users"]
    assert members == (ANA, BEN, "U0DAN")


def test_a_request_for_approval_names_the_approvers_and_says_what_happens_otherwise() -> None:
    story = Story().asked()
    assert _text(story, "approval:rollback:1").splitlines() == [
        f":raised_hand: *Rollback to v41* of fraud-scorer: asked by <@{ANA}> 03:07 UTC.",
        f"Needs a yes from <@{BEN}>.",
        "If nobody decides by 03:22 UTC, the request lapses and nothing changes.",
        "v42 serves now; with a yes, v41 serves instead.",
        "[Approve]  [Decline]",
    ]
    found = buttons(_surfaces(story)["approval:rollback:1"].content["blocks"])
    assert (found["Approve"]["action_id"], found["Decline"]["action_id"]) == ("step.approve", "step.decline")
    assert found["Approve"]["value"] == '{"i":"INC-1","s":"rollback","n":1}'


def test_a_decided_request_loses_its_buttons() -> None:
    approved = Story().asked().then(ev.Approved(step="rollback", attempt=1), by=BEN)
    assert _text(approved, "approval:rollback:1") == (
        f":white_check_mark: *Rollback to v41*: asked by <@{ANA}> 03:07 UTC, approved by <@{BEN}> 03:08 UTC; "
        "on its way, see the card on top."
    )
    declined = Story().asked().then(ev.Declined(step="rollback", attempt=1, reason="v41 has no index"), by=BEN)
    assert _text(declined, "approval:rollback:1") == (
        f":no_entry: *Rollback to v41* was declined by <@{BEN}>: v41 has no index"
    )
    lapsed = Story().asked().then(ev.ApprovalLapsed(step="rollback", attempt=1), after=900)
    assert "lapsed: nobody decided in time. Nothing was changed." in _text(lapsed, "approval:rollback:1")


def test_a_second_of_two_yeses_is_still_asked_for() -> None:
    story = Story().measured()
    request = ev.ApprovalRequested(
        step="rollback", attempt=1, target="41", approvers=(BEN, "U0DAN"), count=2,
        expires_at=story.now + timedelta(minutes=15),
    )  # fmt: skip
    story.then(request, by=ANA).then(ev.Approved(step="rollback", attempt=1, enough=False), by=BEN)
    assert "Needs a yes from <@U0DAN>." in _text(story, "approval:rollback:1")


def test_an_unknown_outcome_asks_a_person_by_name() -> None:
    story = Story().rolling_back().then(ev.ActionUnknown(step="rollback", attempt=1, because="the answer was lost"))
    assert _text(story, "unknown:rollback:1").splitlines() == [
        ":question: Nobody can tell whether *Rollback to v41* was carried out: the answer was lost.",
        f"<@{ANA}>: look, then choose. Nothing is repeated by itself; until you choose, it stays as it is.",
        "[Run again]  [It is done]  [Undo]",
    ]
    found = buttons(_surfaces(story)["unknown:rollback:1"].content["blocks"])
    assert found["Run again"]["action_id"] == "step.settle:run_again"
    assert found["It is done"]["action_id"] == "step.settle:done"


@pytest.mark.parametrize(("ended", "by", "said"), [
    (ev.ActionSettled(step="rollback", attempt=1, how="done"), ANA, f"<@{ANA}> looked 03:10 UTC: it was."),
    (ev.ActionSettled(step="rollback", attempt=1, how="run_again"), ANA, f"<@{ANA}> had it run again 03:10 UTC."),
    (ev.ActionConfirmed(step="rollback", attempt=1, settled=True), "evenkeel", "traffic showed 03:10 UTC that"),
])  # fmt: skip
def test_a_settled_outcome_keeps_its_message_without_buttons(ended: ev.AnyEvent, by: str, said: str) -> None:
    story = Story().rolling_back().then(ev.ActionUnknown(step="rollback", attempt=1, because="the answer was lost"))
    drawn = _text(story.then(ended, by=by), "unknown:rollback:1")
    assert drawn.startswith(":white_check_mark: It was not known whether *Rollback to v41* was carried out; ")
    assert said in drawn
    assert "[" not in drawn


def test_who_asks_for_help_has_those_on_call_mentioned_and_invited() -> None:
    story = Story().then(ev.HelpAsked(step="decide", reason="who knows v42?"), by=ANA)
    story.then(ev.HelpAsked(step="decide"), by=BEN)
    assert _text(story, "help:1") == f":sos: <@{BEN}>: <@{ANA}> asks for help with INC-1, 03:06 UTC: who knows v42?"
    assert _text(story, "help:2").splitlines() == [
        f":sos: <@{BEN}> asks for help with INC-1, 03:07 UTC.",
        "Nobody else is on call for ml-oncall in evenkeel.yaml (`oncall`): mention somebody by hand.",
    ]
    alone = replace(story.incident(), people={"oncall:ml-oncall": ("U0DAN",), "oncall:others": ("U0EVA",)})
    members = {surface.key: surface for surface in view(alone, WORKPLACE)}["members"].content["users"]
    assert "U0DAN" in members and "U0EVA" not in members


def test_safe_is_told_in_the_channel_with_its_clock_and_is_not_called_resolved() -> None:
    assert _text(Story().watched(), "safe:rollback:1").splitlines() == [
        "*Rollback to v41*: v41 serves (100 % of traffic) since 03:09 UTC, 42 s after the approval.",
        "From the alert to safe: 4 min 2 s.",
        ":large_yellow_circle: *Watching* recall until 2026-11-22 03:08 UTC. Not resolved yet.",
        "[Undo, back to v42]",
    ]


def _undo_asked() -> Story:
    story = Story().watched()
    until = story.now + timedelta(minutes=16)
    request = ev.ApprovalRequested(
        step="rollback", attempt=2, target="42", running="41", approvers=(BEN,), expires_at=until, undo=True
    )
    return story.then(request, by=ANA)


def test_the_undo_button_asks_first_and_says_what_it_puts_back() -> None:
    shown = buttons(_surfaces(Story().watched())["safe:rollback:1"].content["blocks"])["Undo, back to v42"]
    assert (shown["action_id"], shown.get("style")) == ("step.undo", None)
    assert shown["confirm"]["confirm"]["text"] == "Put v42 back"
    assert "Nothing changes until that is approved." in shown["confirm"]["text"]["text"]


def test_an_undo_that_was_asked_for_is_told_on_the_card_and_in_a_message_of_its_own() -> None:
    story = _undo_asked()
    assert f"*Undo of rollback, back to v42*: asked by <@{ANA}>" in _text(story, "first")
    assert "[Approve]  [Decline]" in _text(story, "approval:rollback:2")


def test_the_undo_button_is_back_when_the_undo_was_declined() -> None:
    story = _undo_asked().then(ev.Declined(step="rollback", attempt=2, reason="v42 is bad"), by=BEN)
    assert "[Undo, back to v42]" in _text(story, "safe:rollback:1")


def test_what_was_undone_says_so_and_cannot_be_undone_again() -> None:
    story = _undo_asked().then(ev.Approved(step="rollback", attempt=2), by=BEN)
    story.then(ev.ActionStarted(step="rollback", attempt=2, lease_no=1, call="flags.set"), after=0)
    assert _text(story, "safe:rollback:1").endswith("and is being undone.")
    story.then(ev.ActionFinished(step="rollback", attempt=2, outcome="written"), after=0)
    story.then(ev.ActionConfirmed(step="rollback", attempt=2, share=1.0))
    assert _text(story, "safe:rollback:1") == "*Rollback to v41* was done 03:09 UTC, and was undone 03:12 UTC."
    again = ":leftwards_arrow_with_hook: *v42 serves again* 03:12 UTC: the rollback was undone."
    assert _text(story, "safe:rollback:2") == again


def test_a_resolved_incident_offers_no_undo() -> None:
    assert "Undo" not in _text(Story().resolved(), "safe:rollback:1")


def test_asking_to_take_it_back_is_not_told_as_safe_and_leaves_what_was_told() -> None:
    watched = _surfaces(Story().watched())
    asked = _surfaces(_undo_asked())
    assert asked.keys() - watched.keys() == {"approval:rollback:2"}
    told = read(watched["safe:rollback:1"]).removesuffix("\n[Undo, back to v42]")
    assert read(asked["safe:rollback:1"]) == told


def test_a_relapse_reopens_loudly() -> None:
    story = Story().resolved().then(ev.Reopened(reason="recall 0.70 at three looks in a row", step="day"))
    surfaces = _surfaces(story)
    assert read(surfaces["relapse:1"]).splitlines() == [
        ":red_circle: *Reopened*: recall 0.70 at three looks in a row",
        f"<@{ANA}> leads.",
        "Everything is measured again; the card on top has the next step.",
    ]
    assert "resolved:0" not in surfaces
    assert ":red_circle: *Reopened*: recall 0.70" in read(surfaces["first"])


def test_the_end_of_the_watch_leaves_the_decision_to_a_person() -> None:
    ended = ev.WatchEnded(step="day", attempt=1, verdict="ok", because="144 looks, recall 0.84")
    story = Story().watched().then(ended)
    assert _text(story, "watched:day:1").splitlines() == [
        ":large_green_circle: The watch over recall is over: 144 looks, recall 0.84",
        f"<@{ANA}>: resolve the incident if you agree; it stays open until somebody does.",
        "[Resolve]",
    ]


def test_a_watch_that_saw_it_fail_does_not_ask_to_resolve() -> None:
    story = Story().watched().then(ev.WatchEnded(step="day", attempt=1, verdict="bad", because="recall 0.70"))
    assert _text(story, "watched:day:1") == ":red_circle: The watch over recall is over: recall 0.70"


def test_once_it_is_resolved_the_end_of_the_watch_asks_nothing_more() -> None:
    story = Story().watched().then(ev.WatchEnded(step="day", attempt=1, verdict="ok", because="recall 0.84"))
    story.then(ev.Resolved(summary=""), by=ANA)
    assert _text(story, "watched:day:1") == ":large_green_circle: The watch over recall is over: recall 0.84"


def test_after_the_end_whys_and_action_items_are_asked_for_and_counted() -> None:
    story = Story().resolved()
    assert _text(story, "postmortem").splitlines() == [
        f":memo: <@{ANA}>: the draft of the postmortem is written from the log. It is due in 2 days.",
        "So far it has no whys and no action items: what it can only learn from you.",
        "A why names what made it possible, never who. An action item has an owner and a day.",
        "[Add a why]  [Add an action item]  [Open the postmortem]",
    ]
    link = buttons(_surfaces(story)["postmortem"].content["blocks"])["Open the postmortem"]
    assert link["url"] == "https://evenkeel.example/incidents/INC-1/postmortem"
    story.then(
        ev.WhyAdded(why="w1", text="no gate on recall"),
        ev.ActionItemAdded(item="a1", text="Add a gate", owner=BEN, due="2026-12-05"),
    )
    assert f"1 why, 1 action item, open with <@{BEN}>." in _text(story, "postmortem")


def test_stakeholders_are_told_in_the_channel_of_their_audience() -> None:
    told = ev.UpdatePublished(audience="risk", text="v41 serves again.\nWe watch it.")
    surfaces = _surfaces(Story().watched().then(told, ev.UpdatePublished(audience="all", text="x"), by=ANA))
    updates = [surface for key, surface in surfaces.items() if key.startswith("update:")]
    assert [surface.place for surface in updates] == ["#risk-updates", "#stakeholders"]
    assert read(updates[0]).splitlines() == [
        "*fraud-scorer* · INC-1 · SEV2",
        "> v41 serves again.",
        "> We watch it.",
        f"- for risk · by <@{ANA}> · 03:10 UTC",
    ]


def test_every_step_that_is_not_configured_says_what_to_add() -> None:
    assert _text(Story(BARE, connected=False), "gaps").splitlines() == [
        ":wrench: Not configured for fraud-scorer; the walk goes on without. For next time, add to evenkeel.yaml:",
        "• *Live quality*: `services.fraud-scorer.metrics.quality`",
        "• *versions*: `services.fraud-scorer.compare.last_good`",
        "• *rollback*: `services.fraud-scorer.rollback`",
    ]


def test_nobody_is_told_to_describe_a_service_that_is_none() -> None:
    incident = Story(BARE, connected=False).incident()
    nameless, many = (
        {surface.key: surface for surface in view(replace(incident, service=service), WORKPLACE)}
        for service in (UNKNOWN_SERVICE, MANY_SERVICES)
    )
    assert "Nobody said which service this is about" in read(nameless["gaps"])
    assert "gaps" not in many


def test_what_several_steps_lack_is_said_once() -> None:
    lines = _text(bare(shipped="safety"), "gaps").splitlines()
    assert len(lines) > 3
    assert len(set(lines)) == len(lines)


def test_a_watch_that_nothing_is_configured_for_is_told_as_looking_by_hand() -> None:
    story = bare(shipped="generic").then(ev.DoneOutside(step="rollback"), by=ANA)
    story.then(ev.WatchStarted(step="day", attempt=1, until=story.now + timedelta(days=1), every=600.0))
    told = _text(story, "safe:rollback:1")
    by_hand = "*Watching* by hand until 2026-11-22 03:06 UTC. Not resolved yet. Nothing to measure is configured."
    assert by_hand in told
    story.then(ev.WatchEnded(step="day", attempt=1, verdict="no_data", because=""))
    assert "The watch by hand is over: its time has passed" in _text(story, "watched:day:1")


def test_what_several_watches_lack_is_one_line() -> None:
    lines = _text(bare(shipped="latency"), "gaps").splitlines()
    assert [line for line in lines if "*Watch*" in line] == [
        "• *Watch*: `services.fraud-scorer.metrics.latency`, `services.fraud-scorer.metrics.upstream`, "
        "`services.fraud-scorer.metrics.errors`"
    ]
