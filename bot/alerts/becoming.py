"""What a request becomes, once its sender is known: alerts that can be kept; and that told to a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.alerts.alert import Alert, Batch
from bot.alerts.sound import sound
from bot.alerts.sources import SOURCES, Request, SourceSettings
from bot.errors import Mistake

_MOST_TOLD = 20
_LONGEST = 300


def become(
    source: str, body: bytes, *, at: datetime, settings: SourceSettings, headers: Mapping[str, str] | None = None
) -> Batch:
    """The alerts of a ``body`` that came ``at`` that time. ``BadRequest``; ``Mistake`` if there is no such source."""
    known = SOURCES.get(source)
    if known is None:
        raise Mistake(f"there is no source “{source[:40]}”; there are {', '.join(sorted(SOURCES))}")
    return sound(known.parse(Request(headers=headers or {}, body=body, at=at, tokens=(), settings=settings)), body)


def told(batch: Batch, explain: Callable[[Alert], Sequence[str]]) -> str:
    """The alerts with all that is known of each, and the lines that ``explain`` adds, ready to print."""
    if not batch.alerts:
        return "It is taken, and holds no alert.\n"
    unread = [f"unreadable  {_one_line(reason)}" for reason in batch.reasons]
    lines = [line for alert in batch.alerts[:_MOST_TOLD] for line in (*_lines(alert), *explain(alert), "")]
    left = len(batch.alerts) - _MOST_TOLD
    beyond = batch.unreadable - len(unread)
    more = [f"… and {left} alerts more"] * (left > 0), [f"… and {beyond} unreadable more"] * (beyond > 0)
    return "\n".join([*lines[:-1], *more[0], *([""] if unread else []), *unread, *more[1], ""])


def _lines(alert: Alert) -> Iterator[str]:
    began = f"{alert.starts_at:%Y-%m-%dT%H:%M:%SZ}{'' if alert.dated else ', unless it fires already'}"
    yield f"{alert.status:<10}{_one_line(alert.name) or '(no name)'}"
    yield f"  fingerprint  {_one_line(alert.fingerprint)}"
    yield f"  began        {began}"
    if alert.ends_at is not None:
        yield f"  ended        {alert.ends_at:%Y-%m-%dT%H:%M:%SZ}"
    for name, text in (("summary", alert.summary), ("url", alert.url)):
        if text:
            yield f"  {name:<12} {_one_line(text)}"
    for kind, texts in (("label", alert.labels), ("annotation", alert.annotations)):
        yield from (f"  {kind:<12} {_one_line(key)} = {_one_line(text)}" for key, text in sorted(texts.items()))


def _one_line(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
