"""What people typed can be blanked, and what repeats an alert."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from bot.incidents import events as ev
from bot.incidents.events import PEOPLES_TEXT
from bot.incidents.events.peoples_text import ALERTS_TEXT, without_alerts


@pytest.mark.parametrize("kind", ["Reopened", "Resolved", "Cancelled", "NoteAdded", "WhyAdded"])
def test_the_words_that_people_typed_are_among_what_may_be_blanked(kind: str) -> None:
    assert PEOPLES_TEXT[kind] in (("reason",), ("summary",), ("text",))


def test_what_repeats_an_alert_names_fields_that_exist() -> None:
    for kind, fields in ALERTS_TEXT.items():
        event: type[Any] = getattr(ev, kind)
        assert set(fields) <= {field.name for field in msgspec.structs.fields(event)}, kind


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        ("Refused Zoe says so", "an alert says so"),
        ("Refused Zoe fires again while the fix is watched", "an alert fires again while the fix is watched"),
        ("the customer called", "the customer called"),
        ("", ""),
    ],
)
def test_a_reason_loses_the_name_of_the_alert_and_nothing_else(reason: str, left: str) -> None:
    assert without_alerts("SeverityChanged", {"severity": "SEV1", "reason": reason})["reason"] == left


def test_a_silence_still_counts_the_alerts_that_it_does_not_name_any_more() -> None:
    alert = {"source": "alertmanager", "fingerprint": "f1", "labels": {"who": "Zoe"}, "name": "Refused Zoe"}
    (left,) = without_alerts("SilenceAsked", {"alerts": [alert]})["alerts"]
    assert left == {"source": "alertmanager", "fingerprint": "f1", "labels": {}, "name": ""}


def test_events_that_repeat_no_alert_stay_as_they_are() -> None:
    assert without_alerts("NoteAdded", {"text": "Zoe"}) == {"text": "Zoe"}
