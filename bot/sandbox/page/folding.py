"""Long texts are shown in part, with a button that shows the rest; works without script."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

_LONGEST: Final = 1800
_MOST_LINES: Final = 24

_FOLDED: Final = Markup(
    '<div class="fold"><div class="folded">{}</div>'
    '<details class="unfold"><summary><span class="more">Show more</span><span class="less">Show less</span>'
    "</summary></details></div>"
)


def folded(html: Markup, text: str, *, longest: int = _LONGEST, most_lines: int = _MOST_LINES) -> Markup:
    """``html``, folded if the ``text`` it shows is longer than so many characters or lines."""
    if len(text) <= longest and text.count("\n") < most_lines:
        return html
    return _FOLDED.format(html)
