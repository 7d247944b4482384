"""What the intake has to ask of the outside: certificates of who signs, and addresses that confirm a subscription.

A source has checked before that an address is its sender's own. Nothing is followed elsewhere, and nobody waits long.
"""

from __future__ import annotations

import asyncio

import httpx

from bot.errors import Unavailable

_PATIENCE = 5.0
#: a certificate has about 2 KiB
_LARGEST = 64 * 1024
_MOST_KEPT = 32


class Outside:
    """Asks over HTTPS. ``transport`` replaces the network."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._transport = transport
        self._certificates: dict[str, bytes] = {}
        self._asking = asyncio.Lock()

    async def certificate(self, address: str) -> bytes:
        """What lies at the address, asked once: it is named by its content. Raises ``Unavailable``."""
        if (known := self._certificates.get(address)) is not None:
            return known
        async with self._asking:  # one at a time: strangers cannot make us ask for many
            if address not in self._certificates:
                found = await self._get(address)
                if len(self._certificates) >= _MOST_KEPT:
                    self._certificates.pop(next(iter(self._certificates)))
                self._certificates[address] = found
        return self._certificates[address]

    async def visit(self, address: str) -> None:
        """The address was asked for, and answered that all is well. Raises ``Unavailable``."""
        await self._get(address)

    async def _get(self, address: str) -> bytes:
        host = httpx.URL(address).host
        read = bytearray()
        try:
            async with (
                asyncio.timeout(_PATIENCE),
                httpx.AsyncClient(transport=self._transport, timeout=_PATIENCE) as client,
                client.stream("GET", address) as answer,
            ):
                if answer.status_code != httpx.codes.OK:
                    raise Unavailable(f"{host} answered {answer.status_code}; send it again later.")
                async for piece in answer.aiter_bytes(8192):
                    read += piece
                    if len(read) > _LARGEST:
                        raise Unavailable(f"{host} answered more than was asked for; send it again later.")
        except (httpx.HTTPError, TimeoutError):
            raise Unavailable(f"{host} could not be reached; send it again later.") from None
        return bytes(read)
