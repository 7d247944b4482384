"""What was posted where everybody reads is redrawn without its content, whatever it was, and however far it came."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.slack.emptying import with_emptied
from bot.slack.plan import Standing, plan
from bot.slack.view.surface import Surface

NOW = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
CHANNEL = Surface(key="channel@2", kind="channel", content={"name": "inc-1", "is_private": True}, live=False)
CARD = Surface(key="first@2", kind="message", content={"text": "secret", "blocks": []}, needs=("channel@2",))
TOLD = Surface(key="announcement", kind="message", content={"text": "INC-1 · private", "blocks": []}, place="#ml")
EMPTY = Surface(
    key="emptied@2", kind="emptied", content={"text": "gone", "blocks": [], "topic": "INC-1"}, place="C1"
)  # fmt: skip
DESIRED = (CHANNEL, CARD, TOLD, EMPTY)


def _placed(key: str, kind: str = "message", **more: str) -> Standing:
    return Standing(key=key, kind=kind, state="placed", channel=more.pop("channel", "C1"), ts="1.1", **more)  # type: ignore[arg-type]


def _emptied(*standings: Standing) -> dict[str, Surface]:
    drawn = with_emptied(DESIRED, {standing.key: standing for standing in standings})
    return {surface.key: surface for surface in drawn if surface not in DESIRED}


def test_without_a_template_nothing_changes() -> None:
    assert with_emptied((CHANNEL, CARD), {"gaps": _placed("gaps")}) == (CHANNEL, CARD)


def test_everything_that_was_posted_there_is_emptied_be_it_wanted_lately_or_not() -> None:
    found = _emptied(_placed("first"), _placed("gaps"), _placed("chart/recall"), _placed("topic", kind="topic"))
    assert set(found) == {"first", "gaps", "chart/recall", "topic"}
    assert found["first"].content == {"text": "gone", "blocks": []}
    assert found["topic"].content == {"topic": "INC-1"}
    assert {surface.place for surface in found.values()} == {"C1"}


def test_what_is_wanted_or_lives_in_the_new_place_is_left_alone() -> None:
    there = (_placed("announcement", channel="CML"), _placed("first@2", channel="C2"), _placed("tie@2", channel="C2"))
    assert _emptied(*there) == {}


def test_what_was_never_posted_is_not_posted_now() -> None:
    assert _emptied(Standing(key="gaps", kind="message"), Standing(key="pin", kind="pin", state="placed")) == {}


def test_a_post_whose_answer_was_lost_is_looked_for() -> None:
    lost = Standing(key="gaps", kind="message", state="asked", intent_at=NOW)
    (found,) = _emptied(lost).values()
    assert found.place == "C1"
    calls = plan(with_emptied(DESIRED, {"gaps": lost, "channel@2": _placed("channel@2", kind="channel")}),
                 {"gaps": lost, "channel@2": _placed("channel@2", kind="channel")}, now=NOW)  # fmt: skip
    assert ("look", "gaps") in {(call.act, call.surface.key) for call in calls.calls} or calls.intents


def test_once_emptied_it_stays_so() -> None:
    first = _placed("first")
    emptied = with_emptied(DESIRED, {"first": first})[-1]
    done = Standing(key="first", kind="message", state="placed", channel="C1", ts="1.1", digest=emptied.digest)
    standings = {"first": done, **{s.key: _placed(s.key, kind=s.kind, digest=s.digest) for s in DESIRED[:3]}}
    assert plan(with_emptied(DESIRED, standings), standings, now=NOW).calls == ()
