"""The way from one page of a list to the next, older one: ``?before=``, and ``Link`` for programs (RFC 8288)."""

from __future__ import annotations

from fastapi import Request

from bot.errors import BadRequest, Refused
from bot.web.numbers import number_of


def bound(before: str) -> int | None:
    """The number of the incident that a page ends before; None for the newest. Raises ``BadRequest``."""
    if not before:
        return None
    try:
        return number_of(before)
    except Refused as error:
        raise BadRequest(f"`before`: {error}") from error


def link_to(request: Request, older: object) -> dict[str, str]:
    """The header that leads to what is older than ``older``; none if that is None."""
    if older is None:
        return {}
    there = request.url.include_query_params(before=older)
    return {"Link": f'<{there.path}?{there.query}>; rel="next"'}
