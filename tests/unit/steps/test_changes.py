from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

import pytest

from bot.connectors import AllChanges, Change, SourceUnavailable
from bot.incidents import events as ev
from bot.runbooks.catalogue import CHANGES
from bot.runbooks.steps import measure
from tests.unit.steps.scene import ALERT, RELEASE, Deployed, World, context, incident, step


async def measured(*changes: Deployed) -> ev.StepMeasured:
    the_step = step(CHANGES)
    (found,) = await measure(context(incident(the_step), World(), changes=changes), the_step)
    assert isinstance(found, ev.StepMeasured)
    return found


async def test_a_release_before_the_alert_is_named_with_its_time_number_and_distance() -> None:
    found = await measured(RELEASE)
    assert found.verdict == "warn"
    assert found.because == "v42 released 2026-11-21T02:51:00Z (deploy #881), 14 min before the alert"
    assert found.evidence["changes"][0]["version"] == "42"


async def test_the_suspect_is_the_last_change_before_the_alert() -> None:
    later = Deployed(at=ALERT + timedelta(seconds=30), kind="flag", version="41", previous="42")
    earlier = Deployed(at=ALERT - timedelta(hours=20), version="41", previous="40")
    found = await measured(RELEASE, later, earlier)
    assert found.because.startswith("v42 released 2026-11-21T02:51:00Z (deploy #881), 14 min before the alert")
    assert found.because.endswith("; 2 other changes within 24 h")


async def test_a_change_after_the_alert_is_told_as_such() -> None:
    found = await measured(Deployed(at=ALERT + timedelta(seconds=30), kind="flag", url=None, by="ana"))
    assert found.because == "switched to v42 2026-11-21T03:05:30Z (by ana), 30 s after the alert"


async def test_no_change_within_a_day_is_ok_and_names_the_last_one() -> None:
    found = await measured(Deployed(at=ALERT - timedelta(days=5), url=None, by=None))
    assert found.verdict == "ok"
    assert found.because == "no change in the 24 h before the alert; the last one, 5 d before it: v42 released"


async def test_silence_of_a_service_whose_changes_nobody_reports_proves_nothing() -> None:
    found = await measured()
    assert found.verdict == "no_data"
    assert found.because == "nobody reports changes of fraud-scorer yet: send them to POST /changes"


@pytest.mark.parametrize(
    ("kind", "version", "said"),
    [("alias", "42", "v42 promoted"), ("rollback", "41", "rolled back to v41"), ("data", None, "something changed"),
     ("", "canary-a", "canary-a changed")],
)  # fmt: skip
async def test_a_kind_has_its_verb(kind: str, version: str | None, said: str) -> None:
    assert (await measured(Deployed(at=RELEASE.at, kind=kind, version=version))).because.startswith(said)


class Away:
    """A source of changes that does not answer."""

    services: ClassVar[dict[str, str]] = {"fraud-scorer": "acme/fraud"}

    async def changes(self, service: str, *, since: datetime) -> Sequence[Change]:
        """It is away."""
        raise SourceUnavailable("github cannot be reached")


async def with_a_source_away(*changes: Deployed) -> ev.AnyEvent:
    the_step = step(CHANGES)
    known = context(incident(the_step), World(), changes=changes)
    (found,) = await measure(replace(known, changes=AllChanges(known.changes, lambda _: [Away()])), the_step)
    return found


async def test_a_source_that_is_away_is_named_beside_a_change_that_was_found() -> None:
    found = await with_a_source_away(RELEASE)
    assert isinstance(found, ev.StepMeasured)
    assert (found.verdict, found.because.rpartition("; ")[2]) == ("warn", "github cannot be reached")


@pytest.mark.parametrize("changes", [(), (Deployed(at=ALERT - timedelta(days=5)),)])
async def test_where_a_source_is_away_silence_is_never_ok(changes: tuple[Deployed, ...]) -> None:
    found = await with_a_source_away(*changes)
    assert isinstance(found, ev.StepMeasured)
    assert (found.verdict, found.because) == ("error", "github cannot be reached")
