"""What an entry of an incident's log looks like in the panel, and what the controller waits for."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import msgspec
import pytest

from bot.incidents import events as ev
from bot.incidents.agenda import Agenda, Work, WorkKind
from bot.sandbox.backstage.agenda_words import in_words
from bot.sandbox.backstage.drawing import draw
from bot.sandbox.backstage.flags import split
from bot.sandbox.backstage.log import IncidentLog, Logs, as_json, rows_of
from tests.unit.sandbox.backstage.director import NOON


def entry(seq: int, event: ev.AnyEvent, *, by: str = ev.EVENKEEL) -> ev.Entry:
    return ev.Entry(seq=seq, at=NOON + timedelta(seconds=seq), by=by, event=event)


def test_entries_come_newest_first_and_call_people_by_their_names() -> None:
    entries = [entry(1, ev.Acknowledged(), by="U0ANA"), entry(2, ev.LeadChanged(lead="U0BEN"), by="U0ANA")]
    newest, oldest = rows_of(entries, names={"U0ANA": "Ana Duarte", "U0BEN": "Ben Osei"})
    assert (newest.seq, newest.kind, newest.by, newest.text) == (
        2, "LeadChanged", "Ana Duarte", "gave the lead to Ben Osei",
    )  # fmt: skip
    assert (oldest.text, oldest.bot) == ("acknowledged", False)


def test_what_the_timeline_leaves_out_is_told_by_its_fields() -> None:
    (row,) = rows_of(
        [entry(5, ev.WatchLooked(step="monitor", attempt=1, verdict="ok", because="recall 0.84"))], names={}
    )
    assert row.text == "step monitor, attempt 1, verdict ok, because recall 0.84"
    assert row.bot


def test_only_the_newest_are_shown_and_long_lines_are_cut() -> None:
    entries = [entry(seq, ev.NoteAdded(text="x" * 3000), by="U0ANA") for seq in range(1, 10)]
    rows = rows_of(entries, names={}, most=3)
    assert [row.seq for row in rows] == [9, 8, 7]
    assert len(rows[0].text) == 240
    assert rows_of(entries, names={}, most=0) == ()


def test_an_entry_unfolds_to_the_json_that_stands_in_the_log() -> None:
    read = msgspec.json.decode(as_json(entry(3, ev.NoteAdded(text="<b>"), by="U0ANA")))
    assert (read["seq"], read["by"], read["event"]["kind"], read["event"]["text"]) == (3, "U0ANA", "NoteAdded", "<b>")


def test_what_people_typed_is_text_and_never_markup() -> None:
    rows = rows_of([entry(1, ev.NoteAdded(text='<img src=x onerror="alert(1)">'), by="<u>")], names={})
    log = IncidentLog(number=1, title="<i>", status="open", total=1, rows=rows)
    html = draw("panel_log.html", it=Logs(incidents=(log,), pages="http://127.0.0.1/incidents"), base="")
    assert "<img" not in html
    assert "<i>" not in html
    assert "<u>" not in html
    assert "&lt;img" in html


def test_what_there_is_to_do_is_said_in_words() -> None:
    asked = Agenda(
        work=(Work(kind="look", step="monitor"), Work(kind="versions"), Work(kind="measure", step="service_health")),
        due=(ev.ApprovalLapsed(step="rollback", attempt=1),),
    )
    assert in_words(asked) == (
        "the request for rollback lapses",
        "look at what monitor watches",
        "read again which version serves",
        "measure service health",
    )


def test_a_flag_that_is_split_says_the_shares() -> None:
    assert split({"42": 100.0}) == ""
    assert split({"42": 10.0, "41": 90.0}) == "41 90 %, 42 10 %"


@pytest.mark.parametrize("kind", get_args(WorkKind))
def test_every_kind_of_work_has_its_words(kind: WorkKind) -> None:
    (said,) = in_words(Agenda(work=(Work(kind=kind, step="live"),), due=()))
    assert said
    assert "{" not in said
