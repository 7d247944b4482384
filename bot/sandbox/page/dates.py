"""Slack's ``<!date^...>``: a time that each reader sees in their own zone.

The server writes it in UTC and says so; the page's script rewrites it in the browser's zone from the element's
``datetime`` and ``data-format``.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from markupsafe import Markup

from bot.sandbox.page.links import link

_TOKEN: Final = re.compile(r"\{(\w+)\}")
_OF_THE_DAY: Final = frozenset({"time", "time_secs", "ago"})
_PATTERNS: Final = {
    "date_num": "%Y-%m-%d",
    "date_slash": "%d/%m/%Y",
    "time": "%H:%M",
    "time_secs": "%H:%M:%S",
    "ago": "%Y-%m-%d %H:%M",
}


def _ordinal(day: int) -> str:
    if 11 <= day % 100 <= 13:
        return f"{day}th"
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"


def _written(token: str, at: datetime) -> str | None:
    name = token.removesuffix("_pretty")
    if name == "date":
        return f"{at:%B} {_ordinal(at.day)}, {at.year}"
    if name in ("date_long", "day_divider"):
        return f"{at:%A, %B} {_ordinal(at.day)}, {at.year}"
    if name in ("date_long_full", "date_full"):
        return f"{at:%B} {at.day}, {at.year}"
    if name == "date_short":
        return f"{at:%b} {at.day}, {at.year}"
    return at.strftime(_PATTERNS[name]) if name in _PATTERNS else None


def in_utc(at: datetime, pattern: str) -> str:
    """``pattern`` with Slack's date tokens written out in UTC, ``UTC`` behind it if it shows a time of day."""
    names = {found[1] for found in _TOKEN.finditer(pattern)}
    text = _TOKEN.sub(lambda found: _written(found[1], at) or found[0], pattern)
    return f"{text} UTC" if names & _OF_THE_DAY else text


def instant(seconds: float) -> datetime | None:
    """Unix seconds as an aware datetime, or None outside the calendar."""
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None


def time_element(at: datetime, pattern: str, url: str = "") -> Markup:
    """A ``<time>`` that reads in UTC and carries what the browser needs to localise it; a link if ``url`` is safe."""
    drawn = Markup('<time datetime="{}" data-format="{}">{}</time>').format(
        at.strftime("%Y-%m-%dT%H:%M:%SZ"), pattern, in_utc(at, pattern)
    )
    return link(url, drawn) if url else drawn


def date_token(body: str, fallback: str) -> Markup:
    """What ``<!date^body|fallback>`` shows: a time, or the fallback where the body cannot be read."""
    seconds, _, rest = body.partition("^")
    pattern, _, url = rest.partition("^")
    at = instant(float(seconds)) if re.fullmatch(r"\d{1,12}", seconds) else None
    if at is None or not pattern:
        return Markup("{}").format(fallback)
    return time_element(at, pattern, url)
