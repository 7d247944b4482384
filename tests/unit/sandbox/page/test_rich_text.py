"""The ``rich_text`` block: sections, lists, quotes, preformatted text, and every run in them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.page.rich_text import rich_text
from tests.unit.sandbox.page.drawing import NAMES


def section(*runs: dict[str, Any]) -> dict[str, Any]:
    """A section of these runs."""
    return {"type": "rich_text_section", "elements": list(runs)}


def words(text: str, *styles: str) -> dict[str, Any]:
    """A run of text in these styles."""
    return {"type": "text", "text": text, "style": dict.fromkeys(styles, True)}


def listed(style: str, *items: str, **more: Any) -> dict[str, Any]:
    """A list of these items."""
    elements = [section(words(item)) for item in items]
    return {"type": "rich_text_list", "style": style, "elements": elements} | more


def drawn(*elements: dict[str, Any]) -> str:
    """The block of these elements."""
    return rich_text({"type": "rich_text", "elements": list(elements)}, NAMES)


@pytest.mark.parametrize(
    ("run", "html"),
    [
        (words("a < b"), "a &lt; b"),
        (words("two\nlines"), "two<br>lines"),
        (words("x", "bold", "italic"), "<i><b>x</b></i>"),
        (words("x", "strike"), "<s>x</s>"),
        (words("x", "underline"), "<u>x</u>"),
        (words("x", "code", "bold"), "<code><b>x</b></code>"),
        (words("x", "client_highlight"), "<mark>x</mark>"),
        ({"type": "link", "url": "https://example.com", "text": "the page"}, ">the page</a>"),
        ({"type": "link", "url": "https://example.com"}, ">https://example.com</a>"),
        ({"type": "link", "url": "javascript:alert(1)", "text": "x"}, ">x</div>"),
        ({"type": "user", "user_id": "U2", "style": {"bold": True}}, ">@ben</span></b>"),
        ({"type": "usergroup", "usergroup_id": "S1"}, ">@ml-oncall</span>"),
        ({"type": "channel", "channel_id": "C1"}, ">#general</a>"),
        ({"type": "broadcast", "range": "channel"}, ">@channel</span>"),
        ({"type": "team", "team_id": "T1"}, ">@T1</span>"),
        ({"type": "emoji", "name": "tada"}, ">🎉</span>"),
        ({"type": "emoji", "name": "wave", "skin_tone": 5}, ">👋🏾</span>"),
        ({"type": "emoji", "name": "nobody_knows"}, ":nobody_knows:"),
        ({"type": "date", "timestamp": 1790000000, "format": "{time}", "fallback": "x"}, ">14:13 UTC</time>"),
        (
            {"type": "date", "timestamp": 1790000000, "format": "{time}", "url": "https://e.example"},
            'href="https://e',
        ),
        ({"type": "date", "timestamp": "soon", "fallback": "<then>"}, "&lt;then&gt;"),
        ({"type": "color", "value": "#0F6B62"}, 'fill="#0F6B62"'),
        ({"type": "color", "value": 'red"/><script>'}, "red&#34;/&gt;&lt;script&gt;"),
        ({"type": "something", "text": "new"}, ">new</div>"),
    ],
)
def test_each_run_is_drawn(run: dict[str, Any], html: str) -> None:
    """By its type and its styles; what is not known keeps its text."""
    assert html in drawn(section(run))


def test_lists_stand_at_their_indent_with_the_signs_of_their_depth() -> None:
    """Slack says what a list is nested in by its indent alone."""
    html = drawn(listed("bullet", "a"), listed("bullet", "b", indent=1), listed("ordered", "c", indent=2))
    assert '<ul class="bullets-0 indent-0">' in html
    assert '<ul class="bullets-1 indent-1">' in html
    assert '<ol class="numbers-2 indent-2" start="1">' in html


def test_an_ordered_list_goes_on_where_its_offset_says() -> None:
    """After something stood in between."""
    assert 'start="3"' in drawn(listed("ordered", "c", offset=2))


def test_a_bordered_list_has_a_line_at_its_side() -> None:
    """As a quote has."""
    assert '<ul class="bullets-0 indent-0 bordered">' in drawn(listed("bullet", "a", border=1))


@pytest.mark.parametrize("odd", [-1, 99, "2", None, True, 2.5, [1]])
def test_an_odd_indent_or_offset_breaks_nothing(odd: object) -> None:
    """It is bounded, or none."""
    html = drawn(listed("ordered", "a", indent=odd, offset=odd))
    assert "<li" in html


def test_quotes_and_preformatted_text() -> None:
    """In preformatted text line breaks stay, and nothing in it is markup."""
    quote = {"type": "rich_text_quote", "elements": [words("said")]}
    code = {"type": "rich_text_preformatted", "elements": [words("a <b>\n  c")]}
    assert drawn(quote, code) == '<blockquote dir="auto">said</blockquote><pre>a &lt;b&gt;<br>  c</pre>'


def test_an_unknown_element_says_so() -> None:
    """Nothing disappears unseen."""
    assert "[rich_text_poem: not drawn in the sandbox]" in drawn({"type": "rich_text_poem"})
