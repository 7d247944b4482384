"""What is planned for which standing. No clock, no Slack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.slack.plan import GONE, Home, Plan, Standing, home, plan
from bot.slack.view.surface import Surface

NOW = datetime(2026, 11, 21, 3, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)

CHANNEL = Surface(key="channel", kind="channel", content={"name": "inc-1"}, live=False)
FIRST = Surface(key="first", kind="message", content={"text": "card"}, needs=("channel",))
SECOND_MESSAGE = Surface(key="second", kind="message", content={"text": "more"}, needs=("channel",))
TOPIC = Surface(key="topic", kind="topic", content={"topic": "SEV2"}, needs=("channel",))
PIN = Surface(key="pin", kind="pin", content={"message": "first"}, needs=("first",), live=False)
MEMBERS = Surface(key="members", kind="members", content={"users": ("U1",)}, needs=("channel",))
BOOKMARK = Surface(key="bookmark", kind="bookmark", content={"title": "t", "link": "l"}, needs=("channel",))
ELSEWHERE = Surface(key="announcement", kind="message", content={"text": "hear"}, place="#ml-incidents")


def standing(surface: Surface, state: Any = "placed", **known: Any) -> Standing:
    usual = {"channel": "C1", "digest": surface.digest} if state in ("placed", "refused") else {}
    ts = {"ts": f"{surface.key}.1"} if state == "placed" and surface.kind == "message" else {}
    return Standing(key=surface.key, kind=surface.kind, state=state, **usual | ts | known)


def board(*standings: Standing) -> dict[str, Standing]:
    return {one.key: one for one in standings}


def planned(desired: tuple[Surface, ...], *standings: Standing, **options: Any) -> Plan:
    return plan(desired, board(*standings), now=NOW, **options)


def calls(made: Plan) -> list[tuple[str, str]]:
    return [(call.act, call.surface.key) for call in made.calls]


def redrawn(surface: Surface) -> Surface:
    return replace_content(surface, text="another drawing")


def replace_content(surface: Surface, **content: Any) -> Surface:
    return replace(surface, content=surface.content | content)


def test_calls_that_create_have_their_intents_stored_before_any_call() -> None:
    made = planned((CHANNEL, FIRST, MEMBERS, TOPIC, PIN, BOOKMARK))
    assert [surface.key for surface in made.intents] == ["channel", "first", "bookmark"]
    assert made.calls == ()


def test_invitations_topic_and_pin_need_no_intent() -> None:
    made = planned((CHANNEL, FIRST, MEMBERS, TOPIC, PIN), standing(CHANNEL), standing(FIRST))
    assert made.intents == ()
    assert calls(made) == [("place", "members"), ("place", "topic"), ("place", "pin")]


def test_a_surface_waits_for_what_it_needs() -> None:
    intents = [standing(s, "intended") for s in (CHANNEL, FIRST, BOOKMARK)]
    made = planned((CHANNEL, FIRST, MEMBERS, TOPIC, PIN, BOOKMARK), *intents)
    assert calls(made) == [("place", "channel")]


def test_posts_in_one_channel_come_one_after_another_in_the_order_of_the_view() -> None:
    desired = (CHANNEL, FIRST, SECOND_MESSAGE)
    waiting = planned(desired, standing(CHANNEL), standing(FIRST, "intended"), standing(SECOND_MESSAGE, "intended"))
    assert calls(waiting) == [("place", "first")]
    then = planned(desired, standing(CHANNEL), standing(FIRST), standing(SECOND_MESSAGE, "intended"))
    assert calls(then) == [("place", "second")]


def test_a_post_in_doubt_holds_up_those_after_it_and_is_looked_for() -> None:
    desired = (CHANNEL, FIRST, SECOND_MESSAGE)
    made = planned(desired, standing(CHANNEL), standing(FIRST, "asked"), standing(SECOND_MESSAGE, "intended"))
    assert calls(made) == [("look", "first")]


def test_a_refused_post_does_not_hold_up_those_after_it() -> None:
    desired = (CHANNEL, FIRST, SECOND_MESSAGE)
    made = planned(desired, standing(CHANNEL), standing(FIRST, "refused"), standing(SECOND_MESSAGE, "intended"))
    assert calls(made) == [("place", "second")]


def test_posts_in_different_channels_go_side_by_side() -> None:
    made = planned(
        (CHANNEL, FIRST, ELSEWHERE), standing(CHANNEL), standing(FIRST, "intended"), standing(ELSEWHERE, "intended")
    )
    assert calls(made) == [("place", "first"), ("place", "announcement")]


def test_what_was_placed_as_it_is_drawn_needs_nothing_even_if_people_removed_it_from_slack() -> None:
    everything = (CHANNEL, FIRST, MEMBERS, TOPIC, BOOKMARK)
    assert planned(everything, *(standing(surface) for surface in everything)) == Plan()


def test_what_is_no_longer_wanted_is_never_sent() -> None:
    assert planned((CHANNEL,), standing(CHANNEL), standing(FIRST, "intended")) == Plan()


def test_a_drawing_that_differs_is_changed_in_place() -> None:
    assert calls(planned((CHANNEL, redrawn(FIRST)), standing(CHANNEL), standing(FIRST))) == [("change", "first")]


def test_a_surface_that_is_not_live_stays_as_it_was_placed() -> None:
    still = replace(redrawn(FIRST), live=False)
    assert planned((CHANNEL, still), standing(CHANNEL), standing(FIRST)) == Plan()


def test_a_channel_and_a_bookmark_are_placed_once() -> None:
    other = (replace_content(CHANNEL, name="other"), replace_content(BOOKMARK, title="other"))
    assert planned(other, standing(CHANNEL), standing(BOOKMARK)) == Plan()


@pytest.mark.parametrize("surface", [FIRST, TOPIC])
def test_cards_are_redrawn_at_most_every_five_seconds_and_the_last_drawing_is_not_lost(surface: Surface) -> None:
    recently = standing(surface, paced_to=NOW + 18 * SECOND)
    made = planned((CHANNEL, redrawn(surface)), standing(CHANNEL), recently, redraw_floor=5 * SECOND)
    assert made == Plan(wake_at=NOW + 3 * SECOND)


def test_the_first_change_is_drawn_at_once() -> None:
    made = planned((CHANNEL, redrawn(FIRST)), standing(CHANNEL), standing(FIRST), redraw_floor=5 * SECOND)
    assert calls(made) == [("change", "first")]


def test_a_refused_surface_is_left_alone_until_its_drawing_changes() -> None:
    assert planned((CHANNEL, FIRST), standing(CHANNEL), standing(FIRST, "refused")) == Plan()
    made = planned((CHANNEL, redrawn(FIRST)), standing(CHANNEL), standing(FIRST, "refused"))
    assert [surface.key for surface in made.intents] == ["first"]


def test_a_refused_change_is_tried_in_place_when_the_drawing_changes_again() -> None:
    refused = standing(FIRST, "refused", ts="1.1")
    assert calls(planned((CHANNEL, redrawn(FIRST)), standing(CHANNEL), refused)) == [("change", "first")]


def test_what_needs_a_refused_surface_is_not_even_intended() -> None:
    made = planned((CHANNEL, FIRST, TOPIC, BOOKMARK), standing(CHANNEL, "refused"))
    assert made == Plan()


def test_a_message_that_people_removed_twice_is_not_posted_a_third_time() -> None:
    gone = standing(FIRST, "refused", ts="1.1", error=GONE)
    assert planned((CHANNEL, redrawn(FIRST)), standing(CHANNEL), gone) == Plan()


def test_a_message_that_was_posted_anew_is_pinned_anew() -> None:
    pinned = standing(PIN, ts="old.1")
    assert calls(planned((CHANNEL, FIRST, PIN), standing(CHANNEL), standing(FIRST), pinned)) == [("place", "pin")]


def test_what_is_held_back_says_when_to_come_again() -> None:
    limited = standing(FIRST, "intended", not_before=NOW + 7 * SECOND)
    assert planned((CHANNEL, FIRST), standing(CHANNEL), limited) == Plan(wake_at=NOW + 7 * SECOND)


def test_an_incident_lives_in_its_channel_or_else_in_the_thread_of_its_announcement() -> None:
    in_thread = replace(FIRST, needs=("announcement",))
    assert home((CHANNEL, FIRST), board(standing(CHANNEL))) == Home("C1")
    assert home((ELSEWHERE, in_thread), board(standing(ELSEWHERE))) == Home("C1", "announcement.1")
    assert home((CHANNEL, ELSEWHERE), board(standing(ELSEWHERE))) is None
