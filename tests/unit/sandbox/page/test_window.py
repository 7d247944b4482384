"""A channel's many messages are drawn in parts, and no part leaves one out or shows one twice."""

from __future__ import annotations

import pytest

from bot.sandbox.page.window import after, around, before, latest
from bot.sandbox.workspace.values import Message

ALL = [Message(ts=f"17000000{number:02}.000100", channel="C1", user="U1") for number in range(100)]


def test_a_page_begins_with_the_last_ones() -> None:
    """And knows how many there are before."""
    window = latest(ALL, most=60)
    assert (window.messages[0], window.messages[-1]) == (ALL[40], ALL[99])
    assert (window.earlier, window.later) == (40, 0)


def test_a_short_channel_is_drawn_whole() -> None:
    """An empty one too."""
    assert latest(ALL[:5]).messages == ALL[:5]
    assert (latest([]).messages, latest([]).earlier) == ([], 0)


def test_earlier_ones_end_before_those_that_are_there() -> None:
    """Until the beginning."""
    window = before(ALL, ALL[40].ts, most=30)
    assert (window.messages[0], window.messages[-1], window.earlier) == (ALL[10], ALL[39], 10)
    assert before(ALL, ALL[10].ts, most=30).earlier == 0


def test_newer_ones_begin_after_the_last_that_is_there() -> None:
    """Also if that one is gone."""
    assert after(ALL, ALL[97].ts).messages == ALL[98:]
    assert after([*ALL[:97], *ALL[98:]], ALL[97].ts).messages == ALL[98:]
    some = after(ALL, ALL[9].ts, most=20)
    assert (some.messages[0], some.messages[-1], some.later) == (ALL[10], ALL[29], 70)


@pytest.mark.parametrize(("at", "first", "last"), [(50, 20, 79), (0, 0, 29), (99, 40, 99)])
def test_around_a_message_there_are_some_before_and_some_after(at: int, first: int, last: int) -> None:
    """As far as there are any."""
    window = around(ALL, ALL[at].ts, most=60)
    assert (window.messages[0], window.messages[-1]) == (ALL[first], ALL[last])
