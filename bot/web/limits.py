"""Bodies up to 1 MiB, refused while they are read and not after."""

from __future__ import annotations

from fastapi import HTTPException, Request

MOST = 1024 * 1024


async def limited_body(request: Request) -> bytes:
    """The raw body. Raises 413 as soon as it grows over the limit."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > MOST:
        raise _too_large()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST:
            raise _too_large()
    return bytes(body)


def _too_large() -> HTTPException:
    return HTTPException(413, "The body is over 1 MiB; send fewer alerts at once.")
