"""Alerts that everything behind the intake can hold: no text is endless, and no link leads off the web."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from msgspec.structs import replace

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources.several import MOST_REASONS, each
from bot.errors import BadRequest

MOST_ALERTS = 10_000
MOST_LABELS = 1_000
_LONGEST_NAME = 200
_LONGEST_KEY = 300
_LONGEST_TEXT = 4_000
_LONGEST_URL = 2_000
_NULS = (b"\\u0000", b"%00", b"\0")


def sound(batch: Batch, body: bytes) -> Batch:
    """The alerts of ``body`` as they can be kept. Raises ``BadRequest`` for too many alerts, or if none can be.

    One with too many labels counts as unreadable. What is too long is cut, a name that is too long becomes its hash;
    a NUL, which no database keeps, is shown as one, and so is half a character.
    """
    if len(batch.alerts) > MOST_ALERTS:
        raise BadRequest(f"{len(batch.alerts)} alerts at once; the most are {MOST_ALERTS}")
    odd = any(nul in body for nul in _NULS)
    if not odd and all(_is_sound(alert) for alert in batch.alerts):
        return batch
    found = each(batch.alerts, lambda _, alert: alert if not odd and _is_sound(alert) else _sound(alert))
    reasons = (*batch.reasons, *found.reasons)[:MOST_REASONS]
    return replace(batch, alerts=found.alerts, unreadable=batch.unreadable + found.unreadable, reasons=reasons)


def _is_sound(alert: Alert) -> bool:
    return (
        len(alert.fingerprint) <= _LONGEST_NAME
        and len(alert.name) <= _LONGEST_KEY
        and len(alert.summary) <= _LONGEST_TEXT
        and (not alert.url or (alert.url.startswith(("https://", "http://")) and len(alert.url) <= _LONGEST_URL))
        and len(alert.labels) + len(alert.annotations) <= MOST_LABELS
        and all(len(key) + len(value) <= _LONGEST_KEY for key, value in alert.labels.items())
        and all(len(key) + len(value) <= _LONGEST_KEY for key, value in alert.annotations.items())
    )


def _sound(alert: Alert) -> Alert:
    if len(alert.labels) + len(alert.annotations) > MOST_LABELS:
        raise BadRequest(f"an alert with more than {MOST_LABELS} labels and annotations")
    name, url = _whole(alert.fingerprint), _whole(alert.url)
    return replace(
        alert,
        fingerprint=name if len(name) <= _LONGEST_NAME else hashlib.sha256(name.encode()).hexdigest(),
        name=_kept(alert.name, _LONGEST_KEY),
        summary=_kept(alert.summary, _LONGEST_TEXT),
        url=url if url.startswith(("https://", "http://")) and len(url) <= _LONGEST_URL else "",
        labels=_all_kept(alert.labels),
        annotations=_all_kept(alert.annotations),
    )


def _all_kept(texts: Mapping[str, str]) -> dict[str, str]:
    return {_kept(key, _LONGEST_KEY): _kept(value, _LONGEST_TEXT) for key, value in texts.items()}


def _kept(text: str, most: int) -> str:
    whole = _whole(text)
    return whole if len(whole) <= most else whole[: most - 1] + "…"


def _whole(text: str) -> str:
    return text.replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()
