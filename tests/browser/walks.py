"""How people walk each scenario in the browser: what they see first, what they decide, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tests.browser.person import LATE, Person

Walk = Callable[[Person], None]
ANA, BEN, CHI = "U0ANA", "U0BEN", "U0CHI"


def recall_drop(person: Person) -> None:
    """A release made it worse: the version before it serves again, with Ben's yes, and a day passes."""
    person.opens("inc-1-fraud-scorer")
    person.sees("Suggested: roll back to v41.")
    person.sees(re.compile(r"v42 against v41, same [\d,]+ confirmed frauds: -"))
    person.presses("incident.ack")
    person.presses("step.done", step="upstream")
    person.presses("step.choose:rollback")
    _approved_until(person, r"v41 serves \(100 % of traffic\)")
    _watched_and_resolved(person, "Recall fell with v42; v41 serves again.")


def feed_break(person: Person) -> None:
    """The data going in broke: no version would do better, the last good values answer."""
    person.lets_time_run(60)
    person.opens("inc-1-fraud-scorer")
    person.sees("v41 would do no better")
    person.sees("Suggested: contain the bad data first.")
    person.presses("incident.ack")
    person.lets_time_run(1)
    person.presses("step.choose:contain")
    _approved_until(person, "Fallback: the last good values answer: in place")
    person.presses("step.done", step="fix")
    for step in ("told_fallback", "told_contained"):
        person.presses("incident.update", step=step)
        person.submits()
    person.presses("step.answer", step="replay")
    person.answers("1240")
    _watched_and_resolved(person, "A vendor's feed lost values; the last good ones answer.")


def upstream_latency(person: Person) -> None:
    """Something that the model waits for is slow: another copy of it answers."""
    person.lets_time_run(60)
    person.opens("inc-1-fraud-scorer")
    person.sees("Suggested: go around the slow upstream.")
    person.presses("incident.ack")
    person.lets_time_run(1)
    person.presses("step.choose:around")
    _approved_until(person, "Detour: the replica answers: in place")
    _watched_and_resolved(person, "The feature store's primary was slow; the scorer asks the replica.")


def _approved_until(person: Person, shown: str) -> None:
    """Ben says yes to what Ana asked for, and the bot does it; then it is Ana's turn again."""
    person.sees("Needs a yes from")
    person.acts_as(BEN)
    person.presses("step.approve")
    person.lets_time_run(60)
    person.sees(re.compile(shown))
    person.acts_as(ANA)


def _watched_and_resolved(person: Person, summary: str) -> None:
    person.sees(re.compile("Watching"))
    person.lets_time_run(3600)
    person.sees(re.compile("The watch over .* is over"), within=LATE)
    person.lets_time_run(1)
    person.presses("incident.resolve")
    person.writes(summary)
    person.sees(re.compile("the draft of the postmortem is written from the log"))


WALKS: Mapping[str, Walk] = {
    "fraud-recall-drop": recall_drop,
    "feature-feed-break": feed_break,
    "upstream-latency": upstream_latency,
}
