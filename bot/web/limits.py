"""Bodies up to 1 MiB, refused while they are read and not after."""

from __future__ import annotations

from fastapi import HTTPException, Request
from starlette.requests import ClientDisconnect

MOST = 1024 * 1024


async def limited_body(request: Request) -> bytes:
    """The raw body. Raises 413 as soon as it grows over the limit, 400 if whoever sends it goes away half-way."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > MOST:
        raise _too_large()
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST:
                raise _too_large()
    except ClientDisconnect:  # nobody is left to read the answer; it only keeps a traceback out of the log
        raise HTTPException(400, "The connection ended before the body did.") from None
    return bytes(body)


def _too_large() -> HTTPException:
    return HTTPException(413, "The body is over 1 MiB; send fewer alerts at once.")
