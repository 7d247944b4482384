"""Calls that Evenkeel made itself come back from the pager as its alerts: they open nothing."""

from __future__ import annotations

import re

_KEY = re.compile(r"[^/]+/INC-\d+/(?:opening|approval|help|breach)/[^/]+/\d+/\d+")
_SUMMARY = re.compile(r"SEV[1-4?] .*\(INC-\d+\)", re.DOTALL)


def is_own_call(key: str, title: str) -> bool:
    """True if a pager's alert with this key and title is a call about an incident that is open here already."""
    return bool(_KEY.fullmatch(key) or _SUMMARY.fullmatch(title.strip()))
