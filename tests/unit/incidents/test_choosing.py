"""Readiness chooses: what is not ready to serve is passed over for an older version that is."""

from __future__ import annotations

from bot.incidents import events as ev
from bot.incidents.events.candidates import Candidate
from bot.incidents.incident import Incident, Versions
from bot.incidents.targets import target_of
from bot.slack.view.approval import approvals
from bot.slack.view.evidence import known
from tests.unit.steps.scene import NOW, ROLLBACK, incident, step

LAST = (Candidate(version="42"), Candidate(version="41"), Candidate(version="40"))
SEEN = ev.VersionsSeen(running="43", target="42", shares={"43": 1.0}, candidates=LAST)


def after(*events: ev.AnyEvent) -> Incident:
    return incident(step(ROLLBACK), events=events)


def versions(*events: ev.AnyEvent) -> Versions:
    found = after(*events).versions
    assert found is not None
    return found


def ready(**by: bool) -> ev.ReadinessSeen:
    return ev.ReadinessSeen(ready={name[1:]: fine for name, fine in by.items()})


def test_a_version_that_is_not_ready_is_passed_over_for_the_newest_ready_one() -> None:
    head = after(SEEN, ready(v42=False, v41=True, v40=True))
    target = target_of(head, ROLLBACK)
    assert (target.name, target.running, target.unsure) == ("41", "43", ())
    assert head.versions is not None
    assert head.versions.passed_over == "v42 is not ready; v41 is"


def test_whichever_is_seen_first_the_choice_is_the_same() -> None:
    seen = ready(v42=False, v41=False, v40=True)
    assert versions(SEEN, seen).target == versions(seen, SEEN).target == "40"


def test_once_it_is_ready_the_newest_is_chosen_again() -> None:
    found = versions(SEEN, ready(v42=False, v41=True), ready(v42=True, v41=True))
    assert (found.target, found.passed_over) == ("42", "")


def test_where_none_is_ready_or_nobody_knows_the_newest_is_confirmed_a_second_time() -> None:
    none = after(SEEN, ready(v42=False, v41=False, v40=False))
    assert target_of(none, ROLLBACK).name == "42"
    assert target_of(none, ROLLBACK).unsure == ("42 is not ready to serve",)
    away = after(SEEN, ev.ReadinessSeen(because="away"))
    assert (target_of(away, ROLLBACK).name, len(target_of(away, ROLLBACK).unsure)) == ("42", 1)
    silent = after(SEEN, ready(v42=False))
    assert target_of(silent, ROLLBACK).name == "42", "of the older ones nobody said that they are ready"


def test_what_does_not_fit_or_is_not_known_to_is_not_chosen_because_it_is_ready() -> None:
    others = (LAST[0], Candidate(version="41", fits="no"), Candidate(version="40", fits="unknown"))
    seen = ev.VersionsSeen(running="43", target="42", candidates=others)
    assert versions(seen, ready(v42=False, v41=True, v40=True)).target == "42"


def test_among_those_of_which_it_is_not_known_the_older_ones_own_doubt_is_told() -> None:
    doubts = tuple(Candidate(version=n, fits="unknown", because=f"whether v{n} fits") for n in ("42", "41"))
    seen = ev.VersionsSeen(running="43", target="42", candidates=doubts, unsure=("whether v42 fits",))
    assert target_of(after(seen, ready(v42=False, v41=True)), ROLLBACK).unsure == ("whether v41 fits",)


def test_the_name_is_spelt_as_traffic_spells_it() -> None:
    seen = ev.VersionsSeen(running="v43", target="v42", candidates=LAST)
    assert versions(seen, ready(v42=False, v41=True)).target == "v41"


def test_the_card_and_the_approval_say_which_was_passed_over() -> None:
    asked = ev.ApprovalRequested(step="it", attempt=1, target="41", running="43", expires_at=NOW)
    head = after(SEEN, ready(v42=False, v41=True), asked)
    assert "v42 is not ready; v41 is." in known(head)
    (surface,) = approvals(head)
    assert "v42 is not ready; v41 is." in str(surface.content)
