"""An incident of ten thousand events: folded, drawn, and added to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot.incidents import events as ev
from bot.incidents.fold import fold
from bot.slack.view import view
from bot.store import Store, open_store
from tests.benchmarks.figures import Figure, median_ms
from tests.unit.slack.stories import WORKPLACE, Story

EVENTS = 10_000


def measure() -> list[Figure]:
    """Folding alone, with drawing, from the disk, and one more entry."""
    entries = list(_entries())

    def fold_and_draw() -> None:
        incident = fold(entries)
        assert incident is not None
        assert view(incident, WORKPLACE)

    folded = median_ms(lambda: fold(entries), times=9)
    drawn = median_ms(fold_and_draw, times=9)
    with tempfile.TemporaryDirectory() as folder:
        appended, loaded, restarted = _stored(entries, Path(folder))
    return [
        Figure("10,000 events: fold and draw", drawn, "ms", 50, f"fold alone {folded:.1f} ms"),
        Figure("10,000 events: one more appended / folding all", appended / folded, "", 0.5, f"{appended:.1f} ms"),
        Figure("  10,000 events: load from SQLite and decode", loaded, "ms"),
        Figure("  10,000 events: head after a new start (snapshot)", restarted, "ms"),
    ]


def _entries() -> Iterator[ev.Entry]:
    """An incident in the middle of its runbook, then a long night of alerts, notes and measurements."""
    story = Story().measured()
    yield from story.entries
    last = story.entries[-1]
    measured = next(entry.event for entry in story.entries if isinstance(entry.event, ev.StepMeasured))
    for seq in range(last.seq + 1, EVENTS + 1):
        event: ev.AnyEvent = ev.NoteAdded(text=f"note {seq}")
        if seq % 3 == 0:
            event = ev.AlertsAttached(count=3, fingerprints=(f"f{seq}",), severity="SEV2")
        elif seq % 3 == 1:
            event = measured
        yield ev.Entry(seq=seq, at=last.at + timedelta(seconds=seq), by="evenkeel", event=event)


def _stored(entries: list[ev.Entry], folder: Path) -> tuple[float, float, float]:
    """Milliseconds to append one more, to load all, and to have the head in a new process."""
    url = f"sqlite:///{folder / 'long.db'}"
    store = open_store(url)

    def fill(connection: Connection, now: datetime) -> int:
        number = store.log.begin(connection, at=now)
        store.log.append(connection, number, [entry.event for entry in entries], by="evenkeel", at=now)
        return number

    number = store.writer.submit_blocking(fill)
    appended = median_ms(lambda: _append(store, number), times=21)
    loaded = median_ms(lambda: store.writer.read_blocking(lambda c: store.log.load(c, number)), times=5)
    store.close()
    again = open_store(url)
    restarted = median_ms(lambda: again.writer.read_blocking(lambda c: again.log.head(c, number)), times=1)
    again.close()
    return appended, loaded, restarted


def _append(store: Store, number: int) -> None:
    store.writer.submit_blocking(
        lambda c, now: store.log.append(c, number, [ev.NoteAdded(text="one more")], by="U0ANA", at=now)
    )
