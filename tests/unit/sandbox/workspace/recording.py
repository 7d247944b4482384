"""A bot that only listens: everything that Slack tells it, in order."""

from __future__ import annotations

import itertools

from bot.sandbox.workspace.acks import Ack
from bot.sandbox.workspace.values import Json


class Recording:
    """A way to the bot that keeps what it was given; ``acks`` are its answers, then it acknowledges."""

    def __init__(self, *acks: Ack) -> None:
        self.told: list[tuple[str, Json]] = []
        self.retries: list[tuple[int, str]] = []
        self._acks = itertools.chain(acks, itertools.repeat(Ack()))

    async def deliver(self, kind: str, payload: Json, *, retry: int = 0, reason: str = "") -> Ack:
        self.told.append((kind, payload))
        self.retries.append((retry, reason))
        return next(self._acks)

    def events(self) -> list[Json]:
        """What happened, without the envelopes."""
        return [payload["event"] for kind, payload in self.told if kind == "events_api"]

    def interactions(self) -> list[Json]:
        """Presses, submissions and shortcuts."""
        return [payload for kind, payload in self.told if kind == "interactive"]
