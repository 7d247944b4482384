"""``INC-12`` and ``12`` as they stand in addresses and on the command line."""

from __future__ import annotations

import re

from bot.errors import Refused

_KEY = re.compile(r"(?:INC-)?([0-9]{1,9})", re.IGNORECASE)


def number_of(key: str) -> int:
    """The number of an incident. Raises ``Refused`` for what cannot be one."""
    match = _KEY.fullmatch(key.strip())
    if match is None:
        raise Refused("no_such_incident", f"“{key[:40]}” is not an incident; they are called INC-1, INC-2 …")
    return int(match[1])
