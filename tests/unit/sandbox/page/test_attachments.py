"""Slack's older attachments: their parts, their colour, and blocks inside them."""

from __future__ import annotations

from typing import Any

from bot.sandbox.page.blocks import draw_message
from bot.sandbox.workspace.values import Message
from tests.unit.sandbox.page.drawing import MESSAGE, mrkdwn_text


def drawn(**attachment: Any) -> str:
    """A message with one attachment."""
    return draw_message(Message(ts="1.1", channel="C1", user="U1", attachments=(attachment,)), MESSAGE)


def test_every_part_is_in_its_place() -> None:
    """Before the bar, beside it, and at its foot."""
    html = drawn(
        pretext="*before*",
        author_name="Alertmanager",
        author_link="https://example.com/a",
        title="Recall",
        title_link="https://example.com/t",
        text="below `0.8`",
        fields=[{"title": "Service", "value": "*fraud*", "short": True}, {"title": "Long", "value": "x"}],
        footer="am-1",
        ts=1790000000,
        color="danger",
    )
    assert html.index("<b>before</b>") < html.index('fill="#c0392b"') < html.index("Alertmanager</a>")
    assert 'href="https://example.com/t"' in html
    assert "<code>0.8</code>" in html
    assert '<div class="short"><dt>Service</dt><dd><div class="line" dir="auto"><b>fraud</b></div></dd></div>' in html
    assert '<div class=""><dt>Long</dt>' in html
    assert "am-1 · <time" in html


def test_mrkdwn_in_says_which_parts_are_marked_up() -> None:
    """The others are plain."""
    html = drawn(pretext="*a*", text="*b*", mrkdwn_in=["pretext"])
    assert "<b>a</b>" in html
    assert "*b*" in html


def test_blocks_inside_an_attachment_are_drawn_beside_its_bar() -> None:
    """Instead of the older parts."""
    html = drawn(color="#36a64f", blocks=[{"type": "section", "text": mrkdwn_text("*inside*")}], text="outside")
    assert 'fill="#36a64f"' in html
    assert "<b>inside</b>" in html
    assert "outside" not in html


def test_an_attachment_without_anything_shows_its_fallback() -> None:
    """As text."""
    assert "&lt;i&gt;" in drawn(fallback="<i>")


def test_a_picture_of_this_machine_is_shown_and_another_is_named() -> None:
    """Nothing is loaded from elsewhere."""
    assert '<img src="http://127.0.0.1:1/c.png"' in drawn(image_url="http://127.0.0.1:1/c.png", fallback="chart")
    assert '<span class="no-image">chart</span>' in drawn(image_url="https://x.example/c.png", fallback="chart")


def test_a_long_text_is_folded() -> None:
    """After seven hundred characters or a handful of lines, as in Slack."""
    assert "Show more" in drawn(text="x " * 400)
    assert "Show more" in drawn(text="x\n" * 9)
    assert "Show more" not in drawn(text="x")
