"""Whatever a payload holds, the page shows it as text and does not break."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.page.blocks import draw_blocks, draw_message
from bot.sandbox.workspace.blocks_check import checked_blocks
from bot.sandbox.workspace.stamps import Stamps
from bot.sandbox.workspace.values import Message, SlackSays
from tests.gallery import GALLERY
from tests.unit.sandbox.page.drawing import MESSAGE, harm_in

HOSTILE = (
    '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "' onmouseover='alert(1)' x='",
    "</textarea></select></template><svg onload=alert(1)>",
    '<https://evil.example/" onclick="alert(1)|<b>x</b>>',
    "data:text/html,<script>alert(1)</script>",
)
MESSAGES = [(kind, at, message) for kind, found in GALLERY.items() for at, message in enumerate(found)]


def stamps() -> Stamps:
    """Ids and times that are the same in every run."""
    return Stamps(clock=lambda: datetime(2026, 9, 22, 3, 5, tzinfo=UTC), ids=itertools.count(1))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to everything in a payload that is no list or object, but for the words that say its kind."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "type":
                yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from leaves(item, (*path, at))
    else:
        yield path


def changed(payload: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of the payload with another value at the path."""
    new = copy.deepcopy(payload)
    place = new
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return new


def draw(message: dict[str, Any]) -> str:
    """The message as the page draws it."""
    blocks, attachments = (tuple(message.get(key, ())) for key in ("blocks", "attachments"))
    text = message.get("text", "")
    return draw_message(
        Message(ts=MESSAGE.ts, channel="C1", user="U1", text=text, blocks=blocks, attachments=attachments), MESSAGE
    )


@pytest.mark.parametrize(("kind", "at", "message"), MESSAGES, ids=[f"{kind}-{at}" for kind, at, _ in MESSAGES])
def test_hostile_text_in_any_field_of_any_block_stays_text(kind: str, at: int, message: dict[str, Any]) -> None:
    """Labels, values, ids, addresses, colours, placeholders: each in turn, with each hostile text in turn."""
    for number, path in enumerate(leaves(message)):
        html = draw(changed(message, path, HOSTILE[number % len(HOSTILE)]))
        assert list(harm_in(html)) == [], path


@pytest.mark.parametrize("message", [message for _, _, message in MESSAGES])
def test_the_workspace_accepts_the_gallery(message: dict[str, Any]) -> None:
    """So it shows nothing that Slack would refuse."""
    assert len(checked_blocks(message.get("blocks"), stamps())) == len(message.get("blocks", ()))


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(HOSTILE),
) | st.sampled_from([[], {}, [[]], [{}], {"type": "mrkdwn"}, {"type": "plain_text", "text": None}])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_odd_payloads_that_the_workspace_accepts_are_drawn(data: st.DataObject) -> None:
    """Whatever Slack would let through, with whatever in its unchecked corners, does not break the page."""
    _, _, message = data.draw(st.sampled_from([found for found in MESSAGES if found[2].get("blocks")]))
    for _ in range(data.draw(st.integers(1, 4))):
        paths = list(leaves(message))
        message = changed(message, data.draw(st.sampled_from(paths)), data.draw(ODD)) if paths else message
    try:
        blocks = checked_blocks(message["blocks"], stamps())
    except (SlackSays, TypeError, ValueError, KeyError, AttributeError):
        return
    assert list(harm_in(draw_blocks(blocks, MESSAGE))) == []


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_odd_attachments_are_drawn(data: st.DataObject) -> None:
    """Slack checks next to nothing of them."""
    message: dict[str, Any] = data.draw(st.sampled_from(GALLERY["attachments"]))
    for _ in range(data.draw(st.integers(1, 4))):
        paths = [path for path in leaves(message) if path[0] == "attachments"]
        message = changed(message, data.draw(st.sampled_from(paths)), data.draw(ODD)) if paths else message
    assert list(harm_in(draw(message))) == []
