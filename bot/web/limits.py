"""Bodies up to 1 MiB, also once they are unpacked, refused while they are read and not after."""

from __future__ import annotations

import zlib

from fastapi import HTTPException, Request
from starlette.requests import ClientDisconnect

MOST = 1024 * 1024
#: so much of a body that is too large is handed on, to be looked at
BEGUN = 72 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class Unread(HTTPException):
    """A body of which nobody looked at what it says.

    ``begun`` is how it begins, as far as that is known; ``goes_on``: ``read_on`` may read what follows that.
    """

    def __init__(self, status_code: int, detail: str, *, begun: bytes = b"", goes_on: bool = False) -> None:
        super().__init__(status_code, detail)
        self.begun, self.goes_on = begun, goes_on


async def limited_body(request: Request) -> bytes:
    """The raw body, unpacked if it is gzip.

    Raises 413 as soon as it grows over the limit, packed or unpacked, 415 for another packing, 400 for a broken one
    or if whoever sends it goes away half-way.
    """
    packing = request.headers.get("content-encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise Unread(415, f"The body is packed by “{packing[:40]}”; send it as it is, or by gzip.")
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > MOST:
        raise _too_large(b"", goes_on=not packing.endswith("gzip"))
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST:
                packed = packing.endswith("gzip")
                raise _too_large(b"" if packed else bytes(body), goes_on=not packed)
    except ClientDisconnect:  # nobody is left to read the answer; it only keeps a traceback out of the log
        raise HTTPException(400, "The connection ended before the body did.") from None
    return _unpacked(body) if packing.endswith("gzip") else bytes(body)


async def read_on(request: Request, begun: bytes, *, most: int) -> bytes:
    """``begun`` and what follows, until it is more than ``most``: then it is not all. Empty if nobody is there."""
    body = bytearray(begun)
    try:
        if len(body) <= most:
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    break
    except ClientDisconnect:
        return b""
    return bytes(body)


def _unpacked(packed: bytearray) -> bytes:
    """Never more than a byte over the limit is unpacked, whatever the body would become."""
    gzip = zlib.decompressobj(_GZIP)
    try:
        body = gzip.decompress(packed, MOST + 1)
    except zlib.error:
        raise Unread(400, "The body says that it is gzip, and is not.") from None
    if len(body) > MOST:
        raise _too_large(body[:BEGUN])
    if not gzip.eof:
        raise Unread(400, "The body is gzip that ends too early.")
    if gzip.unused_data:
        raise Unread(400, "Something follows the gzip in the body.")
    return body


def _too_large(begun: bytes, *, goes_on: bool = False) -> Unread:
    return Unread(413, "The body is over 1 MiB; send fewer alerts at once.", begun=begun, goes_on=goes_on)
