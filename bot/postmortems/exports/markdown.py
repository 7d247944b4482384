"""The postmortem as Markdown, by ``templates/postmortem.md.j2``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.incidents.counting import duration
from bot.postmortems.document import Measurement, Postmortem

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")


def to_markdown(document: Postmortem, template: str) -> str:
    """The document as GitHub-flavoured Markdown; no text in it can become markup."""
    return re.sub(r"\n{3,}", "\n\n", _compiled(template).render(doc=document)).strip() + "\n"


def escape(text: object) -> str:
    """``text`` on one line, with everything that Markdown would read as markup taken literally."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))


def _items(lines: Sequence[str], otherwise: str) -> str:
    return "\n".join(f"- {escape(line)}" for line in lines or (otherwise,)) + "\n"


def _interval(measured: Measurement) -> str:
    if measured.low is None or measured.high is None:
        return "–"
    return f"{measured.low:.3g} to {measured.high:.3g}"


def _time(at: datetime | None, pattern: str) -> str:
    return at.astimezone(UTC).strftime(pattern) if at else "–"


@lru_cache(maxsize=4)
def _compiled(template: str) -> Template:
    # Markdown, not HTML: the values are escaped by ``md``, and the page escapes again when it is made from it.
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.filters |= {
        "md": escape,
        "items": _items,
        "interval": _interval,
        "count": lambda number: "–" if number is None else f"{number:,}",
        "lasted": lambda seconds: "–" if seconds is None else duration(seconds),
        "day": lambda at: _time(at, "%Y-%m-%d %H:%M UTC"),
        "hour": lambda at: _time(at, "%H:%M"),
        "second": lambda at: _time(at, "%Y-%m-%d %H:%M:%S"),
    }
    return environment.from_string(template)
