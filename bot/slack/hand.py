"""One surface's turn: its calls are drawn when their slot comes, and made only under a lease that outlives them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.clock import Clock
from bot.errors import LeaseLost, SlackRefusal
from bot.slack.admission import Admission
from bot.slack.board import Board
from bot.slack.gateway import CALL_LIMIT, Gateway, Json
from bot.slack.plan import Home, Standing
from bot.slack.slots import Rank
from bot.slack.view.surface import INCIDENT, Surface

_NOT_THERE_ANY_MORE = frozenset({"channel_not_found", "not_in_channel", "is_archived"})


class Hand:
    """One surface's turn. ``drawn`` is what last went out; ``standing`` is from before the turn."""

    def __init__(
        self,
        surface: Surface,
        *,
        board: Board,
        gateway: Gateway,
        admission: Admission,
        draw: Callable[[], Sequence[Surface]],
        clock: Clock,
        home: Home | None,
        rank: Rank,
        installation: str,
    ) -> None:
        self.drawn = surface
        self.standing = board.of(surface)
        self.gateway = gateway
        self.rank = rank
        self._board = board
        self._admission = admission
        self._draw = draw
        self._clock = clock
        self._home = home
        self._installation = installation

    @property
    def surface_name(self) -> str:
        """What a message carries in its metadata."""
        return f"{self._installation}/INC-{self._board.lease.number}/{self.standing.key}"

    def check_lease(self) -> None:
        """Raises ``LeaseLost`` unless the lease outlives a call that starts now."""
        if self._board.lease.until < self._clock.now() + timedelta(seconds=CALL_LIMIT):
            raise LeaseLost(f"INC-{self._board.lease.number}: the lease ends before a call would")

    async def call(
        self,
        method: str,
        arguments: Callable[[Surface], Json | None],
        *,
        creating: bool = False,
        channel: str | None = None,
        fine: frozenset[str] = frozenset(),
    ) -> Json | None:
        """Slack's answer; None if the surface is not wanted any more, or ``arguments`` says that nothing is to do.

        Refusals in ``fine`` are as good as done.
        """

        def drawing() -> Json | None:
            self.check_lease()
            newest = next((s for s in self._draw() if s.key == self.standing.key), None)
            if newest is None:
                return None
            self.drawn = newest
            return arguments(newest)

        try:
            return await self.gateway.call(method, drawing, rank=self.rank, creating=creating, channel=channel)
        except SlackRefusal as refused:
            if refused.code in fine:
                return {}
            raise

    async def send(self, method: str, arguments: Json, *, fine: frozenset[str]) -> Json | None:
        """The same for a call that repeats harmlessly and is not drawn."""
        return await self.call(method, lambda _: arguments, fine=fine)

    async def home(self) -> Home:
        """Where the surface goes."""
        if self.drawn.place != INCIDENT:
            return Home(await self._admission.channel(self.drawn.place, rank=self.rank))
        if self._home is None:
            raise RuntimeError(f"{self.standing.key} was planned before its incident has a home")
        return self._home

    def left(self, refused: SlackRefusal) -> SlackRefusal:
        """The same refusal; a configured channel that is not as it was is looked up anew the next time."""
        if refused.code in _NOT_THERE_ANY_MORE and self.drawn.place != INCIDENT:
            self._admission.forget(self.drawn.place)
        return refused

    async def invitable(self, users: tuple[str, ...]) -> tuple[str, ...]:
        """Those who may be invited."""
        return await self._admission.invitable(users, rank=self.rank)

    def ts_of(self, key: str) -> str:
        """The timestamp of another message of the incident."""
        return self._board.standings[key].ts

    @property
    def age(self) -> float:
        """How many seconds ago the surface was intended."""
        return (self._clock.now() - self.since).total_seconds()

    @property
    def since(self) -> datetime:
        """When the surface was intended."""
        return self.standing.intent_at or self._clock.now()

    def placed(
        self, *, channel: str, ts: str = "", name: str = "", extra: str = "", digest: str | None = None
    ) -> Standing:
        """The standing of what is there now: as it was drawn, unless ``digest`` says otherwise."""
        return replace(
            self.standing,
            state="placed",
            settled_from=None,
            channel=channel,
            ts=ts,
            name=name or self.standing.name,
            extra=extra,
            digest=self.drawn.digest if digest is None else digest,
            error="",
            not_before=None,
        )
