"""Another runbook, or a newer version: what stays, what is asked anew, and who may say so."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.commands.walking import AttachRunbook, KeepRunbook, Supplied, SwitchRunbook
from bot.incidents.jumps import stopped
from bot.incidents.walk import open_steps, standing
from bot.runbooks.schema import Option, Runbook
from tests.unit.incidents.books import book, choice, query, task, told, wait
from tests.unit.incidents.story import ADA, BEN, Story, a_runbook


def ids(story: Story) -> list[str]:
    return [step.id for step in story.incident.walk()]


def asked(story: Story) -> list[str]:
    return [step.id for step in open_steps(story.incident)]


def attach(story: Story, other: Runbook, walk: str = "instead", *, by: str = ADA) -> None:
    story.ask(AttachRunbook(runbook=other.id, walk=walk, supplied=Supplied(runbook=other, text="id: x")), by=by)  # type: ignore[arg-type]


def switch(story: Story, newer: Runbook, *, by: str = ADA) -> None:
    story.ask(cmd.TakeLead(lead=ADA))
    story.ask(SwitchRunbook(supplied=Supplied(runbook=newer)), by=by)


# --- another runbook


def test_instead_of_the_rest_means_that_only_what_has_a_past_stays() -> None:
    story = told(task("one"), task("two"), query("live"))
    story.ask(cmd.FinishStep(step="one", attempt=1))
    attach(story, book(task("three"), runbook="other"))
    assert ids(story) == ["one", "three"]
    assert asked(story) == ["three"]


def test_after_means_that_the_rest_is_walked_first() -> None:
    story = told(task("one"), task("two"))
    attach(story, book(task("three"), runbook="other"), "after")
    assert ids(story) == ["one", "two", "three"]


def test_every_runbook_is_pinned_with_its_text_in_the_log() -> None:
    story = told(task("one"))
    attach(story, replace(book(task("two"), runbook="other", version=3), sha256="abc"))
    pins = [(pin.id, pin.version, pin.sha256) for pin in story.incident.pins]
    assert pins == [("book", 1, ""), ("other", 3, "abc")]
    attached = story.log[-1].event
    assert isinstance(attached, ev.RunbookAttached)
    assert (attached.text, attached.walk) == ("id: x", "instead")


def test_the_same_measurement_of_both_is_made_once() -> None:
    story = told(query("live"))
    story.measured("live", "bad")
    attach(story, book(query("live"), runbook="other"))
    assert story.state("live").verdict == "bad"
    assert story.work() == set()


def test_a_measurement_of_the_same_name_that_asks_something_else_is_made_anew() -> None:
    story = told(query("live"))
    story.measured("live", "bad")
    attach(story, book(query("live", title="Another"), runbook="same question"))
    assert story.state("live").verdict == "bad", "a title is no other question"
    other = replace(query("live"), spec=replace(query("live").spec, promql="up"))
    attach(story, book(other, runbook="other"))
    assert (story.state("live").verdict, story.state("live").attempt) == (None, 2)


def test_another_runbook_asks_for_its_own_decision_and_old_buttons_are_dead() -> None:
    story = told(choice(on=Option(label="Go on")))
    story.ask(cmd.Choose(step="decide", attempt=1, option="on"))
    attach(story, book(choice(on=Option(label="Go on")), runbook="other"))
    assert asked(story) == ["decide"]
    assert story.refusal(cmd.Choose(step="decide", attempt=1, option="on")) == "old_button"


def test_a_jump_of_the_one_passes_over_nothing_of_the_other() -> None:
    story = told(choice(on=Option(label="Go on", goto="end")), task("middle"), task("end"))
    story.ask(cmd.Choose(step="decide", attempt=1, option="on"))
    attach(story, book(task("look"), task("end", "End."), runbook="other"), "after")
    assert asked(story) == ["middle", "look", "end"]


def test_a_stop_of_the_one_holds_up_nothing_of_the_other() -> None:
    story = told(query("live", on_error="stop"), task("rest"))
    story.measured("live", "error")
    assert asked(story) == []
    attach(story, book(task("look"), runbook="other"), "after")
    assert asked(story) == ["look"]
    attach(story, book(task("more"), runbook="third"))
    assert stopped(story.incident) is None
    assert asked(story) == ["more"]


def test_what_is_on_its_way_is_never_lost() -> None:
    story = Story()
    story.approved()
    attach(story, book(task("one"), runbook="other"))
    action = story.state("rollback").action
    assert action is not None
    assert action.phase == "approved"
    assert "rollback" in ids(story)
    assert "act:rollback" in story.work()


def test_an_action_on_its_way_does_not_become_another_one() -> None:
    story = Story()
    story.requested()
    other = replace(a_runbook(approval=None), id="other")
    refused = story.refusal(AttachRunbook(runbook="other", supplied=Supplied(runbook=other)))
    assert refused == "action_in_flight"


def test_a_watch_goes_on_under_another_runbook() -> None:
    story = Story()
    story.watching()
    attach(story, book(task("one"), runbook="other"))
    assert story.incident.watch is not None
    story.later(minutes=10)
    assert "look:day" in story.work()


def test_a_runbook_that_is_walked_is_not_attached_twice() -> None:
    story = told(task("one"))
    again = AttachRunbook(runbook="book", supplied=Supplied(runbook=book(task("one"))))
    assert story.refusal(again) == "already_walked"
    attach(story, book(task("two"), runbook="other"), "after")
    assert story.refusal(again) == "already_walked"


def test_a_runbook_that_does_not_exist_is_refused() -> None:
    assert told(task("one")).refusal(AttachRunbook(runbook="none")) == "no_such_runbook"


def test_an_option_attaches_its_runbook_in_the_same_breath() -> None:
    story = told(choice(data=Option(label="The data", runbook="data")), task("rest"))
    data = Supplied(runbook=book(task("feed"), runbook="data"), text="id: data")
    events = story.ask(cmd.Choose(step="decide", attempt=1, option="data", supplied=data))
    assert [type(event) for event in events] == [ev.Chosen, ev.RunbookAttached]
    assert ids(story) == ["decide", "feed"]


def test_an_option_whose_runbook_is_gone_decides_nothing() -> None:
    story = told(choice(data=Option(label="The data", runbook="data")))
    assert story.refusal(cmd.Choose(step="decide", attempt=1, option="data")) == "no_such_runbook"
    assert asked(story) == ["decide"]


# --- ties


def tied() -> Story:
    story = told(task("one"))
    story.tell(ev.RunbooksTied(runbooks={"x": "X", "y": "Y"}))
    return story


def test_a_tie_is_open_until_somebody_chooses() -> None:
    story = tied()
    other = Supplied(runbook=book(task("two"), runbook="x"))
    story.ask(AttachRunbook(runbook="x", pins=1, supplied=other), by=BEN)
    tie = story.incident.tie
    assert tie is not None
    assert (tie.chosen, tie.by) == ("x", BEN)
    late = AttachRunbook(runbook="y", pins=1, supplied=Supplied(runbook=book(task("3"), runbook="y")))
    assert story.refusal(late) == "tie_over"
    assert story.refusal(replace(late, pins=None)) == "", "typed, it is another matter"


def test_keeping_the_general_one_settles_a_tie_too() -> None:
    story = tied()
    story.ask(KeepRunbook(pins=1))
    assert story.incident.tie is not None
    assert story.incident.tie.chosen == "book"
    assert story.refusal(KeepRunbook(pins=1)) == "tie_over"
    assert told(task("one")).refusal(KeepRunbook()) == "no_tie"


# --- versions


def test_only_the_lead_switches_and_only_forward() -> None:
    story = told(task("one"), version=2)
    newer = SwitchRunbook(supplied=Supplied(runbook=book(task("one"), version=3)))
    assert story.refusal(newer) == "not_the_lead"
    story.ask(cmd.TakeLead(lead=ADA))
    assert story.refusal(newer, by=BEN) == "not_the_lead"
    older = SwitchRunbook(supplied=Supplied(runbook=book(task("one"), version=2)))
    assert story.refusal(older) == "no_newer"
    assert story.refusal(newer) == ""


def test_what_people_finished_is_carried_by_id_even_where_its_words_changed() -> None:
    story = told(task("one", "Look."), task("gone"), choice(on=Option(label="Go on")), task("open"))
    for step in ("one", "gone"):
        story.ask(cmd.FinishStep(step=step, attempt=1))
    story.ask(cmd.Choose(step="decide", attempt=1, option="on"))
    switch(story, book(task("one", "Look closer."), choice(on=Option(label="On")), task("new"), version=2))
    assert ids(story) == ["gone", "one", "decide", "new"]
    assert asked(story) == ["new"]
    assert story.incident.runbook is not None
    assert story.incident.runbook.version == 2


def test_a_query_that_was_mended_is_measured_again() -> None:
    story = told(query("live"), query("health"))
    story.measured("live", "error")
    story.measured("health", "ok")
    mended = replace(query("live"), spec=replace(query("live").spec, promql="up"))
    switch(story, book(mended, query("health"), version=2))
    assert story.work() == {"measure:live"}
    assert story.state("live").attempt == 2


def test_a_step_that_became_another_kind_is_asked_anew() -> None:
    story = told(task("labels"))
    story.ask(cmd.FinishStep(step="labels", attempt=1))
    switch(story, book(wait("labels", phase="check"), version=2))
    story.timers()
    assert story.state("labels").wait is not None


def test_a_switch_within_joined_runbooks_leaves_the_other_one_alone() -> None:
    story = told(task("one"), task("two"))
    attach(story, book(task("three"), runbook="other"), "after")
    switch(story, book(task("four"), runbook="other", version=2))
    assert ids(story) == ["one", "two", "four"]


@pytest.mark.parametrize("walk", ["after", "instead"])
def test_the_log_folds_to_the_same_incident(walk: str) -> None:
    story = Story()
    story.watching()
    attach(story, book(task("one"), query("live"), runbook="other"), walk)
    switch(story, book(task("one", "More."), runbook="other", version=2))
    assert story.refolded() == story.incident
    assert all(standing(story.incident, step) for step in story.incident.walk())
