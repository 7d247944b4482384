"""What the page's tests draw with: names, places, and a look at every tag of the HTML."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from bot.sandbox.page.names import Names
from bot.sandbox.page.place import Place

NAMES = Names(
    me="U1",
    users={"U1": "ana", "U2": "ben"},
    channels={"C1": "general"},
    groups={"S1": "ml-oncall"},
    people=("U1", "U2"),
)
MESSAGE = Place(names=NAMES, channel="C1", ts="1700000000.000100")
VIEW = Place(names=NAMES, view_id="V1", panel="view")

_DRAWN = """
a b blockquote br button code dd details div dl dt em fieldset figure h1 h2 h3 h4 h5 h6 hr i img input label
li mark ol optgroup option p path pre rect s select small span strong summary svg table tbody td template
textarea th thead time tr u ul
"""
_TAGS = frozenset(_DRAWN.split())
_ADDRESSES = ("http://", "https://", "mailto:", "/c/", "/files/")


class Tags(HTMLParser):
    """Every tag and attribute of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def harm_in(html: str) -> Iterator[str]:
    """What in the HTML could run, load from elsewhere, or be forbidden by the page's content policy."""
    for tag, attributes in Tags(html).found:
        if tag not in _TAGS:
            yield f"<{tag}>"
        for name, value in attributes.items():
            if name.startswith("on") or name in ("style", "srcdoc", "action", "formaction"):
                yield f"{name} at <{tag}>"
            if name in ("href", "src") and not (value or "").startswith(_ADDRESSES):
                yield f"{name}={value}"
            if name == "src" and not (value or "").startswith(("http://127.0.0.1", "http://localhost", "/files/")):
                yield f"loads {value}"
            if name in ("hx-post", "data-press") and value != "/act/press?as=U1":
                yield f"{name}={value}"


def plain(text: str) -> dict[str, Any]:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn_text(text: str) -> dict[str, Any]:
    """A mrkdwn text object."""
    return {"type": "mrkdwn", "text": text}
