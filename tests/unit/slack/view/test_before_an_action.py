"""What the message to the approvers says before an action begins, and what can be pressed there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.incident import Incident
from bot.runbooks.schema import Action, Rehearsal
from bot.slack.view import view
from bot.slack.view.surface import Surface
from tests.unit.slack.stories import ANA, BEN, WORKPLACE, Story
from tests.unit.slack.transcript import buttons, read

STAGED = Rehearsal(arguments={"environment": "staging"})


def with_staging(incident: Incident) -> Incident:
    assert incident.runbook is not None
    steps = tuple(
        replace(step, spec=replace(step.spec, rehearse=STAGED)) if isinstance(step.spec, Action) else step
        for step in incident.runbook.steps
    )
    return replace(incident, runbook=replace(incident.runbook, steps=steps))


def asked(*events: ev.AnyEvent, by: str = "evenkeel", **more: Any) -> Surface:
    incident = with_staging(Story().asked().then(*events, by=by).incident())
    state = incident.state("rollback")
    assert state.action is not None
    changed = replace(state, action=replace(state.action, **more)) if more else state
    incident = replace(incident, steps={**incident.steps, "rollback": changed})
    surfaces = {surface.key: surface for surface in view(incident, WORKPLACE)}
    return surfaces["approval:rollback:1"]


def at(surface: Surface) -> list[str]:
    return list(buttons(surface.content["blocks"]))


STARTED = ev.RehearsalStarted(step="rollback", attempt=1)


def finished(outcome: Any, because: str) -> ev.RehearsalFinished:
    return ev.RehearsalFinished(step="rollback", attempt=1, outcome=outcome, because=because)


def test_it_says_what_would_change_from_what_to_what() -> None:
    call = ev.Call(
        call="flags.set", arguments={"flag": "fraud-model", "value": "41"},
        captured={"flag": "fraud-model", "value": "42", "percentages": {"42": 100}},
    )  # fmt: skip
    shown = read(asked(ev.StateRead(step="rollback", attempt=1, calls=(call,))))
    assert "`flags.set`: value 42 → 41; not written if that changed meanwhile." in shown
    unread = read(asked(ev.StateRead(step="rollback", attempt=1, because="flags cannot be reached")))
    assert "What stands there now could not be read: flags cannot be reached." in unread


def test_it_says_how_the_rehearsal_stands() -> None:
    assert "Rehearsing in staging …" in read(asked(STARTED))
    passed = read(asked(STARTED, finished("ok", "v41 served there")))
    assert ":white_check_mark: Rehearsed in staging " in passed
    assert ": v41 served there." in passed
    failed = asked(STARTED, finished("failed", "staging still shows value 42"))
    assert "Nobody can approve it like that." in read(failed)
    assert "Rehearse again" in at(failed)


def test_what_is_not_known_is_said_and_asked_once_more_before_the_yes_counts() -> None:
    surface = asked(unsure=("whether v41 fits is not known: features not registered",))
    assert ":warning: whether v41 fits is not known: features not registered." in read(surface)
    yes = buttons(surface.content["blocks"])["Approve"]
    assert yes["action_id"] == "step.approve:unsure"
    assert yes["confirm"]["text"]["text"] == "whether v41 fits is not known: features not registered."


def test_another_service_is_named_with_the_way_to_agree_to_it() -> None:
    read_first = ev.StateRead(step="rollback", attempt=1, foreign=("payments",))
    surface = asked(read_first)
    assert "Its arguments name payments. A second person has to widen its scope." in read(surface)
    assert "Widen its scope" in at(surface)
    widened = asked(read_first, ev.ScopeWidened(step="rollback", attempt=1, services=("payments",)), by=BEN)
    assert f"<@{BEN}> agreed that it reaches payments too." in read(widened)
    assert "Widen its scope" not in at(widened)


def test_the_glass_is_offered_only_when_it_may_be_broken() -> None:
    assert "Break the glass" not in at(asked())
    surface = asked(ev.GlassOffered(step="rollback", attempt=1))
    assert "may break the glass now, with a reason; it is reviewed tomorrow." in read(surface)
    assert "Break the glass" in at(surface)


def test_all_traffic_seen_once_says_what_it_still_waits_for() -> None:
    story = Story().rolling_back().then(ev.ActionLooked(step="rollback", attempt=1, share=1.0, holds=True))
    first = next(surface for surface in view(story.incident(), WORKPLACE) if surface.key == "first")
    assert "v41 has 100 % of traffic, the next look has to see it too." in read(first)


def test_what_began_without_an_approver_is_not_called_approved() -> None:
    broken = read(asked(phase="confirmed", approved_at=Story().now, confirmed_at=Story().now, glass_by=ANA))
    assert f"begun without an approver by <@{ANA}>" in broken
    assert "approved by" not in broken


def test_what_begins_by_itself_says_when_and_has_a_stop() -> None:
    surface = asked(auto_at=Story().now + timedelta(minutes=2))
    assert "It begins by itself" in read(surface)
    assert "Stop" in at(surface)


def test_what_was_done_outside_says_what_traffic_showed() -> None:
    outside = ev.DoneOutside(step="rollback", note="by hand", running="42")
    looked = ev.OutsideLooked(
        step="rollback", attempt=1, running="42", agrees=False, because="traffic shows v42 still"
    )
    story = Story().measured().then(outside, by=ANA).then(looked, after=60)
    first = next(surface for surface in view(story.incident(), WORKPLACE) if surface.key == "first")
    assert "Held against traffic" in read(first)
    assert "traffic shows v42 still." in read(first)
