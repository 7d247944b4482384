"""The part of a sentence that does not depend on the second: no digits, no links, no mark-up."""

from __future__ import annotations

import re

#: numbers with what clings to them, links and mentions in angle brackets, entities, mark-up, emoji codes, line ends
_VARIES = re.compile(r"<[^>\n]*>?|&\w+;|:[a-z0-9_+-]+:|[\w.,:%+#-]*\d[\w.,:%+#-]*|[*_~`|\n…]")
_SHORTEST = 4
_LONGEST = 90


def phrase(text: str) -> str:
    """The longest piece of the first two lines that stays the same on another day; empty if there is none."""
    lines = "\n".join(line for line in text.splitlines() if line.strip()).split("\n")[:2]
    pieces = [piece.strip(" ·,;:–—") for line in lines for piece in _VARIES.split(line)]
    best = max(pieces, key=len, default="")
    if len(best) > _LONGEST:
        best = best[:_LONGEST].rsplit(" ", 1)[0]
    return best if len(best) >= _SHORTEST else ""
