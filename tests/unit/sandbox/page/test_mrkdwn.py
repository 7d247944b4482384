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
ATTRIBUTES |= {"data-user", "data-group", "dir"}


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
        (":wave::skin-tone-5:", ">👋🏾</span>"),
        (":tada::skin-tone-2:", ">🎉</span>"),
        ("<https://example.com|:tada: the page>", "🎉</span> the page</a>"),
        ("<!date^1790000000^{time}^https://example.com/x|then>", '<a href="https://example.com/x"'),
        ("<!unknown|what it says>", "what it says"),
    ],
)
def test_tokens_become_mentions_links_and_emoji(text: str, part: str) -> None:
    """Names come from the workspace; what nobody knows keeps its label."""
    assert part in inline(text, NAMES)


def test_quotes_lists_and_fences_are_blocks() -> None:
    """Neighbouring lines of one kind stand together; a bullet stays as it was written, as in Slack."""
    html = mrkdwn("before\n> a\n&gt; b\n• one\n- two\n```x < *y*\nz```\nafter", NAMES)
    assert html.replace(' dir="auto"', "") == (
        '<div class="line">before</div><blockquote>a<br>b</blockquote>'
        '<ul class="as-written"><li class="indent-0">• one</li><li class="indent-0">- two</li></ul>'
        '<pre>x &lt; *y*\nz</pre><div class="line">after</div>'
    )


def test_numbered_and_indented_lines_stand_like_lists() -> None:
    """Two blanks are one step to the right; a number alone, or a minus before one, begins no list."""
    html = mrkdwn("1. one\n  ◦ two\n-9.8 points\n2.5 s", NAMES)
    assert '<li class="indent-0" dir="auto">1. one</li><li class="indent-1" dir="auto">◦ two</li>' in html
    assert '<div class="line" dir="auto">-9.8 points<br>2.5 s</div>' in html


def test_three_quote_signs_quote_the_rest() -> None:
    """Also lines that would be lists otherwise."""
    assert mrkdwn("&gt;&gt;&gt; a\n- b", NAMES) == '<blockquote dir="auto">a<br>- b</blockquote>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("see https://example.com/a?b=1&amp;c=2.", ">https://example.com/a?b=1&amp;c=2</a>."),
        ("*https://example.com*", "<b><a href="),
        ("(https://example.com/x)", ">https://example.com/x</a>)"),
        ("`https://example.com`", "<code>https://example.com</code>"),
    ],
)
def test_bare_addresses_become_links(text: str, html: str) -> None:
    """Without what ends the sentence around them."""
    assert html in inline(text, NAMES)


def test_a_verbatim_text_keeps_bare_addresses_as_text() -> None:
    """But what is marked as a link is one."""
    text = {"type": "mrkdwn", "text": "https://a.example <https://b.example|b>", "verbatim": True}
    drawn = text_object(text, NAMES)
    assert drawn.count("<a ") == 1
    assert 'href="https://b.example"' in drawn


def test_every_paragraph_takes_its_own_direction() -> None:
    """Arabic and Hebrew stand right to left between lines that do not."""
    html = mrkdwn("שלום עולם\n> مرحبا\n• hello", NAMES)
    assert html.count('dir="auto"') == 3


def test_what_was_drawn_for_one_reader_is_not_shown_to_another() -> None:
    """Texts are remembered together with the names in them and with who looks."""
    text = "<@U2> in <#C1> with <!subteam^S1> at <https://example.com|x>"
    ben = Names(me="U2", users={"U2": "benjamin"}, channels={}, base="/sandbox")
    assert "@ben</span>" in mrkdwn(text, NAMES)
    assert "mention-me" in mrkdwn(text, ben)
    assert "@benjamin</span>" in mrkdwn(text, ben)
    assert 'href="/c/C1?as=U1"' in mrkdwn(text, NAMES)


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
