"""``/docs``: what can be called, as one page from our own OpenAPI description. Nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from fastapi import APIRouter, FastAPI

from bot.web.page import Page, draw


class Operation(msgspec.Struct, frozen=True):
    """One thing that can be called."""

    method: str
    path: str
    text: str
    parameters: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]


def docs_router(app: FastAPI) -> APIRouter:
    """The page of ``app``'s operations; FastAPI's own pages load scripts from another host."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs() -> Page:
        description = app.openapi()
        return Page(draw("docs.html", info=description["info"], operations=list(operations(description))))

    return router


def operations(description: dict[str, Any]) -> Iterator[Operation]:
    """The operations of an OpenAPI description, in its order."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            answers = operation["responses"].items()
            yield Operation(
                method=method.upper(),
                path=path,
                text=operation.get("description", operation.get("summary", "")),
                parameters=tuple(f"{one['name']} ({one['in']})" for one in operation.get("parameters", ())),
                answers=tuple((code, answer["description"]) for code, answer in answers if code != "422"),
            )
