"""Which addresses a connector may connect to: those of the host that evenkeel.yaml names, and no others.

A name is looked up once for each connection, every address that it leads to is judged, and the connection is made to
an address that was judged: a name that answers differently the second time gains nothing. Private, loopback and
link-local addresses are reached only where the configuration says so: ``private: true``, ``localhost``, or the
address itself in the url. Addresses that clouds hand out credentials at are reached only where they stand in the url.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpcore
import httpx

from bot.connectors.answers import Wording
from bot.connectors.streams import Streams

Address = IPv4Address | IPv6Address
#: Where clouds serve their metadata, beside all link-local addresses.
_METADATA = frozenset(ip_address(one) for one in ("100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254"))
_NAT64 = ip_network("64:ff9b::/96")


@cache
def _names() -> ThreadPoolExecutor:
    """Threads of their own for looking up names: one that hangs must not hold up the threads of anybody else."""
    return ThreadPoolExecutor(max_workers=16, thread_name_prefix="names")


def judged(address: str, *, host: str, private: bool) -> str | None:
    """Why the address must not be connected to when ``host`` was asked for, or None if it may be."""
    found = _plain(ip_address(address.partition("%")[0]))
    if _named(host) == found:
        return None
    if found.is_link_local or found in _METADATA:
        return f"leads to {found}, where clouds keep credentials; write that address itself if it is right"
    if found.is_multicast or found.is_unspecified:
        return f"leads to {found}, which is nobody's address"
    if found.is_global or private or (host.lower() == "localhost" and found.is_loopback):
        return None
    return f"leads to the private address {found}; if that is right, add private: true to it in evenkeel.yaml"


def _named(host: str) -> Address | None:
    try:
        return _plain(ip_address(host.strip("[]")))
    except ValueError:
        return None


def _plain(address: Address) -> Address:
    """An IPv4 address that was wrapped in an IPv6 one, unwrapped."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else address


class GuardedTransport(httpx.AsyncHTTPTransport):
    """The network for one connector, whose sentences ``wording`` makes."""

    def __init__(
        self, wording: Wording, host: str, *, private: bool, verify: ssl.SSLContext, limits: httpx.Limits
    ) -> None:
        super().__init__(verify=verify, limits=limits, trust_env=False)
        self._streams = Streams()
        # httpx has no public way to say how a connection is made; httpcore has.
        self._pool._network_backend = _Guarded(wording, host, private=private, streams=self._streams)

    async def aclose(self) -> None:
        """Nothing is open any more, and a connection that is just being made is closed once it is there."""
        await self._streams.close()
        await super().aclose()


class _Guarded(httpcore.AsyncNetworkBackend):
    def __init__(self, wording: Wording, host: str, *, private: bool, streams: Streams) -> None:
        self._streams = streams
        self._wording = wording
        self._host = host
        self._private = private
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature of httpcore
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address of ``host`` that answers, of those that it may be made to."""
        lost: Exception = httpcore.ConnectError("no address")
        for address in self._allowed(await self._looked_up(host, port, timeout)):
            try:
                made = await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                lost = error
            else:
                return await self._streams.keep(made)
        raise lost

    async def _looked_up(self, host: str, port: int, limit: float | None) -> list[str]:
        if _named(host) is not None:
            return [host.strip("[]")]  # an address is no name: nobody has to be asked, and no thread has to wait
        look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        try:
            async with asyncio.timeout(limit):
                found = await asyncio.get_running_loop().run_in_executor(_names(), look_up)
        except TimeoutError:
            raise httpcore.ConnectTimeout("the name was not found in time") from None
        except (OSError, UnicodeError):
            raise httpcore.ConnectError("the name is not known") from None
        return list(dict.fromkeys(str(one[4][0]) for one in found))

    def _allowed(self, addresses: list[str]) -> list[str]:
        verdicts = {one: judged(one, host=self._host, private=self._private) for one in addresses}
        allowed = [one for one, wrong in verdicts.items() if wrong is None]
        if addresses and not allowed:
            raise self._wording.refused(verdicts[addresses[0]] or "")
        return allowed
