"""Where a connector connects to: names that lead home, to clouds' metadata, and elsewhere the second time."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.connectors import SourceRefused
from bot.connectors.client import JsonClient
from bot.connectors.network import judged
from tests.patience import PATIENCE
from tests.unit.connectors.sources import setting


class Names:
    """A resolver that answers with the next of its addresses each time it is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.asked = 0
        self._answers = list(answers)
        monkeypatch.setattr(socket, "getaddrinfo", self._answer)

    def _answer(self, host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        self.asked += 1
        address = self._answers[min(self.asked, len(self._answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in address.split()]


@asynccontextmanager
async def answering(connections: list[str]) -> AsyncIterator[int]:
    """A server on loopback that says 1; the hosts that it was asked for are noted."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        connections.append(next(line for line in head.splitlines() if line.lower().startswith("host:")))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n1")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def asked(url: str, *, private: bool = False) -> bytes:
    client = JsonClient("flags", setting(url=url, private=private, timeout=PATIENCE))
    try:
        return (await client.get("status")).body
    finally:
        await client.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_an_address_that_stands_in_the_file_is_reached(host: str) -> None:
    async with answering([]) as port:
        assert await asked(f"http://{host}:{port}") == b"1"


async def test_a_name_that_leads_home_needs_private_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts: list[str] = []
    async with answering(hosts) as port:
        Names(monkeypatch, "127.0.0.1")
        with pytest.raises(SourceRefused) as caught:
            await asked(f"http://flags.example:{port}")
        assert str(caught.value) == (
            "flags leads to the private address 127.0.0.1; if that is right, add private: true to it in evenkeel.yaml"
        )
        assert hosts == []
        assert await asked(f"http://flags.example:{port}", private=True) == b"1"
        assert hosts == [f"host: flags.example:{port}"] or hosts == [f"Host: flags.example:{port}"]


@pytest.mark.parametrize("private", [False, True])
async def test_a_name_that_leads_to_a_clouds_metadata_is_always_refused(
    monkeypatch: pytest.MonkeyPatch, private: bool
) -> None:
    Names(monkeypatch, "169.254.169.254")
    with pytest.raises(SourceRefused, match=r"^flags leads to 169\.254\.169\.254, where clouds keep credentials"):
        await asked("http://flags.example", private=private)


async def test_the_connection_is_made_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when it is checked and private afterwards: there is no second look-up."""
    hosts: list[str] = []
    async with answering(hosts) as port:
        names = Names(monkeypatch, "127.0.0.1 169.254.169.254", "169.254.169.254")
        assert await asked(f"http://flags.example:{port}", private=True) == b"1"
        assert names.asked == 1


async def test_every_new_connection_is_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with answering([]) as port:
        Names(monkeypatch, "127.0.0.1", "169.254.169.254")
        client = JsonClient("flags", setting(url=f"http://flags.example:{port}", private=True))
        assert (await client.get("status")).body == b"1"
        with pytest.raises(SourceRefused, match="where clouds keep credentials"):
            await client.get("status")
        await client.close()


@pytest.mark.parametrize(
    ("address", "host", "private", "said"),
    [
        ("93.184.216.34", "flags.example", False, None),
        ("2606:2800:220:1::1", "flags.example", False, None),
        ("10.1.2.3", "flags.example", False, "private address 10.1.2.3"),
        ("10.1.2.3", "flags.example", True, None),
        ("10.1.2.3", "10.1.2.3", False, None),
        ("10.1.2.4", "10.1.2.3", False, "private address"),
        ("fd12::1", "flags.example", False, "private address fd12::1"),
        ("100.64.0.1", "flags.example", False, "private address"),
        ("127.0.0.1", "localhost", False, None),
        ("10.0.0.1", "localhost", False, "private address"),
        ("127.0.0.1", "2130706433", False, "private address 127.0.0.1"),
        ("::ffff:169.254.169.254", "flags.example", True, "where clouds keep credentials"),
        ("64:ff9b::a9fe:a9fe", "flags.example", True, "where clouds keep credentials"),
        ("2002:a9fe:a9fe::1", "flags.example", True, "where clouds keep credentials"),
        ("fe80::1%eth0", "flags.example", True, "where clouds keep credentials"),
        ("fd00:ec2::254", "flags.example", True, "where clouds keep credentials"),
        ("100.100.100.200", "flags.example", True, "where clouds keep credentials"),
        ("169.254.169.254", "169.254.169.254", False, None),
        (".".join("0000"), "flags.example", True, "nobody's address"),
        ("224.0.0.1", "flags.example", True, "nobody's address"),
    ],
)
def test_addresses_are_judged_by_what_the_file_names(
    address: str, host: str, private: bool, said: str | None
) -> None:
    found = judged(address, host=host, private=private)
    assert found is None if said is None else said in (found or "")
