"""What was changed, in words: ``v42 released``, ``v42 promoted to champion``, ``flag new-ranker switched to on``."""

from __future__ import annotations

import re

from bot.connectors import Change
from bot.incidents.stamps import stamp
from bot.runbooks.steps.wording import version

VERBS = {"deploy": "released", "release": "released", "rollback": "rolled back to", "flag": "switched to",
         "alias": "promoted", "registry": "promoted", "registered": "registered"}  # fmt: skip
_NUMBER = re.compile(r"[/#=](\d{1,12})/?$")


def sentence(change: Change, *, dated: bool = False) -> str:
    """``v42 released 2026-11-21T02:51:00Z (deploy #881)``; without the time where the date is said (``dated``)."""
    number = _NUMBER.search(change.url or "")
    source = f"{change.kind[:40] or 'change'} #{number[1]}" if number else change.by and f"by {change.by[:60]}"
    return f"{_done(change)}{'' if dated else f' {stamp(change.at)}'}{f' ({source})' if source else ''}"


def after_it(change: Change, *, service: str) -> str:
    """``v42 was released``, as it stands behind *after*; another service than ``service`` is named."""
    verb, what = VERBS.get(change.kind, "changed"), version(change.version)[:60] if change.version else ""
    whose = change.service[:60] if change.service != service else ""
    if verb.endswith(" to"):
        return f"{whose or _flag(change) or 'it'} was {verb} {what or 'something else'}"
    return f"{' '.join(part for part in (whose, what) if part) or 'it'} was {verb}"


def _done(change: Change) -> str:
    verb, what = VERBS.get(change.kind, "changed"), version(change.version)[:60] if change.version else "something"
    if verb.endswith(" to"):
        return " ".join(part for part in (_flag(change), verb, what) if part)
    if change.kind == "alias" and not change.version:
        return f"alias {change.about or 'of nobody knows what'} taken away"[:90]
    where = f" to {change.about[:60]}" if change.kind == "alias" and change.about else ""
    return f"{what} {verb}{where}"


def _flag(change: Change) -> str:
    return f"flag {change.about[:60]}" if change.kind == "flag" and change.about else ""
