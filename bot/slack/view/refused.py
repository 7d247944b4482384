"""What the incidents channel hears of notifications that could not be taken in: their senders do not repeat them.

Nothing of what was sent is said here but the place of what could not be read, which is made of our own names.
"""

from __future__ import annotations

from typing import Any

from bot.alerts.refused import NOT_JSON, PACKING, SHAPE, SOME, TOO_LARGE, Refusal, place_in
from bot.slack.view.blocks import message, section
from bot.slack.view.text import on

_WHY = {
    NOT_JSON: "what they say is not JSON",
    SHAPE: "nothing in them can be read as an alert",
    TOO_LARGE: "they are over 1 MiB",
    PACKING: "they are packed in a way that cannot be unpacked",
    SOME: "those beside them were taken in",
}
_CURES = {
    NOT_JSON: "Mend the template of its webhook: quotes and new lines within a text have to be escaped",
    SHAPE: "Compare what it sends with `docs/reference/sources.md`; `evenkeel check --sample FILE` tries one out",
    TOO_LARGE: "Have it send fewer alerts at once",
    PACKING: "Have it send them as they are, or by gzip",
    SOME: "Compare what it sends with `docs/reference/sources.md`; `evenkeel check --sample FILE` tries one out",
}
_FEWER = {
    "alertmanager": "Set `max_alerts: 500` in its `webhook_configs`",
    "grafana": "Set *Max alerts* of its contact point to 500",
}


def what_was_refused(refusal: Refusal) -> dict[str, Any]:
    """Of which source how many since when, why, what it means, and what to do."""
    many, kind = refusal.untold, refusal.kind
    what = "alert" if kind == SOME else "notification"
    whole = f"{many:,} {what}s" if many > 1 else f"One {what}"
    verb = "could not be read" if kind == SOME else "were refused" if many > 1 else "was refused"
    because, place = _WHY.get(kind, "they cannot be read"), place_in(refusal.reason)
    if many == 1:
        because = because.replace("they are", "it is").replace("they say", "it says").replace("them", "it")
    where = f" (the last one at `{place}`)" if place else ""
    since = on(refusal.untold_since or refusal.last_at)
    head = f":warning: *{whole} of `{refusal.source}` {verb} since {since}:* {because}{where}."
    lost = "Its sender does not send that again, so *look there yourselves* whether something burns."
    cure = _FEWER.get(refusal.source, _CURES[TOO_LARGE]) if kind == TOO_LARGE else _CURES.get(kind, _CURES[SHAPE])
    shown = f" `evenkeel replay-alert {refusal.request}` shows what came and why." if refusal.request else ""
    lines = [head, lost, f"{cure}.{shown} I say it again in an hour at the soonest."]
    return message(f"{whole} of {refusal.source} {verb}", [section(lines)])
