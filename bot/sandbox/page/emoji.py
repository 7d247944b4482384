"""From an emoji's short name to its character, with skin tones."""

from __future__ import annotations

import re
from typing import Final

from bot.sandbox.page.emoji_table import TABLE, TAKE_A_SKIN_TONE

EMOJI: Final = TABLE
"""Characters by short name."""

REACTIONS: Final = ("pushpin", "+1", "eyes", "white_check_mark", "tada", "thinking_face")
"""What the page offers first when a person reacts to a message."""

_TONED: Final = re.compile(r"(.+)::skin-tone-([2-6])")
_PLAIN_DRAWING: Final = "\ufe0f"
_LIGHTEST: Final = 0x1F3FB


def character(name: str) -> str | None:
    """The character of ``:name:`` or ``:name::skin-tone-4:``; None for a name that is not known.

    A tone is left out where the character takes none. In a sequence (a person with a laptop) the person takes it.
    """
    toned = _TONED.fullmatch(name)
    if toned is None:
        return EMOJI.get(name)
    drawn = EMOJI.get(toned[1])
    if drawn is None or not (drawn[0] in TAKE_A_SKIN_TONE or drawn.startswith("\U0001f9d1\u200d")):
        return drawn
    return drawn[0] + chr(_LIGHTEST + int(toned[2]) - 2) + drawn[1:].removeprefix(_PLAIN_DRAWING)
