"""People inside texts, as Slack writes them: ``<@U1>``, and ``<@U1|ana>`` where a command carried the name along."""

from __future__ import annotations

import re
from collections.abc import Callable

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")

_USER = re.compile(r"[UW][A-Z0-9]{2,}")


def is_user(who: str) -> bool:
    """Whether ``who`` is a Slack user id, not a source's or the bot's name."""
    return _USER.fullmatch(who) is not None


def mentioned(text: str) -> list[str]:
    """The Slack user ids that ``text`` mentions, in its order."""
    return MENTION.findall(text)


def call(text: str, name: Callable[[str], str | None]) -> str:
    """``text`` with every mention replaced by ``name`` of its user id; a mention without a name stays as it is."""

    def one(match: re.Match[str]) -> str:
        return name(match[1]) or match[0]

    return MENTION.sub(one, text)
