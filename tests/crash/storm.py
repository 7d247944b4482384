"""Senders that do what alerting systems do: what is not answered 202 they send again, whoever is gone meanwhile."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

from tests.crash.process import TOKEN

SERVICES = ("fraud", "churn", "ranking", "search")
SENDERS = 8
#: of so many requests, one is sent once more although it was answered 202
REPEATED = 10
#: between two tries of one sender, in seconds
_PAUSE = 0.02


@dataclass
class Storm:
    """``answered``: the fingerprints of all alerts that were answered 202, with their service."""

    port: int
    answered: dict[str, str] = field(default_factory=dict)
    requests: int = 0
    over: bool = False
    _more: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def blow(self) -> None:
        """Sends until it is ``over``, and every sender has had its last answer."""
        async with asyncio.TaskGroup() as senders:
            for sender in range(SENDERS):
                senders.create_task(self._send(sender))

    async def goes_on(self, requests: int) -> None:
        """Returns when so many more requests were answered."""
        enough = self.requests + requests
        async with self._more:
            await self._more.wait_for(lambda: self.requests >= enough)

    async def _send(self, sender: int) -> None:
        number = 0
        while not self.over:
            number += 1
            service = SERVICES[(sender + number) % len(SERVICES)]
            names = [f"{sender}-{number}-{part}" for part in range(1 + number % 3)]
            for _ in range(2 if number % REPEATED == 0 else 1):
                await self._until_answered([_alert(name, service) for name in names])
                self.answered |= dict.fromkeys(names, service)

    async def _until_answered(self, alerts: list[dict[str, object]]) -> None:
        while (code := await self._answer(alerts)) is None:  # noqa: ASYNC110 - it is another process that has to come back
            await asyncio.sleep(_PAUSE)
        assert code == 202
        async with self._more:
            self.requests += 1
            self._more.notify_all()

    async def _answer(self, alerts: list[dict[str, object]]) -> int | None:
        """The code, over a connection of its own; None if nobody was there, or went away."""
        body = json.dumps({"alerts": alerts}).encode()
        head = (
            f"POST /alerts/alertmanager HTTP/1.1\r\nhost: storm\r\nauthorization: Bearer {TOKEN}\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return None
        try:
            writer.write(head.encode() + body)
            answer = await reader.read()
        except OSError:
            return None
        finally:
            writer.close()
        return int(answer.split()[1]) if b"\r\n\r\n" in answer else None


def _alert(name: str, service: str) -> dict[str, object]:
    return {
        "status": "firing", "startsAt": "2026-11-21T03:00:00Z", "fingerprint": name,
        "labels": {"alertname": "ModelRecallDrop", "service": service, "severity": "critical", "instance": name},
    }  # fmt: skip
