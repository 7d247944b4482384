"""Slack on a bad day: what tests and drills make go wrong, call by call."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Literal

import msgspec

EVERY_METHOD = "*"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that goes wrong with one call.

    ``slow`` waits ``seconds`` before the work. ``error``, ``status`` and ``ratelimited`` refuse it.
    ``drop_before`` ends the connection before the work, ``lose_answer`` after it: the caller cannot tell which.
    """

    kind: Literal["slow", "error", "status", "ratelimited", "lose_answer", "drop_before"]
    seconds: float = 0.0
    code: str = ""
    status: int = 500


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A fault that is to come. ``times`` is for how many calls more, None: always. ``number`` names it."""

    number: int
    method: str
    fault: Fault
    times: int | None


class Hold:
    """A gate in a call's way, instead of a sleep: ``reached`` is set when it stands there."""

    def __init__(self, *, after_the_work: bool) -> None:
        self.after_the_work = after_the_work
        self.reached = asyncio.Event()
        self._open = asyncio.Event()

    def release(self) -> None:
        """The call goes on."""
        self._open.set()

    async def stand(self) -> None:
        """The call is here, until it is released."""
        self.reached.set()
        await self._open.wait()


class Faults:
    """What goes wrong, by method (``*`` for every one), for the next calls or always, in the order given.

    ``latency`` is what every call takes in all, in seconds: half before the work, half after it.
    """

    def __init__(self) -> None:
        self.latency = 0.0
        self._planned: list[Planned] = []
        self._count = 0
        self._holds: list[tuple[str, Hold]] = []
        self._cleared = asyncio.Event()

    def slow(self, method: str, seconds: float, *, times: int | None = 1) -> None:
        """The work begins ``seconds`` late. ``times`` None means always, here and below."""
        self.add(method, Fault(kind="slow", seconds=seconds), times=times)

    def error(self, method: str, code: str, *, times: int | None = 1) -> None:
        """The call is answered ``{"ok": false, "error": code}`` and does nothing."""
        self.add(method, Fault(kind="error", code=code), times=times)

    def status(self, method: str, status: int = 500, *, times: int | None = 1) -> None:
        """The call is answered by an HTTP status and does nothing."""
        self.add(method, Fault(kind="status", status=status), times=times)

    def ratelimited(self, method: str, retry_after: int, *, times: int | None = 1) -> None:
        """The call is answered 429 with ``Retry-After`` and does nothing."""
        self.add(method, Fault(kind="ratelimited", seconds=retry_after), times=times)

    def lose_answer(self, method: str, *, times: int | None = 1) -> None:
        """The work is done, and the connection dropped before a byte of the answer."""
        self.add(method, Fault(kind="lose_answer"), times=times)

    def drop_before(self, method: str, *, times: int | None = 1) -> None:
        """The connection is dropped and nothing is done."""
        self.add(method, Fault(kind="drop_before"), times=times)

    def hold(self, method: str, *, after_the_work: bool = False) -> Hold:
        """The next call of the method stops, before or after its work, until it is released."""
        hold = Hold(after_the_work=after_the_work)
        self._holds.append((method, hold))
        return hold

    def add(self, method: str, fault: Fault, *, times: int | None = 1) -> int:
        """Plan a fault; returns the number by which it can be taken back."""
        self._count += 1
        self._planned.append(Planned(number=self._count, method=method, fault=fault, times=times))
        return self._count

    def planned(self) -> tuple[Planned, ...]:
        """What is to come, in the order in which it is used up."""
        return tuple(self._planned)

    def remove(self, number: int) -> bool:
        """The planned fault does not come; False if there is none of this number (any more)."""
        before = len(self._planned)
        self._planned = [one for one in self._planned if one.number != number]
        return len(self._planned) < before

    def clear(self) -> None:
        """Nothing goes wrong any more, nothing is held or late."""
        self._planned.clear()
        cleared, self._cleared = self._cleared, asyncio.Event()
        cleared.set()
        for _, hold in self._holds:
            hold.release()
        self._holds.clear()

    async def late(self, seconds: float) -> None:
        """Returns ``seconds`` later, or once everything is well again."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._cleared.wait()

    def take(self, method: str) -> Fault | None:
        """The fault of this call, which is then used up."""
        for place, one in enumerate(self._planned):
            if one.method in (method, EVERY_METHOD):
                if one.times is not None:
                    left = [msgspec.structs.replace(one, times=one.times - 1)] if one.times > 1 else []
                    self._planned[place : place + 1] = left
                return one.fault
        return None

    def take_hold(self, method: str) -> Hold | None:
        """The gate in this call's way, which stands in nobody else's."""
        for place, (planned, hold) in enumerate(self._holds):
            if planned in (method, EVERY_METHOD):
                del self._holds[place]
                return hold
        return None
