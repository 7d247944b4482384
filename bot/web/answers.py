"""What the addresses of the intake have in common: the codes they answer, and that they need a token to be set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import HTTPException
from fastapi.responses import JSONResponse

from bot.alerts.alert import Batch
from bot.service import Taken

#: what the intake answers, for the description of the API
INTAKE_ANSWERS: dict[int | str, dict[str, Any]] = {
    202: {"description": "Stored. `unreadable` and `reasons` are there if some of the alerts could not be read."},
    400: {"description": "The body cannot be read; the answer says where and why."},
    401: {"description": "The token is missing or wrong: a bearer token, or the password of basic authentication."},
    413: {"description": "The body is over 1 MiB, packed or unpacked."},
    415: {"description": "The body is packed by something else than gzip."},
    503: {"description": "ALERT_TOKEN is not set, or the database is away: then with Retry-After."},
}


def stored(taken: Taken, batch: Batch) -> JSONResponse:
    """202: how many alerts were taken and their incidents; and how many could not be read, and why."""
    said: dict[str, Any] = {"accepted": taken.accepted, "incidents": taken.incidents}
    if batch.unreadable:
        said |= {"unreadable": batch.unreadable, "reasons": batch.reasons}
    return JSONResponse(said, 202)


def demand_tokens(tokens: Sequence[str]) -> None:
    """503 where no token is set: then nobody could say who sends."""
    if not tokens:
        raise HTTPException(503, "ALERT_TOKEN is not set here: set it and give the same token to the sender.")
