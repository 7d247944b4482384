"""Slack's markup becomes HTML, and nothing else does."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.page.mrkdwn import inline, mrkdwn, text_object
from bot.sandbox.page.names import Names

NAMES = Names(me="U1", users={"U1": "ana", "U2": "ben"}, channels={"C1": "general"}, groups={"S1": "ml-oncall"})
ALLOWED = {"div", "br", "b", "i", "s", "code", "pre", "blockquote", "ul", "li", "a", "span", "time"}
ATTRIBUTES = {"class", "href", "target", "rel", "role", "aria-label", "title", "datetime", "data-format"}
ATTRIBUTES |= {"data-user", "data-group"}


class Tags(HTMLParser):
    """Every tag and attribute of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _italic_ ~gone~", "<b>bold</b> <i>italic</i> <s>gone</s>"),
        ("*_both_*", "<b><i>both</i></b>"),
        ("a*b*c 2*3*4", "a*b*c 2*3*4"),
        ("* not bold *", "* not bold *"),
        ("snake_case_name", "snake_case_name"),
        ("*open", "*open"),
        ("(*bold*), *more*.", "(<b>bold</b>), <b>more</b>."),
        ("`*code*`", "<code>*code*</code>"),
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
        ("&amp;lt;", "&amp;lt;"),
    ],
)
def test_delimiters_count_at_the_edges_of_words(text: str, html: str) -> None:
    """As in Slack: inside a word, or around blanks, they are characters."""
    assert inline(text, NAMES) == html


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("<@U2>", ">@ben</span>"),
        ("<@U1>", "mention-me"),
        ("<@U9|zoe>", ">@zoe</span>"),
        ("<#C1>", 'href="/c/C1?as=U1">#general</a>'),
        ("<#C9|secret>", ">#secret</span>"),
        ("<!subteam^S1>", ">@ml-oncall</span>"),
        ("<!here>", ">@here</span>"),
        ("<https://example.com/?a=1&amp;b=2|the page>", 'href="https://example.com/?a=1&amp;b=2"'),
        ("<https://example.com|the *page*>", ">the *page*</a>"),
        ("<mailto:a@example.com>", ">a@example.com</a>"),
        (":pushpin:", ">📌</span>"),
        (":no_such_thing:", ":no_such_thing:"),
    ],
)
def test_tokens_become_mentions_links_and_emoji(text: str, part: str) -> None:
    """Names come from the workspace; what nobody knows keeps its label."""
    assert part in inline(text, NAMES)


def test_quotes_lists_and_fences_are_blocks() -> None:
    """Neighbouring lines of one kind stand together."""
    html = mrkdwn("before\n> a\n&gt; b\n• one\n- two\n```x < *y*\nz```\nafter", NAMES)
    assert html == (
        '<div class="line">before</div><blockquote>a<br>b</blockquote><ul><li>one</li><li>two</li></ul>'
        '<pre>x &lt; *y*\nz</pre><div class="line">after</div>'
    )


def test_three_quote_signs_quote_the_rest() -> None:
    """Also lines that would be lists otherwise."""
    assert mrkdwn("&gt;&gt;&gt; a\n- b", NAMES) == "<blockquote>a<br>- b</blockquote>"


def test_plain_text_is_not_marked_up_but_has_emoji() -> None:
    """A header's text says what it says."""
    drawn = text_object({"type": "plain_text", "text": "*a* <@U2> :tada:"}, NAMES)
    assert drawn.startswith("*a* &lt;@U2&gt; ")
    assert "🎉" in drawn


HOSTILE = [
    "<script>alert(1)</script>",
    "<javascript:alert(1)|click>",
    "<JaVaScRiPt:alert(1)>",
    "<java\tscript:alert(1)|x>",
    "<data:text/html;base64,PHNjcmlwdD4=|x>",
    "<vbscript:x|y>",
    '<https://example.com/" onmouseover="alert(1)|x>',
    '<https://example.com|"><img src=x onerror=alert(1)>',
    "<//evil.example|x>",
    '<@U1"><script>|x>',
    '<!date^1^{time}" onclick="alert(1)|<b>x</b>>',
    "<!date^99999999999999^{date}|fallback>",
    "```</pre><script>alert(1)</script>```",
    "`</code><img src=x onerror=alert(1)>`",
    ':"><script>:',
    "&lt;img src=x onerror=alert(1)&gt;",
    "<https://exa mple.com/%00|x>",
    "<https://[::1|x>",
]


def assert_harmless(html: str) -> None:
    """Only our own tags, only our own attributes, only addresses that run nothing."""
    for tag, attributes in Tags(html).found:
        assert tag in ALLOWED
        assert set(attributes) <= ATTRIBUTES
        href = attributes.get("href")
        assert href is None or href.startswith(("http://", "https://", "mailto:", "/c/"))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(text: str) -> None:
    """Whatever a message holds, it is text."""
    assert_harmless(mrkdwn(text, NAMES))


@given(st.text(alphabet=st.sampled_from("<>&|*_~`:!@#^\"'=/ \nabCU1") | st.characters(), max_size=120))
def test_any_text_is_harmless(text: str) -> None:
    """The same for anything at all."""
    assert_harmless(mrkdwn(text, NAMES))


@pytest.mark.parametrize("unit", ["*", "*a ", "`", "<", "_*~", "```", "> ", ":a", "<!date^"])
def test_long_runs_of_delimiters_are_drawn_in_one_pass(unit: str) -> None:
    """A text of Slack's greatest length made of openers; anything worse than linear would be felt here."""
    assert_harmless(mrkdwn(unit * (40_000 // len(unit)), NAMES))
