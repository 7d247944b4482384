"""The ``markdown`` block: what a language model writes, shown as Slack shows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.page.markdown import markdown
from tests.unit.sandbox.page.drawing import NAMES, harm_in


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Head", "<h1>Head</h1>"),
        ("**b** *i* ~~s~~ `c`", "<strong>b</strong> <em>i</em> <s>s</s> <code>c</code>"),
        ("a\nb", "a<br />\nb"),
        ("[x](https://example.com)", '<a href="https://example.com" target="_blank" rel="noopener noreferrer">x</a>'),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("![chart](https://example.com/c.png)", ">chart</a>"),
        ("![](https://example.com/c.png)", ">picture</a>"),
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        (":tada: <@U2> <#C1>", "@ben</span>"),
        ("`:tada:`", "<code>:tada:</code>"),
        ("- [ ] open\n- [x] done", '<li class="task">☑ done</li>'),
        ("> quoted", "<blockquote>"),
        ("---", "<hr />"),
        ("```\n<b>\n```", "<pre><code>&lt;b&gt;"),
    ],
)
def test_standard_markdown_is_drawn(text: str, html: str) -> None:
    """With mentions and emoji, without HTML and without pictures from elsewhere."""
    assert html in markdown(text, NAMES)


def test_cells_are_aligned_by_a_class() -> None:
    """The page's content policy forbids the style attribute that the parser writes."""
    html = markdown("|a|b|\n|:-:|-:|\n|1|2|", NAMES)
    assert '<th class="center">a</th>' in html
    assert '<td class="right">2</td>' in html
    assert "style=" not in html


@given(st.text(alphabet=st.sampled_from("<>&|*_~`:!@#^\"'=/ \n[]()-abCU1") | st.characters(), max_size=100))
def test_any_text_is_harmless(text: str) -> None:
    """Whatever a model was talked into writing."""
    assert list(harm_in(markdown(text, NAMES))) == []
