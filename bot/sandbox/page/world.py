"""The strip that shows the sandbox's model services: who answers, how well, and where the flag stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a service. Shares and recall are fractions; None: not known yet."""

    version: str
    traffic: float | None
    recall: float | None


class ServiceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One service with its versions, those with traffic first."""

    name: str
    figures: tuple[Figure, ...]
    flag: str


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _flag(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_flag(state)}" for name, state in value.items())
    return "" if value is None else str(value)


def _service(name: str, state: Mapping[str, Any]) -> ServiceRow:
    traffic, recall = state.get("traffic") or {}, state.get("recall") or {}
    versions = sorted(
        {*map(str, traffic), *map(str, recall)}, key=lambda version: (-(_number(traffic.get(version)) or 0), version)
    )
    figures = tuple(
        Figure(version=version, traffic=_number(traffic.get(version)), recall=_number(recall.get(version)))
        for version in versions
    )
    return ServiceRow(name=name, figures=figures, flag=_flag(state.get("flag")))


def services(state: object) -> list[ServiceRow]:
    """The services in the world's JSON; what is not in the expected shape is left out."""
    found = state.get("services") if isinstance(state, dict) else None
    if isinstance(found, list):
        found = {str(item.get("name", "")): item for item in found if isinstance(item, dict)}
    if not isinstance(found, dict):
        return []
    return [
        _service(name, item)
        for name, item in found.items()
        if isinstance(item, dict) and all(isinstance(item.get(key) or {}, dict) for key in ("traffic", "recall"))
    ]


async def ask(client: httpx.AsyncClient, world_url: str) -> list[ServiceRow]:
    """The services as the world tells them now; an empty list while it does not answer."""
    try:
        answer = await client.get(f"{world_url.rstrip('/')}/state", timeout=1.0)
        answer.raise_for_status()
        return services(answer.json())
    except (httpx.HTTPError, ValueError):
        return []
