"""What is read of a request's body."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import pytest
from fastapi import HTTPException, Request
from starlette.types import Message

from bot.web.limits import MOST, limited_body


def sent(*messages: Message) -> Request:
    """A request whose body comes in these pieces."""
    return Request({"type": "http", "headers": []}, receive=_said(messages))


def _said(messages: Sequence[Message]) -> Callable[[], Awaitable[Message]]:
    left = iter(messages)

    async def receive() -> Message:
        return next(left)

    return receive


def piece(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_body_in_pieces_is_one() -> None:
    assert await limited_body(sent(piece(b"a", more=True), piece(b"b"))) == b"ab"


async def test_a_body_that_announces_nothing_is_refused_as_soon_as_it_is_too_large() -> None:
    with pytest.raises(HTTPException) as refused:
        await limited_body(sent(piece(b"x" * MOST, more=True), piece(b"y", more=True)))
    assert refused.value.status_code == 413


async def test_who_goes_away_half_way_leaves_no_traceback() -> None:
    with pytest.raises(HTTPException) as refused:
        await limited_body(sent(piece(b"a", more=True), {"type": "http.disconnect"}))
    assert refused.value.status_code == 400
