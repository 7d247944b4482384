"""Alerts that somebody sends from the panel: they go to the bot's own address, and it is told what became of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final

import httpx
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.errors import EvenkeelError
from bot.sandbox.backstage.forms import form, refused
from bot.sandbox.backstage.outcomes import Came, came_of, sentence
from bot.sandbox.backstage.standing import read_leases
from bot.sandbox.story import RecordedPeople
from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.world import Posted, more_alerts
from bot.sandbox.world.alerting import Send
from bot.store.wakeups import Subscription
from bot.wiring import Evenkeel

#: in real seconds: by then everything about them stands in Slack, or it is said how far it is
DRAWN_WITHIN: Final = 30.0
_MOST_INCIDENTS: Final = 100


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """Something that can be sent: alerts, or ``what`` they are. ``watch`` says what to look for."""

    name: str
    label: str
    watch: str
    what: str = "alert"


OFFERS: Final = (
    Offer(
        name="storm", label="A storm: 1,000 alerts",
        watch="Every replica of search-ranker complains. Watch the list of channels: one new incident, and few Slack "
        "calls.",
    ),
    Offer(
        name="warning", label="A warning",
        watch="Watch #ml-incidents: one message with Open, Not now and Mute. No channel, and nobody is called.",
    ),
    Offer(
        name="safety", label="A safety alert",
        watch="Watch #ml-incidents: it says that there is one, not what it is about. Its channel is private and has "
        "no title; be Dee, and it is not there.",
    ),
    Offer(
        name="reports", label="Somebody noticed first", what="report",
        watch="Three people write into the support form before monitoring says anything. Watch #ml-incidents: they "
        "are counted in one message.",
    ),
)  # fmt: skip


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far one of the offers is: ``taken`` of ``alerts``. ``said`` says what became of it, once it is known."""

    offer: str
    taken: int
    alerts: int
    said: str = ""


class Told(msgspec.Struct, frozen=True):
    """The latest of each offer, the last one first."""

    rows: tuple[Progress, ...] = ()


class Sending:
    """One offer at a time is sent, in the order in which they are asked for.

    ``show`` is called whenever ``told`` says something else.
    """

    def __init__(
        self, send: Send, *, evenkeel: Evenkeel, workspace: WorkspaceServer, show: Callable[[], None],
        look: Callable[[], Awaitable[None]], timer: Callable[[], float] = time.perf_counter,
    ) -> None:  # fmt: skip
        """``look`` is awaited at the end, so that pages see at once what came of it; ``timer`` is in seconds."""
        self.told = Told()
        self._send, self._evenkeel, self._workspace = send, evenkeel, workspace
        self._show, self._look, self._timer = show, look, timer
        self._pressed: dict[str, int] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._one_by_one = asyncio.Lock()

    def routes(self) -> Sequence[BaseRoute]:
        """The addresses below ``/behind``."""
        return [Route("/alerts", self.alerts, methods=["POST"])]

    async def alerts(self, request: Request) -> Response:
        """The offer is being sent; answered before it is. What was sent is noted with the people's acts."""
        name = (await form(request)).get("name", "")
        offer = next((offer for offer in OFFERS if offer.name == name), None)
        if offer is None:
            return refused(f"There is nothing to send that is called “{name[:40]}”.")
        if name in self._tasks and not self._tasks[name].done():
            return refused("These are being sent already.", 409)
        self._tasks[name] = asyncio.create_task(self._carry_out(offer))
        return Response(status_code=202)

    async def finished(self) -> Told:
        """``told``, once everything that was asked for is sent, or could not be."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        return self.told

    async def close(self) -> None:
        """Nothing is sent any more."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _carry_out(self, offer: Offer) -> None:
        async with self._one_by_one:  # calls of Slack that nobody else caused can be counted
            number = self._pressed[offer.name] = self._pressed.get(offer.name, 0) + 1
            posts = more_alerts(offer.name, at=self._evenkeel.clock.now(), number=number)
            if isinstance(self._workspace.people, RecordedPeople):
                self._workspace.people.alerted(offer.name, number=number)
            await self._carry_out_now(offer, posts)
        await self._look()

    async def _carry_out_now(self, offer: Offer, posts: Sequence[Posted]) -> None:
        alerts = sum(post.alerts for post in posts)
        self._tell(Progress(offer=offer.label, taken=0, alerts=alerts))
        try:
            said = sentence(await self._sent(offer, posts, alerts=alerts))
        except httpx.HTTPStatusError as problem:
            said = f"The bot did not take them: HTTP {problem.response.status_code}."
        except EvenkeelError as problem:
            said = f"They are with the bot; what became of them is not known: {problem}"
        self._tell(Progress(offer=offer.label, taken=self.told.rows[0].taken, alerts=alerts, said=said))

    async def _sent(self, offer: Offer, posts: Sequence[Posted], *, alerts: int) -> Came:
        service, journal = self._evenkeel.service, self._workspace.journal
        known = {incident.number for incident in await service.listing()}
        first_call, began = journal.count, self._timer()
        taken, found = 0, dict[int, None]()
        with self._evenkeel.store.wakeups.subscribe() as changes:
            for post in posts:
                answer = (await self._send(post.path, post.body)).json()
                taken += answer["accepted"]
                found |= dict.fromkeys(int(key.removeprefix("INC-")) for key in answer["incidents"])
                self._tell(Progress(offer=offer.label, taken=taken, alerts=alerts))
            took = self._timer() - began
            drawn = await self._drawn(found, changes)
        incidents = [await service.incident(number) for number in found]
        calls = journal.latest(journal.count - first_call)
        return came_of(
            incidents, known=known, calls=calls, what=offer.what, taken=taken, took=took, drawn=drawn
        )  # fmt: skip

    async def _drawn(self, numbers: Collection[int], changes: Subscription) -> bool:
        """Whether the incidents rest, and Slack shows all of them; after ``DRAWN_WITHIN`` seconds at the latest."""
        end = self._timer() + DRAWN_WITHIN
        while self._timer() < end:
            rows = await self._evenkeel.store.writer.read(lambda one: read_leases(one, most=_MOST_INCIDENTS))
            left = [row for row in rows if row.number in numbers and (row.lease_owner or row.drawn_seq < row.seq)]
            if not left:
                return True
            await changes.wait(0.5)
        return False

    def _tell(self, progress: Progress) -> None:
        others = [row for row in self.told.rows if row.offer != progress.offer]
        self.told = Told((progress, *others))
        self._show()
