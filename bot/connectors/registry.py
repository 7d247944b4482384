"""Where versions are registered: a model registry, a deployment tool, the tags of a repository.

A registry says which versions there are and what is said about them. What serves is read from traffic, never here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, runtime_checkable

import msgspec


class RegisteredVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version. ``tags`` are what its builders said about it (features, index, passed); empty is not known."""

    version: str
    aliases: tuple[str, ...] = ()
    tags: dict[str, str] = {}
    created_at: datetime | None = None
    run_id: str = ""
    status: str = ""


@runtime_checkable
class Registry(Protocol):
    """A connector that can list versions."""

    async def versions(self, name: str) -> tuple[RegisteredVersion, ...]:
        """The versions of the model, flag or repository called ``name``, the newest first.

        Raises SourceUnavailable, also for a name that the registry does not know.
        """


def moment(value: object) -> datetime | None:
    """An aware time from ISO 8601 text, or from seconds or milliseconds since 1970; None for anything else."""
    try:
        if isinstance(value, str) and value:
            found = datetime.fromisoformat(value)
            return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def versions_from(rows: Sequence[Any]) -> tuple[RegisteredVersion, ...]:
    """Versions from JSON: texts or numbers, or mappings with ``version`` and any of the other fields.

    Raises ValueError for a row of another shape. Sorted by time, the newest first, where every row has one.
    """
    found = [_version(row) for row in rows]
    if all(one.created_at is not None for one in found):
        found.sort(key=lambda one: one.created_at or datetime.min.replace(tzinfo=UTC), reverse=True)
    return tuple(found)


def _version(row: Any) -> RegisteredVersion:
    if isinstance(row, str | int) and not isinstance(row, bool):
        return RegisteredVersion(version=str(row))
    if not isinstance(row, Mapping) or row.get("version") in (None, ""):
        raise ValueError("a version is a text, or a mapping with 'version'")
    tags = row.get("tags")
    return RegisteredVersion(
        version=str(row["version"]),
        aliases=tuple(str(one) for one in row.get("aliases") or ()),
        tags={str(key): str(value) for key, value in tags.items()} if isinstance(tags, Mapping) else {},
        created_at=moment(row.get("created_at")), run_id=str(row.get("run_id") or ""),
        status=str(row.get("status") or ""),
    )  # fmt: skip
