"""What an older version kept about persons in a log is not shown any more."""

from __future__ import annotations

from bot.incidents import events as ev
from bot.incidents.fold import fold
from bot.incidents.incident import Incident
from bot.incidents.timeline import timeline
from tests.unit.incidents.story import START

OLD = ev.IncidentOpened(
    number=1, title='prompt: "open the safe"', service="chat", failure_mode="generic", source="alertmanager",
    alert_name="Refused ana@example.com", alert_text='output: "here you are"',
    alert_url="https://alerts.example.com/?who=ana@example.com",
    labels={"user_email": "ana@example.com", "team": "chat", "prompts": "(3 withheld)", "owner": "ben@example.com"},
)  # fmt: skip


def log(*events: ev.AnyEvent) -> list[ev.Entry]:
    return [ev.Entry(seq=n, at=START, by="alertmanager", event=event) for n, event in enumerate(events, start=1)]


def folded(*events: ev.AnyEvent) -> Incident:
    head = fold(log(*events))
    assert head is not None
    return head


def test_the_head_says_how_much_was_withheld_instead() -> None:
    head = folded(OLD)
    assert (head.title, head.alert_text) == ("prompt (withheld)", "output (withheld)")
    assert head.alert_name == "Refused (e-mail address withheld)"
    assert head.alert_url == "https://alerts.example.com/?who=withheld"
    assert head.labels == {
        "user_email": "(withheld)", "team": "chat", "prompts": "(3 withheld)", "owner": "(e-mail address withheld)",
    }  # fmt: skip


def test_so_does_the_timeline() -> None:
    attached = ev.AlertsAttached(count=1, names=("Refused ben@example.com",))
    told = " ".join(line.text for line in timeline(log(OLD, attached)))
    assert "@example" not in told
    assert "here you are" not in told


def test_what_a_person_declared_is_theirs_to_say() -> None:
    declared = ev.IncidentOpened(
        number=1, title="output: is empty", service="chat", failure_mode="generic", source="slack"
    )  # fmt: skip
    assert folded(declared).title == "output: is empty"
