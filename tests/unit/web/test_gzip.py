"""A packed body is unpacked, and never becomes more than a body may be."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest
from fastapi import HTTPException, Request

from bot.web.limits import MOST, limited_body
from tests.unit.web.test_limits import _said, piece


def packed(body: bytes, packing: str = "gzip") -> Request:
    headers = [(b"content-encoding", packing.encode())]
    return Request({"type": "http", "headers": headers}, receive=_said([piece(body)]))


async def refused(request: Request) -> tuple[int, str]:
    with pytest.raises(HTTPException) as told:
        await limited_body(request)
    return told.value.status_code, str(told.value.detail)


@pytest.mark.parametrize("packing", ["gzip", "GZIP", "x-gzip"])
async def test_a_packed_body_is_unpacked(packing: str) -> None:
    assert await limited_body(packed(gzip.compress(b'{"a": 1}'), packing)) == b'{"a": 1}'


async def test_a_body_of_just_a_mebibyte_is_unpacked() -> None:
    assert len(await limited_body(packed(gzip.compress(b" " * MOST)))) == MOST


async def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 50 * MOST)
    tracemalloc.start()
    try:
        assert (await refused(packed(bomb)))[0] == 413
        assert tracemalloc.get_traced_memory()[1] < 8 * MOST
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{}", "is not"), (b"", "too early"), (gzip.compress(b"{}")[:-9], "too early"),
        (gzip.compress(b"{}") + b"x", "follows"), (gzip.compress(b"a") * 2, "follows"),
    ],
)  # fmt: skip
async def test_a_broken_one_is_said_to_be(body: bytes, why: str) -> None:
    code, text = await refused(packed(body))
    assert code == 400
    assert why in text


@pytest.mark.parametrize("packing", ["br", "deflate", "zstd", "gzip, gzip"])
async def test_another_packing_is_refused_by_name(packing: str) -> None:
    code, text = await refused(packed(b"{}", packing))
    assert code == 415
    assert packing in text
