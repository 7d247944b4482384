"""An evaluation service that has counted how both versions did on the same labelled cases."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

_COUNTS = {
    "metric": "recall", "n": 3180, "counts": "frauds", "labels_age_seconds": 1,
    "paired": {"both": 2200, "only_a": 471, "only_b": 159, "neither": 350},
    "a": {"n": 3180, "successes": 2671}, "b": {"n": 3180, "successes": 2359},
}  # fmt: skip


async def _compared(request: Request) -> JSONResponse:
    """Only 2 against 3 was counted."""
    if (request.query_params.get("a"), request.query_params.get("b")) != ("2", "3"):
        return JSONResponse({"error": "these versions were not evaluated"}, status_code=404)
    return JSONResponse(_COUNTS)


evaluations = Starlette(routes=[Route("/evaluations", _compared)])
