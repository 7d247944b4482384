"""The first message, as people read it: words.md, line by line."""

from __future__ import annotations

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.runbooks.schema import Choice, Option, Step
from bot.slack.view.card import card
from tests.unit.slack.stories import ANA, BARE, BEN, CONNECTED, WORKPLACE, Story, decision
from tests.unit.slack.transcript import buttons, read


def _drawn(story: Story) -> str:
    return read(card(story.incident(), WORKPLACE))


def test_a_recall_drop_after_a_release_with_everything_connected() -> None:
    assert _drawn(Story().measured()).splitlines() == [
        "# SEV2 · fraud-scorer · recall down after v42",
        "Recall 0.71, was 0.84 · 412 confirmed frauds · labels 6 h old",
        "v42 against v41, same 3,180 frauds: -9.8 points (95 %: -11.4 to -8.1); worst slice: card-not-present",
        "v42 released 02:51 UTC (deploy #881), 14 min before the alert",
        "Not checked: feature store, upstream",
        "*Suggested: roll back to v41.* What serves now is recorded first, so it can be undone. "
        "Consumers: checkout, payouts",
        "[I'm on it]  [Request rollback to v41]  [Something else]",
        f"- Needs one approval; asking pages <@{BEN}> · runbook model-performance-drop v1",
    ]


def test_once_the_fix_is_in_place_what_was_found_is_said_to_be_older() -> None:
    story = Story().watched()
    assert _drawn(story).splitlines()[1].startswith("_Measured before 03:")
    story.then(ev.StepRerun(step="live", attempt=2))
    story.then(ev.StepMeasured(step="live", attempt=2, verdict="ok", because="Recall 0.84, was 0.84"))
    assert "Measured before" not in _drawn(story)


def test_that_it_moved_with_the_release_has_a_line_of_its_own() -> None:
    moved = "Recall fell 40 s after v42 was released, since then by 9.8 points on average (95 %: -10.2 to -9.3)"
    story = Story().measured().then(ev.JumpTested(step="changes", version="42", because=moved))
    assert moved in _drawn(story).splitlines()


def test_that_going_back_would_not_help_has_a_line_of_its_own() -> None:
    same = "v42 against v41, same 6,000 frauds: +0.1 points (95 %: -0.4 to +0.5); v41 would do no better"
    story = Story().measured().then(ev.StepMeasured(step="versions", attempt=1, verdict="ok", because=same))
    drawn = _drawn(story)
    assert same in drawn.splitlines()
    assert "Suggested" not in drawn


def test_whose_yes_it_needs_is_said_while_nothing_speaks_against_the_action() -> None:
    how_bad = Choice(
        ask="How bad?", options={"bad": Option(label="Bad")}, suggest="'bad' if steps.live.verdict == 'bad'"
    )
    other = Step(id="how_bad", phase="check", spec=how_bad)
    approval = "Needs one approval"
    asked_first = replace(CONNECTED, steps=(*CONNECTED.steps[:3], other, *CONNECTED.steps[3:]))
    assert approval in _drawn(Story(asked_first).measured())
    against = replace(decision(), suggest="'not_model' if steps.versions.verdict == 'bad'")
    steps = tuple(replace(step, spec=against) if step.id == "decide" else step for step in CONNECTED.steps)
    assert approval not in _drawn(Story(replace(CONNECTED, steps=steps)).measured())


def test_nothing_is_connected() -> None:
    story = Story(BARE, connected=False)
    missing = ("changes", "live", "versions")
    story.then(*(ev.StepMeasured(step=s, attempt=1, verdict="no_data", because="not configured") for s in missing))
    assert _drawn(story).splitlines() == [
        "# SEV? · fraud-scorer · ModelRecallDrop",
        "Alertmanager says “recall below 0.8” since 03:05 UTC.  <Source>",
        "I checked nothing: no metrics and no evaluator are connected for fraud-scorer. No suggestion.",
        "By hand: 1 released in the last 24 h?  2 upstream changed?  3 old version better on recent labels?",
        "[I'm on it]  [Record finding]  [Page ml-oncall]  [False alarm]",
        "- runbook model-performance-drop v1 · For next time: `evenkeel doctor`",
    ]


def test_tasks_wait_until_somebody_is_on_it() -> None:
    story = Story().measured()
    assert "[Done]" not in _drawn(story)
    story.then(ev.Acknowledged(), ev.LeadChanged(lead=ANA), by=ANA)
    assert _drawn(story).splitlines()[-4:] == [
        "[Request rollback to v41]  [Something else]",
        "*Upstream*: Ask the upstream owners what changed. (optional)",
        "[Done]  [Skip]",
        f"- Lead <@{ANA}> · Needs one approval; asking pages <@{BEN}> · runbook model-performance-drop v1",
    ]


def test_the_alert_speaks_until_something_is_measured() -> None:
    lines = _drawn(Story()).splitlines()
    assert lines[:5] == [
        "# SEV2 · fraud-scorer · ModelRecallDrop",
        "Alertmanager says “recall below 0.8” since 03:05 UTC.  <Source>",
        "Measuring: changes, live, feature store, versions …",
        "Not checked: upstream",
        "[I'm on it]  [Something else]",
    ]


def test_nothing_is_suggested_while_a_target_is_known_and_the_comparison_is_not() -> None:
    story = Story().then(ev.VersionsSeen(running="42", target="41"))
    assert "uggested" not in _drawn(story)


def test_an_inconclusive_comparison_suggests_nothing_and_is_told() -> None:
    story = Story().then(
        ev.VersionsSeen(running="42", target="41"),
        ev.StepMeasured(
            step="versions", attempt=1, verdict="inconclusive", because="-2.0 points (95 %: -6 to +2); 900 would tell"
        ),
    )
    assert "-2.0 points (95 %: -6 to +2); 900 would tell" in _drawn(story)
    assert "uggested" not in _drawn(story)


def test_a_request_names_who_is_asked_and_what_happens_if_nobody_answers() -> None:
    lines = _drawn(Story().asked()).splitlines()
    assert f"*Rollback to v41*: asked by <@{ANA}> 03:07 UTC. Waiting for a yes from <@{BEN}>." in lines
    assert "If nobody decides by 03:22 UTC, the request lapses and nothing changes." in lines
    assert "[I did it outside]" in lines


def test_the_five_minute_clock_and_the_traffic_stand_on_the_card() -> None:
    lines = _drawn(Story().rolling_back()).splitlines()
    assert (
        f"*Rollback to v41*: asked by <@{ANA}> 03:07 UTC, approved by <@{BEN}> 03:08 UTC; "
        "v41 has 37 % of traffic, 99 % is needed."
    ) in lines
    assert ":stopwatch: Budget 5 min, ends 03:13 UTC." in lines


def test_a_breached_budget_is_said_and_nothing_is_broken_off() -> None:
    story = Story().rolling_back().then(ev.BudgetSpent(step="rollback", attempt=1, breached=True), after=300)
    assert "The budget of 5 min ended 03:13 UTC. It goes on" in _drawn(story)


def test_watching_is_not_resolved_in_word_and_in_colour() -> None:
    watching, resolved = _drawn(Story().watched()), _drawn(Story().resolved())
    assert ":large_yellow_circle: *Watching* recall until 2026-11-22 03:08 UTC. Not resolved yet." in watching
    assert ":large_green_circle:" not in watching
    assert f":large_green_circle: *Resolved* by <@{ANA}> 04:09 UTC." in resolved
    assert ":large_yellow_circle: Still watching recall until 2026-11-22 03:08 UTC." in resolved
    assert "[" not in resolved


def test_while_it_is_watched_stakeholders_come_first_and_it_can_be_resolved() -> None:
    lines = _drawn(Story().watched()).splitlines()
    assert lines[-7:-1] == [
        "*Risk told*: not sent to risk yet. You see the words before they go out.",
        "[Tell stakeholders]  [Skip]",
        "*Upstream*: Ask the upstream owners what changed. (optional)",
        "[Done]  [Skip]",
        "- 1 more to do: type `/incident` to see all",
        "[Resolve]  [More]",
    ]


def test_a_refused_action_says_why_and_can_be_asked_for_again() -> None:
    story = Story().asked().then(ev.Approved(step="rollback", attempt=1), by=BEN)
    story.then(
        ev.ActionStarted(step="rollback", attempt=1, lease_no=1, call="flags.set"),
        ev.ActionFinished(step="rollback", attempt=1, outcome="refused", because="the flag was changed meanwhile"),
    )
    drawn = _drawn(story)
    assert "was not carried out: the flag was changed meanwhile. Nothing was changed." in drawn
    assert "[Request rollback to v41 again]  [I did it outside]  [Skip]" in drawn


def test_what_was_done_outside_is_told_and_no_longer_asked_for() -> None:
    drawn = _drawn(Story().measured().then(ev.DoneOutside(step="rollback", note="by kubectl"), by=BEN))
    assert f"*Rollback* was done outside, says <@{BEN}> 03:06 UTC: by kubectl" in drawn
    assert "[Request" not in drawn
    assert "uggested" not in drawn


def test_an_incident_that_was_a_false_alarm_has_no_buttons() -> None:
    drawn = _drawn(Story().then(ev.Cancelled(reason="a load test"), by=ANA))
    assert f":white_circle: *False alarm*, says <@{ANA}> 03:06 UTC." in drawn
    assert "[" not in drawn


def test_a_button_carries_incident_step_and_attempt() -> None:
    acknowledged = Story().measured().then(ev.Acknowledged(), by=ANA)
    found = buttons(card(acknowledged.incident(), WORKPLACE).content["blocks"])
    assert found["Request rollback to v41"]["action_id"] == "step.choose:rollback"
    assert found["Request rollback to v41"]["value"] == '{"i":"INC-1","s":"decide","n":1}'
    assert found["I'm on it"]["action_id"] == "incident.ack"
    assert found["Done"]["action_id"] == "step.done"


def test_the_card_fits_on_a_phone_at_every_moment() -> None:
    for moment in ("measured", "asked", "rolling_back", "watched", "resolved"):
        story = Story()
        getattr(story, moment)()
        assert len(_drawn(story).splitlines()) <= 15, moment


def test_the_sandbox_is_marked_as_synthetic() -> None:
    from msgspec.structs import replace

    drawn = read(card(Story().incident(), replace(WORKPLACE, sandbox=True)))
    assert drawn.endswith("synthetic data")


def test_approvers_that_nobody_is_known_for_are_never_drawn_as_anyone() -> None:
    nobody = replace(Story().measured().incident(), people={})
    small = read(card(nobody, WORKPLACE)).splitlines()[-1]
    assert "Nobody is known who may approve; see oncall in evenkeel.yaml" in small
    assert "anyone" not in small


def test_a_button_pages_by_name_only_whom_the_configuration_knows() -> None:
    story = Story(BARE, connected=False).then(
        *(ev.StepMeasured(step=s, attempt=1, verdict="no_data", because="not configured")
          for s in ("changes", "live", "versions"))
    )  # fmt: skip
    unknown = replace(story.incident(), owner="nobody-of-ours")
    assert "[Page someone]" in read(card(unknown, WORKPLACE))


def test_where_only_a_channels_name_brought_it_nobody_is_said_to_have_said_anything() -> None:
    story = Story(BARE, connected=False)
    named = replace(story.incident(), source="slack", opened_by="slack", alert_name="", alert_text="", title="#inc-7")
    assert "Nobody has said what is wrong: the channel's name holds “fraud-scorer”, since" in read(
        card(named, WORKPLACE)
    )
