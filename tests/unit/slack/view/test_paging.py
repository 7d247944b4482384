"""What people see when somebody is called, rung for, reminded, or not known."""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.incident import Incident
from bot.incidents.rota import Rota
from bot.slack.view.channel import members
from bot.slack.view.paging import calling, nobody_known
from tests.unit.slack.stories import ANA, BEN, Story

CHI, DEE = "U0CHI", "U0DEE"
NAMES = ("oncall:ml-oncall",)


def drawn(incident: Incident) -> dict[str, str]:
    """The surfaces of calls, each by its key: the text, which a notification shows."""
    return {surface.key: surface.content["text"] for surface in calling(incident)}


def escalating(story: Story) -> Incident:
    people = {"oncall:ml-oncall": (BEN,), "oncall:leads": (CHI, DEE)}
    return replace(story.incident(), people=people, escalation=("oncall:leads",))


def page(**changes: Any) -> ev.Paged:
    about: dict[str, Any] = {"what": "approval", "step": "rollback", "attempt": 1, "to": (BEN,), "names": NAMES}
    return ev.Paged(**{**about, **changes})


def test_whoever_has_to_say_yes_is_told_what_for_and_what_happens_otherwise() -> None:
    asked = escalating(Story().asked().then(page(round=2), after=180))
    (surface,) = calling(asked)
    assert surface.key == "paged:approval:rollback:1:0:2"
    assert not surface.live, "Slack rings for a new message, not for a changed one"
    assert surface.content["text"].startswith(
        f":bell: <@{BEN}>: *Rollback to v41* still waits for your yes, asked by"
    )
    assert "the request lapses and nothing changes" in surface.content["blocks"][0]["text"]["text"]


def test_the_next_level_is_told_whose_yes_it_is() -> None:
    story = Story().asked().then(page(round=2), after=180)
    story.then(page(level=1, to=(CHI, DEE), names=("oncall:leads",)), after=180)
    text = drawn(escalating(story))["paged:approval:rollback:1:1:1"]
    assert text.startswith(f":bell: <@{CHI}> and <@{DEE}>: *Rollback to v41* waits for a yes, asked by <@{ANA}>")
    assert text.endswith(f"Only <@{BEN}> can say it, and nobody has answered.")
    invited = members(escalating(story))
    assert invited is not None
    assert {CHI, DEE} <= set(invited.content["users"])


def test_once_it_is_decided_a_call_says_that_nothing_is_needed_and_mentions_nobody() -> None:
    story = Story().asked().then(page(round=2), after=180)
    before = calling(escalating(story))
    story.then(ev.Approved(step="rollback", attempt=1), by=BEN)
    (after,) = calling(escalating(story))
    assert after.live, "the message that is there changes"
    assert [surface.key for surface in before] == [after.key]
    assert re.fullmatch(
        r":white_check_mark: Called .* for a yes to \*Rollback to v41\*. Nothing is needed any more.",
        after.content["text"],
    )


def test_who_asked_for_help_is_still_alone() -> None:
    story = Story().measured().then(ev.HelpAsked(step="decide"), by=ANA)
    story.then(page(what="help", step="decide", round=2), after=180)
    (text,) = drawn(escalating(story)).values()
    assert text.startswith(f":bell: <@{BEN}>: <@{ANA}> asked for help with INC-1 ")
    assert text.endswith(", and nobody has come yet.")


def test_the_opening_calls_with_one_thing_to_press() -> None:
    story = Story().then(page(what="opening", step="", to=(BEN,)))
    (surface,) = calling(replace(story.incident(), page="SEV2"))
    assert surface.content["text"].startswith(f":bell: <@{BEN}>: *SEV2 · fraud-scorer")
    assert [button["text"]["text"] for button in surface.content["blocks"][1]["elements"]] == ["I'm on it"]


def test_one_message_tells_what_pagers_came_to_and_is_kept_current() -> None:
    story = Story().asked().then(page(how="pages", because="pages cannot be reached"))
    key = "pager:approval:rollback:1"
    assert drawn(story.incident())[key] == (
        f":warning: pages could not ring for ml-oncall: pages cannot be reached. Tried once. Call <@{BEN}> by hand."
    )
    story.then(page(how="pages"))
    assert drawn(story.incident())[key].startswith(":pager: pages rings for ml-oncall since ")
    quiet = ev.PagerQuieted(what="approval", step="rollback", attempt=1, how="pages")
    story.then(ev.Approved(step="rollback", attempt=1), by=BEN).then(quiet)
    (surface,) = calling(story.incident())
    assert "pages: resolved there" in surface.content["blocks"][0]["text"]["text"]
    lost = replace(quiet, because="pages did not answer within 10 s")
    story.entries.pop()
    (surface,) = calling(story.then(lost).incident())
    assert (
        "pages may still ring: pages did not answer within 10 s. Close it"
        in surface.content["blocks"][0]["text"]["text"]
    )


def test_a_pagers_words_call_nobody() -> None:
    story = Story().asked().then(page(how="pages", because="<!channel> @here <@U0EVE>"))
    text = drawn(story.incident())["pager:approval:rollback:1"]
    assert "<!channel>" not in text
    assert "<@U0EVE>" not in text


def test_what_is_overdue_is_said_to_each_once_and_in_a_message_of_its_own() -> None:
    late = [ev.StepOverdue(step="decide", attempt=1, level=level, to=to) for level, to in ((0, (ANA,)), (1, ()))]
    incident = Story().measured().then(*late).incident()
    runbook = incident.runbook
    assert runbook is not None
    steps = tuple(
        replace(step, due=900.0, escalate=("role:owner",)) if step.id == "decide" else step for step in runbook.steps
    )
    incident = replace(incident, runbook=replace(runbook, steps=steps))
    texts = drawn(incident)
    assert list(texts) == ["overdue:decide:1:0", "overdue:decide:1:1"]
    assert texts["overdue:decide:1:0"].startswith(f":hourglass: <@{ANA}>: *")
    assert "of INC-1 is overdue since " in texts["overdue:decide:1:0"]
    assert texts["overdue:decide:1:1"].startswith(":hourglass: the owner: *"), "nobody is known, so the role is named"


def test_the_card_says_who_is_not_known_why_and_what_to_do() -> None:
    story = Story().then(ev.OnCallSeen(who="oncall:ml-oncall", because="pagerduty does not let us in (401)"))
    incident = replace(
        story.incident(), people={}, rotas={"oncall:ml-oncall": Rota(source="pagerduty", name="P", connector="p")}
    )
    assert nobody_known(incident) == [
        ":warning: Who is on call for ml-oncall is not known: pagerduty does not let us in (401). "
        "It is asked again; until then mention somebody by hand."
    ]
    assert nobody_known(replace(incident, status="resolved")) == []


def test_whoever_turns_out_to_be_on_call_later_is_invited() -> None:
    story = Story().then(ev.OnCallSeen(who="oncall:ml-oncall", people=(DEE,)))
    invited = members(story.incident())
    assert invited is not None
    assert DEE in invited.content["users"]
