"""Lets the real core walk: alert in, work run, people heard, and the clock put forward to what is due next.

The service, the controller, the agenda, the fold and the steps are those of ``evenkeel serve``, over a database in a
temporary folder. Only Slack is nobody's, the sources are recorded, and time stands still while something is done.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

import msgspec

from bot.alerts.alert import Alert
from bot.clock import SteppedClock
from bot.config import Settings
from bot.connectors import AllChanges, Change, Connectors
from bot.controller import Controller, Means
from bot.errors import Mistake
from bot.incidents.agenda import agenda
from bot.incidents.events import Entry
from bot.incidents.incident import Incident
from bot.replay.crew import Crew
from bot.replay.recording import Act, Recording
from bot.replay.short import ShortRunner
from bot.replay.sources import Asked, RecordedSources, recorded_connectors
from bot.replay.world import World, world_turns
from bot.runbooks.loading import Library
from bot.runbooks.schema import Action
from bot.runbooks.steps import StepRunner
from bot.runbooks.steps.paging import Calling
from bot.service import Service
from bot.slack.app import workplace_of
from bot.slack.board import Lease, Report
from bot.slack.reconcile import Draw, Reconciler
from bot.slack.slots import Rank
from bot.store import Store, open_store
from bot.store.changes import Change as ChangeRow

P = ParamSpec("P")
T = TypeVar("T")

_OWNER = "replay"
#: However much is due, a replay ends: a day's watch every minute takes 1,440 rounds.
_MOST_ROUNDS = 20_000
#: So often in a row it may be time for something and nothing happens.
_MOST_IDLE = 12
_A_MOMENT = timedelta(seconds=15)


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """How it went: the incident at the end, its log, and what was asked, written, refused and left undone."""

    incident: Incident
    entries: list[Entry]
    ended_at: datetime
    written: list[Asked]
    unanswered: list[Asked]
    unused: list[str]
    left: tuple[Act, ...]
    refused: dict[str, str]


class _Nobody:
    """A Slack that knows nobody by a group or an address; who is on call stands in the answers."""

    async def group(self, group: str) -> tuple[str, ...]:  # noqa: ARG002
        """Nobody."""
        return ()

    async def by_email(self, email: str) -> str | None:  # noqa: ARG002
        """Nobody."""
        return None


class _Unseen(Reconciler):
    """A workspace that nobody looks at: nothing is drawn and nothing is called."""

    def __init__(self) -> None:
        self.drawn = 0

    async def bring(
        self,
        held: Lease,  # noqa: ARG002
        draw: Draw,  # noqa: ARG002
        report: Report,  # noqa: ARG002
        *,
        rank: Callable[[], Rank] | None = None,  # noqa: ARG002
    ) -> datetime | None:
        """Nothing is missing."""
        self.drawn += 1
        return None


async def replay(
    alerts: Sequence[Alert], recording: Recording, *, settings: Settings, library: Library, begins: datetime
) -> Replayed:
    """Walks the runbook of ``library`` that fits the alerts, from ``begins`` until nothing more can happen.

    Raises ``Mistake`` if the alerts open no incident.
    """
    with tempfile.TemporaryDirectory(prefix="evenkeel-replay-") as folder:
        clock = SteppedClock(begins)
        async with _walk(Path(folder), clock, recording, settings, library) as walk:
            taken = await walk.service.take(alerts[0].source, alerts)
            if not taken.incidents:
                raise Mistake("the alert opens no incident: it is resolved already")
            await walk.record_changes()
            return await walk.to_its_end()


class _Walk:
    """One replay while it runs."""

    def __init__(
        self, store: Store, service: Service, controller: Controller, clock: SteppedClock, recording: Recording,
        sources: RecordedSources,
    ) -> None:  # fmt: skip
        self.store, self.service, self.controller = store, service, controller
        self._clock, self._recording, self._sources = clock, recording, sources
        self._begins = clock.now()

    async def record_changes(self) -> None:
        """What was released, switched or re-aliased before the alert."""
        service = (await self.service.incident(1)).service
        for one in self._recording.changes:
            at = self._begins - timedelta(seconds=one.before)
            change = ChangeRow(
                service=service, at=at, kind=one.kind, version=one.version, previous=one.previous, by=one.by,
                url=one.url,
            )  # fmt: skip
            await self.service.take_change(change)

    async def to_its_end(self) -> Replayed:
        """Until the people have done what they could and nothing is due any more."""
        crew = Crew(self._recording.people, self.service, number=1, begins=self._begins)
        ends = self._begins + timedelta(seconds=self._recording.until)
        seq = idle = 0
        for _ in range(_MOST_ROUNDS):
            await self.controller.settle()
            now, head = self._clock.now(), await self.service.incident(1)
            idle = idle + 1 if head.seq == seq else 0
            seq = head.seq
            if idle > _MOST_IDLE:
                raise Mistake(f"the replay does not go on after {now - self._begins}: the log says why")
            if await crew.act(head, now):
                continue
            due = (await self.store.leases.outlook()).next_due
            moments = [at for at in (due, crew.next_at) if at is not None and at > now]
            if not moments and agenda(head, now, lease_no=0).work and head.status == "open":
                moments = [now + _A_MOMENT]
            if not moments or min(moments) > (ends if crew.goes_on(now) or world_turns(head) else crew.rests_at):
                break
            self._clock.advance((min(moments) - now).total_seconds())
        return await self._replayed(crew)

    async def _replayed(self, crew: Crew) -> Replayed:
        answers = [answer for each in self._recording.sources.values() for answer in each]
        return Replayed(
            incident=await self.service.incident(1), entries=await self.service.entries(1),
            ended_at=self._clock.now(), written=self._sources.written,
            unanswered=list(self._sources.unanswered.values()),
            unused=[answer.place for answer in answers if answer.place not in self._sources.used],
            left=crew.left, refused=crew.refused,
        )  # fmt: skip


@asynccontextmanager
async def _walk(
    folder: Path, clock: SteppedClock, recording: Recording, settings: Settings, library: Library
) -> AsyncIterator[_Walk]:
    store = open_store(f"sqlite:///{folder / 'replay.db'}", clock=clock, durable=False)
    settings = _with_people(settings, recording)
    world = World(recording, clock)
    sources = RecordedSources(
        recording.sources, serves=_serves(settings, library), traffic=world.traffic, carried_out=world.carried_out,
        passed=world.passed,
    )  # fmt: skip
    connectors = Connectors(recorded_connectors(settings.connectors), transport=sources)
    asked = Service(store, settings=settings, library=library, owner=_OWNER)

    async def changes(service: str, *, since: datetime) -> Sequence[Change]:
        return await store.changes.of(service, since=since)

    calling = Calling(
        connectors=connectors, directory=_Nobody(), installation=settings.installation, address=settings.public_url
    )
    steps = StepRunner(
        connectors=connectors, changes=AllChanges(changes, connectors.change_sources), compute=_here, now=clock.now,
        calling=calling,
    )  # fmt: skip
    world.runner = ShortRunner(steps, recording)
    means = Means(
        store=store, service=asked, reconciler=_Unseen(), runner=world.runner, clock=clock,
        workplace=workplace_of(settings),
    )  # fmt: skip
    try:
        yield _Walk(store, asked, Controller(means, owner=_OWNER), clock, recording, sources)
    finally:
        await connectors.close()
        store.close()


async def _here(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Nothing else has to go on meanwhile."""
    return work(*args, **kwargs)


def _with_people(settings: Settings, recording: Recording) -> Settings:
    """Who the answers say was on call is nobody's to look up."""
    rotas = {name: rota for name, rota in settings.rotas.items() if name not in recording.oncall}
    return msgspec.structs.replace(settings, oncall=settings.oncall | recording.oncall, rotas=rotas)


def _serves(settings: Settings, library: Library) -> set[str]:
    """The queries that ask which version serves."""
    served = [service.serving for service in settings.services.values() if service.serving]
    actions = [action for service in settings.services.values() for action in service.actions.values()]
    actions += [step.spec for runbook in library.runbooks for step in runbook.steps if isinstance(step.spec, Action)]
    asked = [*served, *(action.done_when for action in actions)]
    return {query for one in asked for query in (one.promql, one.graphite) if query}
