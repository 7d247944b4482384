"""Slack is desired state: desired minus placed is what is called.

``bring`` draws what the workspace should show for an incident, compares it with what was placed, and makes the
missing calls side by side until nothing is missing that could be done now. A crash anywhere is mended by doing the
comparison again. Nothing waits inside: what has to wait is the time that ``bring`` returns.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.clock import Clock
from bot.errors import SlackError, SlackFailed, SlackLimited, SlackRefusal, SlackUnknown
from bot.incidents.events import AnyEvent, ChannelOpened, ChannelRefused, SlackRefused
from bot.slack.admission import Admission
from bot.slack.board import Board, Lease, Placements, Report
from bot.slack.emptying import with_emptied
from bot.slack.gateway import Gateway
from bot.slack.hand import Hand
from bot.slack.placing import BLIND, CHANGE, LOOK, PLACE
from bot.slack.plan import Call, Standing, home, paced, plan
from bot.slack.slots import Rank
from bot.slack.verdicts import LOCKED_OUT
from bot.slack.view.surface import Surface

Draw = Callable[[], Sequence[Surface]]

#: how long a call that was surely not carried out, or that repeats harmlessly, is left alone
_AWAY = timedelta(seconds=3)
#: how long everything is left alone while the token is not good
_LOCKED_OUT = timedelta(seconds=30)

#: an answer of these that is lost leaves open whether there is something new in Slack
CREATING_METHODS = frozenset({"conversations.create", "chat.postMessage", "bookmarks.add"})
#: our own word for a post whose answer was lost twice where the bot may not look
UNANSWERED = "no_answer"


class Reconciler:
    """Brings incidents' surfaces into Slack; one for all incidents of the process.

    ``settle``: seconds after which a call that was under way when its process died has ended inside Slack; above
    Slack's slowest answer. ``redraw_floor``: seconds between two redrawings of one card in a storm.
    """

    def __init__(
        self,
        gateway: Gateway,
        placements: Placements,
        clock: Clock,
        *,
        installation: str,
        settle: float = 2.0,
        redraw_floor: float = 5.0,
        allow_shared: bool = False,
        allow_guests: bool = False,
    ) -> None:
        self._gateway = gateway
        self._placements = placements
        self._clock = clock
        self._installation = installation
        self._settle = timedelta(seconds=settle)
        self._redraw_floor = timedelta(seconds=redraw_floor)
        self._admission = Admission(gateway, clock=clock, shared=allow_shared, guests=allow_guests)
        self._paces: dict[int, dict[str, datetime]] = {}

    async def bring(
        self, held: Lease, draw: Draw, report: Report, *, rank: Callable[[], Rank] | None = None
    ) -> datetime | None:
        """Slack shows what ``draw`` draws, or has refused it; returns when to come again, if something has to wait.

        ``report`` appends events to the incident's log. ``rank`` says who goes first when slots are scarce.
        Raises ``LeaseLost`` as soon as a call or a write is no longer ours to make.
        """
        board = Board(held, placements=self._placements, clock=self._clock, report=report)
        paces = self._paces.get(held.number, {})
        await asyncio.gather(board.load(paces), self._gateway.learn_limits())
        ranked = rank or (lambda: (held.number,))
        running: dict[asyncio.Task[None], str] = {}

        def drawn() -> Sequence[Surface]:
            return with_emptied(draw(), board.standings)

        meeting = asyncio.create_task(self._meet(drawn(), board))
        try:
            return await self._until_rest(board, drawn, ranked, running)
        finally:
            for task in (meeting, *running):
                task.cancel()
            await asyncio.gather(meeting, *running, *board.saving, return_exceptions=True)
            self._remember(board)

    async def _until_rest(
        self, board: Board, draw: Draw, rank: Callable[[], Rank], running: dict[asyncio.Task[None], str]
    ) -> datetime | None:
        while True:
            desired = draw()
            todo = plan(desired, board.standings, now=self._clock.now(), redraw_floor=self._redraw_floor)
            if todo.intents:
                await board.intend(todo.intents)
                continue
            for call in todo.calls:
                if call.surface.key not in running.values():
                    hand = self._hand(call.surface, desired, board, draw, rank())
                    running[asyncio.create_task(self._turn(call, hand, board))] = call.surface.key
            if not running and not board.saving:
                await board.withdraw()
                return todo.wake_at
            await _news(running, board)

    def _hand(self, surface: Surface, desired: Sequence[Surface], board: Board, draw: Draw, rank: Rank) -> Hand:
        return Hand(
            surface,
            board=board,
            gateway=self._gateway,
            admission=self._admission,
            draw=draw,
            clock=self._clock,
            home=home(desired, board.standings),
            rank=rank,
            installation=self._installation,
        )

    async def _turn(self, call: Call, hand: Hand, board: Board) -> None:
        """Carries out one call; whatever Slack says of it ends up on the board."""
        before, kind = hand.standing, call.surface.kind
        try:
            if call.act == "look":
                await self._look(hand, board)
            else:
                after = await (CHANGE if call.act == "change" else PLACE)[kind](hand)
                if after is not before:
                    pace = paced(before, self._clock.now(), self._redraw_floor)
                    board.learn(replace(after, paced_to=pace), *_opened(after))
        except SlackLimited as limited:
            self._hold_back(before, timedelta(seconds=limited.retry_after), board)
        except SlackUnknown as lost:
            if lost.method in CREATING_METHODS:
                board.learn(replace(before, state="asked", settled_from=self._clock.now()))
            else:
                self._hold_back(before, _AWAY, board)
        except SlackFailed as failed:
            self._hold_back(before, _LOCKED_OUT if failed.code in LOCKED_OUT else _AWAY, board)
        except SlackRefusal as refused:
            self._give_up(hand, refused.method, refused.code, board)

    async def _look(self, hand: Hand, board: Board) -> None:
        """Adopts what is there. Before it is settled that nothing is, nothing is repeated."""
        standing = hand.standing
        began = self._clock.now()
        settled_at = (standing.settled_from or began) + self._settle
        hand.check_lease()
        blind: SlackRefusal | None = None
        try:
            found = await LOOK[standing.kind](hand)
        except SlackRefusal as refused:
            if refused.code != "missing_scope":
                raise
            found, blind = None, refused
        if found is not None:
            board.learn(found, *_opened(found))
        elif began < settled_at:
            board.put(replace(standing, not_before=settled_at))
        elif blind is None:
            board.put(replace(standing, state="wanted", not_before=None))
        elif BLIND not in standing.extra.split():
            marks = f"{standing.extra} {BLIND}".strip()
            told = SlackRefused(surface=standing.key, method=blind.method, code=blind.code)
            board.learn(replace(standing, state="wanted", not_before=None, extra=marks), told)
        else:
            self._give_up(hand, blind.method, UNANSWERED, board)

    def _hold_back(self, standing: Standing, pause: timedelta, board: Board) -> None:
        board.put(replace(standing, not_before=self._clock.now() + pause))

    def _give_up(self, hand: Hand, method: str, code: str, board: Board) -> None:
        """Slack will not have it as it is drawn; the log is told once."""
        before = hand.standing
        refused = replace(before, state="refused", error=code, digest=hand.drawn.digest, not_before=None)
        if before.kind == "channel":
            board.learn(refused, ChannelRefused(code=code, surface=before.key))
        elif before.error == code:
            board.learn(refused)
        else:
            board.learn(refused, SlackRefused(surface=before.key, method=method, code=code))

    async def _meet(self, desired: Sequence[Surface], board: Board) -> None:
        """Who of those to be invited is a guest is known by the time that the channel is there."""
        with suppress(SlackError):
            for surface in desired:
                if surface.kind == "members" and not board.of(surface).there:
                    await self._admission.invitable(tuple(surface.content["users"]))

    def _remember(self, board: Board) -> None:
        """The pace of redrawing holds from one stay to the next; what is past is forgotten, of any incident."""
        now = self._clock.now()
        mine = {key: standing.paced_to for key, standing in board.standings.items() if standing.paced_to}
        paces = {**self._paces, board.lease.number: mine}
        later = {number: {key: at for key, at in of.items() if at > now} for number, of in paces.items()}
        self._paces = {number: of for number, of in later.items() if of}


async def _news(running: dict[asyncio.Task[None], str], board: Board) -> None:
    """Returns when a call ended or the log was told something, or nothing is under way. Raises what went wrong."""
    while running or board.saving:
        done, _ = await asyncio.wait({*running, *board.saving}, return_when=asyncio.FIRST_COMPLETED)
        told = [task for task in done if running.pop(task, "") or board.saved(task)]
        await asyncio.gather(*done)
        if told:
            return


def _opened(standing: Standing) -> tuple[AnyEvent, ...]:
    if standing.kind == "channel" and standing.state == "placed":
        return (ChannelOpened(channel=standing.channel, name=standing.name, surface=standing.key),)
    return ()
