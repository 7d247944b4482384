"""What the bot called, when, and how it was answered."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import islice

import msgspec

from bot.sandbox.workspace.values import Json


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call of the Web API, or one answer to a modal (``response_action``) that Slack would refuse.

    ``at`` is when it came in by the workspace's clock, which people read and which may jump.
    ``began`` and ``ended`` are seconds on the journal's own timer, ``ended`` None while it runs. ``ok`` is what
    was done; ``lost`` says that the caller never heard of it. A call dropped before its work has the error
    ``dropped``; one answered by a bare HTTP status has ``http_500``. ``used`` and ``allowed`` say how much of the
    method's limit was used when the call came in.
    """

    number: int
    method: str
    args: Json
    at: datetime
    began: float
    ended: float | None = None
    ok: bool | None = None
    error: str = ""
    detail: Json = msgspec.field(default_factory=dict)
    lost: bool = False
    used: int = 0
    allowed: int = 0


class Journal:
    """The last calls, oldest first; how many ran at once, and how many had to run one after another."""

    def __init__(
        self,
        *,
        timer: Callable[[], float] = time.perf_counter,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        most: int = 20_000,
    ) -> None:
        self._timer = timer
        self._clock = clock
        self._calls: dict[int, Call] = {}
        self._order: deque[int] = deque()
        self._most = most
        self._count = 0
        self.in_flight = 0
        self.most_at_once = 0

    @property
    def count(self) -> int:
        """How many calls there ever were."""
        return self._count

    def begin(self, method: str, args: Json, *, used: int = 0, allowed: int = 0) -> int:
        """The call has come in; returns its number. The limit is as ``Call`` has it."""
        self._count += 1
        self._calls[self._count] = Call(
            number=self._count,
            method=method,
            args=args,
            at=self._clock(),
            began=self._timer(),
            used=used,
            allowed=allowed,
        )
        self._order.append(self._count)
        if len(self._order) > self._most:
            self._calls.pop(self._order.popleft())
        self.in_flight += 1
        self.most_at_once = max(self.most_at_once, self.in_flight)
        return self._count

    def end(
        self,
        number: int,
        *,
        ok: bool,
        error: str = "",
        detail: Json | None = None,
        lost: bool = False,
    ) -> None:
        """The call is answered, or given up."""
        self.in_flight -= 1
        if number in self._calls:
            self._calls[number] = msgspec.structs.replace(
                self._calls[number],
                ended=self._timer(),
                ok=ok,
                error=error,
                detail=detail or {},
                lost=lost,
            )

    def note(self, method: str, args: Json, *, error: str) -> None:
        """Something that was refused without a call."""
        self.end(self.begin(method, args), ok=False, error=error)

    def calls(self, method: str = "") -> list[Call]:
        """All calls, or those of one method, oldest first."""
        return [call for call in self._calls.values() if method in ("", call.method)]

    def latest(self, most: int) -> list[Call]:
        """The last ``most`` calls, the newest first."""
        return [self._calls[number] for number in islice(reversed(self._order), most)]

    def refused(self, *, but: Iterable[str] = ()) -> list[Call]:
        """Every call that was answered ``ok: false``, but for these error codes."""
        return [call for call in self._calls.values() if call.ok is False and call.error not in set(but)]

    def clear(self) -> None:
        """Forget what has ended; what runs is still counted."""
        self._calls = {number: call for number, call in self._calls.items() if call.ended is None}
        self._order = deque(self._calls)
        self.most_at_once = self.in_flight

    def chain(self, *, until: Call | None = None) -> list[Call]:
        """The longest row of calls of which each began after the one before had ended: the critical path.

        With ``until`` it is the longest row that ends with that call.
        """
        calls = sorted(self._calls.values(), key=lambda each: each.began)
        over = iter(sorted((c for c in calls if c.ended is not None), key=lambda each: each.ended or 0.0))
        following = next(over, None)
        before: dict[int, Call | None] = {}
        length: dict[int, int] = {0: 0}
        longest: Call | None = None
        for call in calls:
            while following and (following.ended or 0.0) <= call.began:
                if longest is None or length[following.number] > length[longest.number]:
                    longest = following
                following = next(over, None)
            before[call.number] = longest
            length[call.number] = 1 + length[longest.number if longest else 0]
        last = until or max(calls, key=lambda each: length[each.number], default=None)
        row: list[Call] = []
        while last:
            row.append(last)
            last = before[last.number]
        return row[::-1]
