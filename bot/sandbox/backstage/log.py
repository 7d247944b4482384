"""The incidents' logs as rows: what was appended, by whom, and one line of what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from bot.incidents.events import EVENKEEL, Entry, encode
from bot.incidents.incident import Incident
from bot.incidents.mentions import call
from bot.incidents.stamps import clock_on, draw_stamps
from bot.incidents.timeline import timeline

MOST_ROWS: Final = 80
LONGEST_LINE: Final = 240
#: what an entry says in short, where the timeline tells nothing of it
_PLAIN: Final = ("step", "attempt", "verdict", "because", "share", "holds")


class LogRow(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. ``bot``: Evenkeel itself appended it."""

    seq: int
    at: datetime
    kind: str
    by: str
    bot: bool
    text: str


class IncidentLog(msgspec.Struct, frozen=True, kw_only=True):
    """One incident's newest entries first, of ``total``."""

    number: int
    title: str
    status: str
    total: int
    rows: tuple[LogRow, ...]


class Logs(msgspec.Struct, frozen=True, kw_only=True):
    """The newest incident first. ``pages`` is where the bot shows them to people."""

    incidents: tuple[IncidentLog, ...]
    pages: str


def logs(found: Sequence[tuple[Incident, Sequence[Entry]]], *, names: Mapping[str, str], pages: str) -> Logs:
    """The logs in the order given, ``MOST_ROWS`` rows in all: what is older is left out."""
    told: list[IncidentLog] = []
    left = MOST_ROWS
    for incident, entries in found:
        rows = rows_of(entries, names=names, most=left)
        left -= len(rows)
        told.append(
            IncidentLog(
                number=incident.number, title=incident.title, status=incident.status, total=len(entries), rows=rows
            )
        )
    return Logs(incidents=tuple(told), pages=pages)


def rows_of(entries: Sequence[Entry], *, names: Mapping[str, str], most: int = MOST_ROWS) -> tuple[LogRow, ...]:
    """The last ``most`` entries, the newest first; people are called by ``names``."""
    lines = {line.seq: line.text for line in timeline(entries)}
    newest = reversed(entries[max(0, len(entries) - most) :])
    return tuple(
        LogRow(
            seq=entry.seq,
            at=entry.at,
            kind=type(entry.event).__name__,
            by=names.get(entry.by, entry.by),
            bot=entry.by == EVENKEEL,
            text=_short(_told(lines.get(entry.seq) or plain(entry), entry.at, names)),
        )
        for entry in newest
    )


def plain(entry: Entry) -> str:
    """``step monitor, attempt 1, verdict ok``: for entries that the timeline leaves out."""
    fields: dict[str, object] = msgspec.to_builtins(entry.event)
    return ", ".join(f"{name} {fields[name]}" for name in _PLAIN if fields.get(name) not in (None, ""))


def as_json(entry: Entry) -> str:
    """The entry as it stands in the log, indented."""
    body = {"seq": entry.seq, "at": entry.at, "by": entry.by, "event": msgspec.Raw(encode(entry.event))}
    return msgspec.json.format(msgspec.json.encode(body), indent=2).decode()


def _told(text: str, at: datetime, names: Mapping[str, str]) -> str:
    return " ".join(call(draw_stamps(text, clock_on(at)), names.get).split())


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 1]}…"
