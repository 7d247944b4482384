"""A runbook of one's own, walked in Slack: fields, a tie, another runbook, a newer version, suspicions, a wait."""

from __future__ import annotations

import pytest

from bot.incidents import events as ev
from bot.runbooks.loading import load_library
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, Stage

HEAD = """
schema: runbook/v1
id: {id}
version: {version}
title: {title}
failure_mode: performance
owner: ml-oncall
summary: What to do.
match:
  - failure_mode: performance
"""
IMPACT = """
phases:
  check:
    - id: impact
      title: Who is affected?
      why: Support is asked within minutes.
      task:
        text: Count what is lost.
        fields: {orders: number, since: date, part: [checkout, payouts], page: url}
    - {id: call, when: steps.impact.fields.orders > 100, task: Call the head of payments.}
"""
GENERIC = """
phases:
  check:
    - {id: first, title: First look, task: Look at it.}
    - {id: later, title: Later, task: Look again.}
"""


def book(runbook: str, steps: str, *, title: str = "A runbook", version: int = 1) -> str:
    return HEAD.format(id=runbook, title=title, version=version).lstrip() + steps.lstrip()


async def begun(stages: Stages, **books: str) -> Stage:
    files = {f"runbooks/{name}.yaml": text for name, text in books.items()}
    stage: Stage = await stages(runbooks=files)
    await stage.breaks()
    await stage.press(ANA, "I'm on it")
    return stage


# --- fields --------------------------------------------------------------------------------------------------


async def test_a_task_with_fields_asks_in_a_dialog_and_says_at_which_field_it_is_wrong(stages: Stages) -> None:
    stage = await begun(stages, impact=book("impact", IMPACT))
    assert "Count what is lost. _Why: Support is asked within minutes._" in stage.screen.card()
    await stage.press(ANA, "Answer", step="impact")
    answers = {"field.since": "2026-11-21", "field.part": "checkout", "field.page": "https://shop.example/status"}
    wrong = await stage.fills(ANA, **answers, **{"field.orders": "about a thousand"})
    assert wrong == {"field.orders": "“about a thousand” is not a number."}
    assert await stage.fills(ANA, **answers, **{"field.orders": "1,200"}) == {}
    card = stage.screen.card()
    assert "orders 1,200 · since 2026-11-21 · part checkout · page https://shop.example/status" in card
    assert "finished impact: orders 1,200" in await stage.timeline()
    assert stage.refused() == []


async def test_what_was_filled_in_decides_what_comes_next(stages: Stages) -> None:
    stage = await begun(stages, impact=book("impact", IMPACT))
    assert "Call the head" not in stage.screen.card()
    await stage.press(ANA, "Answer", step="impact")
    answers = {"field.since": "2026-11-21", "field.part": "payouts", "field.page": "https://shop.example"}
    await stage.fills(ANA, **answers, **{"field.orders": "101"})
    assert "Call the head of payments." in stage.screen.card()


async def test_fields_are_asked_for_by_the_command_too(stages: Stages) -> None:
    stage = await begun(stages, impact=book("impact", IMPACT))
    assert await stage.types(ANA, "/incident step impact done") == ""
    assert stage.screen.modal(ANA).content["callback_id"] == "step.answer"


# --- ties ----------------------------------------------------------------------------------------------------


async def tied(stages: Stages) -> Stage:
    return await begun(
        stages,
        one=book("one", "phases:\n  check:\n    - {id: first, task: Do the one thing.}\n", title="The one"),
        two=book("two", "phases:\n  check:\n    - {id: only, task: Do the other thing.}\n", title="The other"),
        generic=book("generic", GENERIC).replace("- failure_mode: performance", "- failure_mode: generic"),
    )


async def test_a_tie_is_asked_in_the_channel_and_the_general_runbook_is_walked_meanwhile(stages: Stages) -> None:
    stage = await tied(stages)
    asked = stage.screen.surface("tie")
    assert "*2 runbooks fit equally well. Which one?* Until you choose, *generic* is walked." in asked
    assert "• *one*: The one" in asked
    assert "• *two*: The other" in asked
    assert "*First look*: Look at it." in stage.screen.card()


async def test_whoever_chooses_attaches_that_runbook_and_what_was_done_stays_done(stages: Stages) -> None:
    stage = await tied(stages)
    await stage.press(ANA, "Done", step="first")
    await stage.press(BEN, "Walk two")
    assert "<@U0BEN> chose the runbook *two*" in stage.screen.surface("tie")
    assert "Do the other thing." in stage.screen.card()
    assert "Look again." not in stage.screen.card()
    incident = await stage.incident()
    assert [(pin.id, pin.version) for pin in incident.pins] == [("generic", 1), ("two", 1)]
    assert [step.id for step in incident.walk()] == ["first", "only"]
    assert incident.state("first").phase == "done"
    assert stage.refused() == []


async def test_two_who_choose_at_once_choose_one_runbook(stages: Stages) -> None:
    stage = await tied(stages)
    message, block, one = stage.screen.button("Walk one", user=ANA, number=1)
    _, _, two = stage.screen.button("Walk two", user=BEN, number=1)
    await stage.press_that(ANA, message, block["block_id"], one["action_id"], hurry=True)
    told = await stage.press_that(BEN, message, block["block_id"], two["action_id"])
    assert "<@U0ANA> chose one" in told
    assert [pin.id for pin in (await stage.incident()).pins] == ["generic", "one"]


async def test_staying_with_the_general_runbook_is_a_choice_too(stages: Stages) -> None:
    stage = await tied(stages)
    await stage.press(ANA, "Stay with generic")
    assert "chose the runbook *generic*" in stage.screen.surface("tie")
    (kept,) = await stage.happened(ev.RunbookKept)
    assert kept.runbook == "generic"


# --- another runbook, and a newer version --------------------------------------------------------------------

CHOOSING = """
phases:
  triage:
    - id: which
      choice:
        ask: What is it?
        options:
          data: {label: The data, runbook: data}
          both: {label: Look at both, runbook: data, goto: end}
  remediate:
    - {id: middle, task: In the middle.}
    - {id: end, task: At the end.}
"""
DATA = "phases:\n  check:\n    - {id: feed, task: Look at the feed.}\n"


def data() -> str:
    return book("data", DATA).replace("- failure_mode: performance", "- failure_mode: data-quality")


async def test_an_option_attaches_another_runbook_instead_of_the_rest(stages: Stages) -> None:
    stage = await begun(stages, choosing=book("choosing", CHOOSING), data=data())
    await stage.press(ANA, "The data")
    incident = await stage.incident()
    assert [step.id for step in incident.walk()] == ["which", "feed"]
    assert "Look at the feed." in stage.screen.card()
    assert "goes by the runbook data v1 from now on: which: data" in await stage.timeline()


async def test_an_option_with_goto_walks_the_other_runbook_after_this_one(stages: Stages) -> None:
    stage = await begun(stages, choosing=book("choosing", CHOOSING), data=data())
    await stage.press(ANA, "Look at both")
    incident = await stage.incident()
    assert [step.id for step in incident.walk()] == ["which", "middle", "end", "feed"]
    card = stage.screen.card()
    assert "At the end." in card
    assert "Look at the feed." in card
    assert "In the middle." not in card


async def test_a_newer_file_changes_nothing_until_the_lead_switches(stages: Stages) -> None:
    stage = await begun(stages, impact=book("impact", GENERIC))
    await stage.press(ANA, "Done", step="first")
    newer = GENERIC + "    - {id: more, task: Look at the rest.}\n"
    text = book("impact", newer, version=2)
    await stage.bot.service.stock(load_library({"impact.yaml": text}))
    await stage.rest(60)
    assert "Look at the rest." not in stage.screen.card()
    assert "Only the lead switches" in await stage.types(BEN, "/incident runbook switch")
    assert "impact v2" in await stage.types(ANA, "/incident runbook switch")
    incident = await stage.incident()
    assert incident.runbook is not None
    assert (incident.runbook.version, incident.state("first").phase) == (2, "done")
    assert [step.id for step in incident.walk()] == ["first", "later", "more"]
    (switched,) = await stage.happened(ev.RunbookSwitched)
    assert switched.text == text
    assert "is the newest" in await stage.types(ANA, "/incident runbook switch")


async def test_a_file_that_rewrote_a_version_that_is_walked_is_refused(stages: Stages) -> None:
    stage = await begun(stages, impact=book("impact", GENERIC))
    kept = await stage.bot.service.stock(load_library({"impact.yaml": book("impact", GENERIC + "# rewritten\n")}))
    assert kept.runbooks == ()
    assert kept.problems == (
        "impact.yaml:1:1: 'impact' version 1 differs from what an open incident holds; "
        "raise 'version' when the text changes",
    )
    await stage.types(ANA, "/incident resolve It was a replay.")
    again = await stage.bot.service.stock(load_library({"impact.yaml": book("impact", GENERIC + "# rewritten\n")}))
    assert len(again.runbooks) == 1


async def test_runbooks_are_listed_shown_and_attached_by_command(stages: Stages) -> None:
    stage = await begun(stages, choosing=book("choosing", CHOOSING), data=data())
    assert "`data` v1: A runbook" in await stage.types(BEN, "/incident runbook list")
    assert "choosing v1" in await stage.types(BEN, "/incident runbook show")
    assert "There is no runbook “dta”" in await stage.types(BEN, "/incident runbook attach dta")
    assert "data v1 is walked instead of the rest" in await stage.types(BEN, "/incident runbook attach data")
    assert "goes by the runbook data already" in await stage.types(BEN, "/incident runbook attach data")
    assert [step.id for step in (await stage.incident()).walk()] == ["feed"]


# --- suspicions ----------------------------------------------------------------------------------------------


async def test_what_people_suspect_stands_beside_the_runbook_with_its_evidence(stages: Stages) -> None:
    stage = await begun(stages, impact=book("impact", GENERIC))
    await stage.types(ANA, "/incident step hypothesis add The feed of device ages broke")
    await stage.types(BEN, "/incident step hypothesis add v42 itself")
    assert "Suspected: 1 The feed of device ages broke (open) · 2 v42 itself (open)" in stage.screen.card()
    await stage.types(BEN, "/incident step hypothesis ruled-out 2 same drop on v41")
    await stage.types(ANA, "/incident step hypothesis supported 1 38 % are missing")
    assert "1 The feed of device ages broke (supported: 38 % are missing)" in stage.screen.card()
    assert "2 v42 itself (ruled out: same drop on v41)" in stage.screen.card()
    timeline = await stage.timeline()
    assert "hypothesis 2: v42 itself" in timeline
    assert "hypothesis 2 is ruled out: same drop on v41" in timeline
    listed = await stage.types(ANA, "/incident step hypothesis")
    assert "1 The feed of device ages broke (supported" in listed
    assert "There is no hypothesis 7" in await stage.types(ANA, "/incident step hypothesis supported 7")
    assert stage.refused() == []


async def test_suspicions_are_added_and_judged_from_the_tray(stages: Stages) -> None:
    stage = await begun(stages, impact=book("impact", GENERIC))
    await stage.types(ANA, "/incident")
    await stage.press(ANA, "Add a hypothesis")
    await stage.fills(ANA, text="Half of the rows come twice")
    await stage.types(ANA, "/incident")
    await stage.press(ANA, "Judge a hypothesis")
    await stage.fills(ANA, hypothesis="1", judged="ruled_out", evidence="the ids are unique")
    (one,) = (await stage.incident()).hypotheses
    assert (one.judged, one.evidence, one.judged_by) == ("ruled_out", "the ids are unique", ANA)


# --- waiting -------------------------------------------------------------------------------------------------

WAITING = """
phases:
  check:
    - {id: settle, title: Caches, why: They live for 30 minutes., wait: 30m}
    - {id: after, task: Look at the caches.}
"""


async def test_a_wait_says_until_when_and_ends_by_itself(stages: Stages) -> None:
    stage = await begun(stages, impact=book("impact", WAITING))
    card = stage.screen.card()
    assert "*Caches*: waiting until" in card
    assert "They live for 30 minutes." in card
    assert "Look at the caches." not in card
    await stage.rest(1800)
    assert "Look at the caches." in stage.screen.card()
    assert "settle: the wait ended: the time is over" in await stage.timeline()


async def test_people_may_skip_a_wait(stages: Stages) -> None:
    stage = await begun(stages, impact=book("impact", WAITING))
    await stage.press(ANA, "Skip the wait")
    await stage.fills(ANA, reason="The caches were emptied by hand.")
    assert "Look at the caches." in stage.screen.card()
    assert "waiting until" not in stage.screen.card()


# --- inputs --------------------------------------------------------------------------------------------------

ASKING = """
inputs:
  region: {from: labels.region, ask: Which region is it?}
private: true
phases:
  check:
    - {id: far, when: region == 'eu', task: "Call the people of {{ region }}."}
"""


async def test_what_the_runbook_cannot_know_is_asked_in_the_channel(stages: Stages) -> None:
    stage = await begun(stages, impact=book("impact", ASKING))
    assert "Which region is it?" in stage.screen.surface("inputs")
    assert "Call the people" not in stage.screen.card()
    await stage.press(BEN, "Answer", surface="inputs")
    await stage.fills(BEN, **{"input.region": "eu"})
    assert "region: eu (<@U0BEN>)" in stage.screen.surface("inputs")
    assert "Call the people of eu." in stage.screen.card()


@pytest.mark.parametrize("text", [ASKING])
async def test_a_private_runbook_opens_a_private_channel(stages: Stages, text: str) -> None:
    stage = await begun(stages, impact=book("impact", text))
    assert stage.screen.channel().is_private


# --- what a person knows better, and failures

LATE = """
phases:
  measure:
    - {id: live, title: Recall, on_error: stop, query: quality}
  triage:
    - {id: versions, title: v42 against v41, compare: last_good}
    - {id: decide, choice: rollback}
  remediate:
    - {id: rollback, action: rollback}
    - {id: mend, task: Mend what is wrong.}
"""


async def test_an_overruled_comparison_speaks_for_the_rollback_and_says_who_says_so(stages: Stages) -> None:
    stage = await begun(stages, late=book("late", LATE))
    await stage.types(BEN, "/incident step versions override ok the labels are of a replay")
    card = stage.screen.card()
    assert "<@U0BEN> takes v42 against v41 as normal: the labels are of a replay" in card
    assert "Suggested: roll back" not in card
    assert "takes versions as normal: the labels are of a replay" in await stage.timeline()
    assert "Type `/incident step versions override ok and why`" in await stage.types(
        BEN, "/incident step versions override ok"
    )
    await stage.types(BEN, "/incident step versions override bad they are not, after all")
    assert "*Suggested: roll back to v41.*" in stage.screen.card()


async def test_a_source_that_is_away_stops_the_walk_and_a_person_goes_on_without_it(stages: Stages) -> None:
    files = {"runbooks/late.yaml": book("late", LATE.replace("query: quality", "query: errors"))}
    stage: Stage = await stages(runbooks=files)
    stage.sources.answers("http_errors_total", status=500)
    await stage.breaks()
    await stage.press(ANA, "I'm on it")
    assert "The steps after it wait until you decide." in stage.screen.card()
    assert "[Measure again]  [Go on without it]" in stage.screen.card()
    await stage.press(ANA, "Go on without it")
    await stage.fills(ANA, reason="The dashboard shows it.")
    assert "The steps after it wait" not in stage.screen.card()
    assert "*Suggested: roll back to v41.*" in stage.screen.card()
