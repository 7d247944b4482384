"""What was changed, in words: ``v42 released``, ``v42 promoted to champion``, ``flag new-ranker switched to on``."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Protocol

from bot.incidents.stamps import stamp

VERBS = {"deploy": "released", "release": "released", "rollback": "rolled back to", "flag": "switched to",
         "alias": "promoted", "registry": "promoted", "registered": "registered"}  # fmt: skip
_NUMBER = re.compile(r"[/#=](\d{1,12})/?$")


class Told(Protocol):
    """A change, whoever keeps it. Empty texts are not known."""

    @property
    def service(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def version(self) -> str | None: ...
    @property
    def by(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...
    @property
    def about(self) -> str | None: ...
    @property
    def at(self) -> datetime: ...


def sentence(change: Told, *, dated: bool = False) -> str:
    """``v42 released 2026-11-21T02:51:00Z (deploy #881)``; without the time where the date is said (``dated``)."""
    number = _NUMBER.search(change.url or "")
    source = f"{change.kind[:40] or 'change'} #{number[1]}" if number else change.by and f"by {change.by[:60]}"
    return f"{_done(change)}{'' if dated else f' {stamp(change.at)}'}{f' ({source})' if source else ''}"


def whose(change: Told, *, service: str) -> str:
    """``feature-store: `` before what was changed of something else than ``service``."""
    return "" if change.service == service else f"{change.service[:60]}: "


def after_it(change: Told, *, service: str) -> str:
    """``v42 was released``, as it stands behind *after*; another service than ``service`` is named."""
    verb, what = VERBS.get(change.kind, "changed"), _version(change.version)[:60] if change.version else ""
    other = change.service[:60] if change.service != service else ""
    if verb.endswith(" to"):
        return f"{other or _flag(change) or 'it'} was {verb} {what or 'something else'}"
    return f"{' '.join(part for part in (other, what) if part) or 'it'} was {verb}"


def _done(change: Told) -> str:
    verb, what = VERBS.get(change.kind, "changed"), _version(change.version)[:60] if change.version else "something"
    if verb.endswith(" to"):
        return " ".join(part for part in (_flag(change), verb, what) if part)
    if change.kind == "alias" and not change.version:
        return f"alias {change.about[:60]} taken away" if change.about else "alias taken away"
    where = f" to {change.about[:60]}" if change.kind == "alias" and change.about else ""
    return f"{what} {verb}{where}"


def _flag(change: Told) -> str:
    return f"flag {change.about[:60]}" if change.kind == "flag" and change.about else ""


def _version(name: str) -> str:
    """``v42`` for ``42``; a version that has a word for a name keeps it."""
    return f"v{name}" if name[:1].isdigit() else name
