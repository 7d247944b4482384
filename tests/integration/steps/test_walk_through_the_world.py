"""The shipped runbook's automatic steps and its rollback, against the sandbox's world over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import bot.sandbox
from bot.config import load_settings
from bot.config.files import read_secret
from bot.connectors import Change, Connectors
from bot.incidents import events as ev
from bot.incidents.agenda import Work, WorkKind
from bot.incidents.fold import apply, fold
from bot.incidents.incident import Incident
from bot.runbooks.catalogue import expand
from bot.runbooks.loading import load_runbook
from bot.runbooks.steps import StepRunner
from tests.integration.sandbox_world.conftest import Served, scenario, served
from tests.unit.steps.scene import Deployed, computed

__all__ = ["scenario", "served"]

ROOT = Path(bot.sandbox.__file__).parent.parent


class Walk:
    """An incident in memory, the steps run on it one by one. ``lines`` are what people would read."""

    def __init__(self, world: Served, connectors: Connectors, head: Incident, changes: Sequence[Change]) -> None:
        self._world = world
        self.head = head
        self._changes = changes
        self.runner = StepRunner(connectors=connectors, changes=self._known, compute=computed, now=world.clock)

    async def _known(self, service: str, *, since: datetime) -> Sequence[Change]:
        return [change for change in self._changes if change.service == service and change.at >= since]

    async def append(self, *events: ev.AnyEvent) -> None:
        for event in events:
            entry = ev.Entry(seq=self.head.seq + 1, at=self._world.clock(), by="evenkeel", event=event)
            self.head = apply(self.head, entry)

    async def run(self, kind: WorkKind, step: str = "") -> tuple[ev.AnyEvent, ...]:
        found = await self.runner(self.head, Work(kind=kind, step=step), lease_no=1, begin=self.append)
        await self.append(*found)
        return found

    async def request_and_approve(self, target: str, *, undo: bool = False) -> None:
        attempt = self.head.state("rollback").attempt + (1 if undo else 0)
        running = self.head.versions.running if self.head.versions and not undo else "41"
        expires = self._world.clock() + timedelta(minutes=15)
        await self.append(
            ev.ApprovalRequested(
                step="rollback", attempt=attempt, target=target, running=running, expires_at=expires, undo=undo
            ),
            ev.Approved(step="rollback", attempt=attempt),
        )


@pytest.fixture
async def walk(served: Served) -> AsyncIterator[Walk]:
    text = (ROOT / "sandbox" / "evenkeel.yaml").read_text(encoding="utf-8")
    settings = load_settings(
        text, file="evenkeel.yaml", environment={"WORLD_URL": served.address}, read_secret=read_secret
    )
    library = ROOT / "runbooks" / "library" / "model-performance-drop.yaml"
    short = load_runbook(library.read_text(encoding="utf-8"), file=library.name)
    served.clock.forward(30)
    opened = ev.IncidentOpened(
        number=1, title="recall", service="fraud-scorer", failure_mode="performance", source="alertmanager",
        began_at=served.clock(),
    )  # fmt: skip
    attached = ev.RunbookAttached(runbook=expand(short, settings.services["fraud-scorer"]))
    log: tuple[ev.AnyEvent, ...] = (opened, attached)
    head = fold(
        ev.Entry(seq=seq, at=served.clock(), by="alertmanager", event=event) for seq, event in enumerate(log, 1)
    )
    assert head is not None
    connectors = Connectors(settings.connectors)
    release = Deployed(at=served.clock() - timedelta(minutes=14))
    yield Walk(served, connectors, head, [release])
    await connectors.close()


async def test_the_evidence_names_the_release_the_drop_and_the_better_version(walk: Walk) -> None:
    assert await walk.run("versions") == (ev.VersionsSeen(running="42", target="41", shares={"42": 1.0}),)
    for step in ("changes", "live", "health", "versions"):
        await walk.run("measure", step)
    state = walk.head.steps
    assert [state[step].verdict for step in ("changes", "live", "health", "versions")] == ["warn", "bad", "ok", "bad"]
    assert state["changes"].because.endswith("(deploy #881), 14 min before the alert")
    assert state["live"].because.startswith("Recall 0.7")
    assert state["live"].because.endswith(" confirmed frauds · labels 30 s old")
    assert state["live"].baseline == pytest.approx(0.83, abs=0.02)
    assert state["versions"].because.startswith("v42 against v41, same 3,180 confirmed frauds: -")
    assert state["versions"].because.endswith("; worst slice: card-not-present")


async def test_without_a_recorded_change_yesterdays_traffic_names_the_target(walk: Walk) -> None:
    walk._changes = ()
    (seen,) = await walk.run("versions")
    assert seen == ev.VersionsSeen(running="42", target="41", shares={"42": 1.0})


async def test_a_rollback_is_written_once_confirmed_by_traffic_watched_and_undone(walk: Walk) -> None:
    clock = walk._world.clock
    await walk.run("versions")
    await walk.request_and_approve("41")
    (finished,) = await walk.run("act", "rollback")
    assert isinstance(finished, ev.ActionFinished)
    assert (finished.outcome, finished.because) == ("written", "")
    assert walk._world.world.flag("production").value == "41"
    action = walk.head.state("rollback").action
    assert action is not None
    assert (action.captured["value"], action.captured["percentages"]) == ("42", {"42": 100.0})

    clock.forward(2)
    (early,) = await walk.run("confirm", "rollback")
    assert isinstance(early, ev.ActionLooked)
    assert not early.holds
    clock.forward(12)
    assert [type(event) for event in await walk.run("confirm", "rollback")] == [ev.ActionLooked]
    clock.forward(5)
    assert type((await walk.run("confirm", "rollback"))[-1]) is ev.ActionConfirmed

    await walk.append(ev.WatchStarted(step="day", attempt=1, until=clock() + timedelta(minutes=10), every=10.0))
    clock.forward(10)
    (soon,) = await walk.run("look", "day")
    clock.forward(60)
    (later,) = await walk.run("look", "day")
    assert isinstance(soon, ev.WatchLooked)
    assert isinstance(later, ev.WatchLooked)
    assert (soon.verdict, later.verdict, later.running) == ("no_data", "ok", "41")
    assert later.because.startswith("Recall 0.8")

    await walk.request_and_approve("42", undo=True)
    (undone,) = await walk.run("act", "rollback")
    assert isinstance(undone, ev.ActionFinished)
    assert undone.outcome == "written"
    assert walk._world.world.flag("production").value == "42"


async def test_a_rollback_that_is_done_already_is_refused(walk: Walk) -> None:
    await walk.run("versions")
    await walk.request_and_approve("41")
    walk._world.world.set_flag("production", {"41": 100.0})
    walk._world.clock.forward(60)
    (finished,) = await walk.run("act", "rollback")
    assert isinstance(finished, ev.ActionFinished)
    assert finished.outcome == "refused"
    assert "v41 already serves 100 % of the traffic" in finished.because


async def test_a_lost_answer_is_settled_by_the_traffic(walk: Walk) -> None:
    await walk.run("versions")
    await walk.request_and_approve("41")
    await walk.append(ev.ActionStarted(step="rollback", attempt=1, lease_no=99, call="flags.set"))
    walk._world.world.set_flag("production", {"41": 100.0})
    walk._world.clock.forward(20)
    await walk.run("settle", "rollback")
    (_, confirmed) = await walk.run("settle", "rollback")
    assert isinstance(confirmed, ev.ActionConfirmed)
    assert confirmed.settled
