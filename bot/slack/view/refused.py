"""What the incidents channel hears of notifications that could not be taken in: their senders do not repeat them.

Nothing of what was sent is said here but the place of what could not be read, which is made of our own names.
"""

from __future__ import annotations

from typing import Any

from bot.alerts.refused import NO_SOURCE, NOT_JSON, PACKING, SHAPE, SOME, TOO_LARGE, Refusal, place_in
from bot.alerts.sources import SOURCES
from bot.slack.view.blocks import message, section
from bot.slack.view.text import on

#: of one, and of several
_WHY = {
    NOT_JSON: ("what it says is not JSON", "what they say is not JSON"),
    SHAPE: ("nothing in it can be read as an alert", "nothing in them can be read as an alert"),
    TOO_LARGE: ("it is over 1 MiB", "they are over 1 MiB"),
    PACKING: ("it cannot be unpacked", "they cannot be unpacked"),
    SOME: ("those beside it were taken in", "those beside them were taken in"),
    NO_SOURCE: ("its address names no source that I know", "their address names no source that I know"),
}
_COMPARE = (
    "Compare what it sends with `docs/reference/sources.md`; `evenkeel check --sample FILE --source {source}` tries"
    " one out"
)
_MAPPED = (
    "Mend what it sends, or `mapping` of `sources: {source}` in evenkeel.yaml;"
    " `evenkeel check --sample FILE --source {source}` tries one out"
)
_CURES = {
    NOT_JSON: "Mend the template of its webhook: quotes and new lines within a text have to be escaped",
    SHAPE: _COMPARE,
    TOO_LARGE: "Have it send fewer alerts at once",
    PACKING: "Have it send everything as it is, or packed by gzip",
    SOME: _COMPARE,
    NO_SOURCE: f"Correct the address of who sends them: it ends in /alerts/ and one of {', '.join(sorted(SOURCES))}",
}
_WITH_MAPPING = ("generic", "cloudevents")
_FEWER = {
    "alertmanager": "Set `max_alerts: 500` in its `webhook_configs`",
    "grafana": "Set *Max alerts* of its contact point to 500",
}


def what_was_refused(refusal: Refusal) -> dict[str, Any]:
    """Of which source how many since when, why, what it means, and what to do."""
    many, kind = refusal.untold, refusal.kind
    what = "alert" if kind == SOME else "notification"
    whole = f"{many:,} {what}s" if many > 1 else f"One {what}"
    sender = "an unknown source" if kind == NO_SOURCE else f"`{refusal.source}`"
    verb = "could not be read" if kind == SOME else "were refused" if many > 1 else "was refused"
    because, place = _WHY.get(kind, _WHY[SHAPE])[many > 1], place_in(refusal.reason)
    where = f" (the last one at `{place}`)" if place else ""
    since = f"{'since ' if many > 1 else ''}{on(refusal.untold_since or refusal.last_at)}"
    head = f":warning: *{whole} of {sender} {verb} {since}:* {because}{where}."
    lost = "Its sender does not send that again, so *look there yourselves* whether something burns."
    cure = _FEWER.get(refusal.source, _CURES[TOO_LARGE]) if kind == TOO_LARGE else _CURES.get(kind, _CURES[SHAPE])
    if cure == _COMPARE and refusal.source in _WITH_MAPPING:
        cure = _MAPPED
    cure = cure.replace("{source}", refusal.source)
    shown = f" `evenkeel replay-alert {refusal.request}` shows what came and why." if refusal.request else ""
    lines = [head, lost, f"{cure}.{shown} I say it again in an hour at the soonest."]
    return message(f"{whole} of {sender.strip('`')} {verb}", [section(lines)])
