"""The formats of the postmortem, one short file each. Markdown is the source that the others are made from.

``EXPORTS`` is the whole list: a format's name, its media type, and the function from a document to text.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from bot.postmortems.document import Postmortem
from bot.postmortems.exports.html import to_html
from bot.postmortems.exports.json import to_json
from bot.postmortems.exports.markdown import to_markdown


class Export(msgspec.Struct, frozen=True):
    """``render(document, template)``: the template is the text of ``postmortem.md.j2``."""

    media_type: str
    render: Callable[[Postmortem, str], str]


EXPORTS: dict[str, Export] = {
    "markdown": Export("text/markdown; charset=utf-8", to_markdown),
    "html": Export("text/html; charset=utf-8", to_html),
    "json": Export("application/json", to_json),
}
