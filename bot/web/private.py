"""Pages of private incidents: for whoever comes by the link from the incident's channel, which holds the key.

A browser keeps the key in a cookie, so that it stands in no address that is copied from there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import HTTPException, Request

from bot.errors import Refused
from bot.page_keys import fits
from bot.service import Service
from bot.web.numbers import number_of


def door(service: Service, secret: str) -> Callable[[Request], Awaitable[None]]:
    """What stands before every address with ``{key}``. Raises ``Refused`` to whoever has no key to it."""

    async def before(request: Request) -> None:
        name = request.path_params.get("key")
        if name is None:
            return
        incident = await service.incident(number_of(name))
        if not incident.private:
            return
        number, given = incident.number, request.query_params.get("key", "")
        if fits(given, secret, number):
            if "text/html" in request.headers.get("accept", ""):
                raise HTTPException(303, headers=_remembered(request, number, given))
        elif not fits(request.cookies.get(_cookie(number), ""), secret, number):
            link = "Open the link in its Slack channel: it holds the key."
            raise Refused("private", f"{incident.key} is private. {link}")

    return before


def _cookie(number: int) -> str:
    return f"evenkeel_inc_{number}"


def _remembered(request: Request, number: int, key: str) -> dict[str, str]:
    secure = "; Secure" if request.url.scheme == "https" else ""
    cookie = f"{_cookie(number)}={key}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax{secure}"
    return {"Location": request.url.path, "Set-Cookie": cookie}
