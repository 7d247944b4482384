"""The timeline as text, JSON and CSV: for terminals, programs and spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import UTC

import msgspec

from bot.incidents.stamps import clock_on, draw_stamps
from bot.incidents.timeline import Line


def as_text(lines: Sequence[Line]) -> str:
    """One line each: ``03:05:12  U1  acknowledged``; the date stands where it changes. Times are UTC."""
    told, day = [], ""
    for line in lines:
        at = line.at.astimezone(UTC)
        if f"{at:%Y-%m-%d}" != day:
            day = f"{at:%Y-%m-%d}"
            told.append(f"{day} (UTC)")
        text = " ".join(draw_stamps(line.text, clock_on(line.at)).split())
        told.append(f"  {at:%H:%M:%S}  {line.by:<12}  {text}")
    return "\n".join(told) + "\n"


def as_json(lines: Sequence[Line]) -> str:
    """A list of objects: seq, at, by, kind, text."""
    return msgspec.json.format(msgspec.json.encode(lines), indent=2).decode() + "\n"


def as_csv(lines: Sequence[Line]) -> str:
    """With a head line; texts that a spreadsheet would take for a formula begin with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["seq", "at", "by", "kind", "text"])
    for line in lines:
        writer.writerow([line.seq, line.at.astimezone(UTC).isoformat(), line.by, line.kind, _harmless(line.text)])
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


FORMATS: dict[str, Callable[[Sequence[Line]], str]] = {"text": as_text, "json": as_json, "csv": as_csv}
