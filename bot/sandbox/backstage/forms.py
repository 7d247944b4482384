"""Reading forms, and refusing them with a sentence."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response


def refused(sentence: str, status: int = 400) -> Response:
    """Why nothing was done."""
    return PlainTextResponse(sentence, status_code=status)


async def form(request: Request) -> dict[str, str]:
    """The texts of the form, without spaces around them; of a name that comes twice, the last."""
    return {name: value.strip() for name, value in (await request.form()).items() if isinstance(value, str)}


def number(text: str, *, least: float, most: float) -> float | None:
    """The number that ``text`` is, None if it is none within the bounds."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if least <= found <= most else None
