"""What can be made to go wrong in Slack by hand, and how a form asks for it."""

from __future__ import annotations

import pytest

from bot.sandbox.backstage.trouble import KINDS, methods, troubles, wish
from bot.sandbox.workspace.faults import Fault, Faults
from bot.sandbox.workspace.limits import Limits
from tests.unit.sandbox.backstage.director import NOON

KNOWN = frozenset(methods(Limits(lambda: NOON)))
FORM = {"kind": "ratelimited", "method": "chat.update", "times": "next", "count": "2", "seconds": "7"}


def test_a_fault_is_for_the_next_calls_of_one_method() -> None:
    asked = wish(FORM, known=KNOWN.__contains__)
    assert (asked.method, asked.times, asked.fault) == ("chat.update", 2, Fault(kind="ratelimited", seconds=7.0))


def test_or_for_every_method_until_it_is_taken_back() -> None:
    asked = wish(FORM | {"method": "*", "times": "always", "count": ""}, known=KNOWN.__contains__)
    assert (asked.method, asked.times) == ("*", None)


def test_a_fault_that_takes_no_seconds_does_not_ask_for_them() -> None:
    asked = wish(FORM | {"kind": "lose_answer", "seconds": ""}, known=KNOWN.__contains__)
    assert asked.fault == Fault(kind="lose_answer")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "earthquake"},
        {"kind": "error"},
        {"method": "chat.explode"},
        {"count": "0"},
        {"count": "-1"},
        {"count": "1001"},
        {"count": "٣"},
        {"count": "two"},
        {"count": ""},
        {"seconds": "-5"},
        {"seconds": "nan"},
        {"seconds": "99999999999999999999"},
        {"seconds": ""},
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        wish(FORM | wrong, known=KNOWN.__contains__)


def test_an_empty_form_is_refused() -> None:
    with pytest.raises(ValueError, match="no fault"):
        wish({}, known=KNOWN.__contains__)


def test_every_fault_of_the_menu_can_be_planned_and_told() -> None:
    faults = Faults()
    for kind in KINDS:
        asked = wish(FORM | {"kind": kind.name}, known=KNOWN.__contains__)
        faults.add(asked.method, asked.fault, times=asked.times)
    rows = troubles(faults).rows
    assert [row.label for row in rows] == [
        "429, Retry-After 7 s",
        "HTTP 500",
        "7 s late",
        "answer lost after the work",
        "connection dropped before the work",
    ]
    assert {row.times for row in rows} == {"the next 2 calls"}


def test_planned_faults_are_used_up_in_order_and_can_be_removed() -> None:
    faults = Faults()
    faults.slow("*", 1.0, times=None)
    faults.status("chat.update", times=2)
    first, second = faults.planned()
    assert faults.remove(first.number)
    assert not faults.remove(first.number)
    assert faults.take("chat.update") == second.fault
    assert [(row.method, row.times) for row in troubles(faults).rows] == [("chat.update", "the next call")]
    assert faults.take("chat.update") is not None
    assert troubles(faults).rows == ()


def test_a_fault_for_every_method_that_lasts_says_so() -> None:
    faults = Faults()
    faults.drop_before("*", times=None)
    assert [(row.method, row.times) for row in troubles(faults).rows] == [("every method", "until you remove it")]


def test_the_methods_are_those_that_slack_answers_here() -> None:
    assert {"chat.postMessage", "views.open", "conversations.create"} <= KNOWN
