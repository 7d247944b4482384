"""GitHub: deployments as changes, and tags as versions.

A deployment counts when a status of it said success, from then on; what failed or is still under way changed nothing
yet. Its version is the payload's, else the tag that was deployed, else the commit. GitHub does not say when a tag was
made: tags are ordered by their numbers, the highest first.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import httpx
import msgspec

from bot.changes.github import version_of
from bot.config.settings import Connector
from bot.connectors.changes import Deployed
from bot.connectors.client import JsonClient
from bot.connectors.failures import NotConnected
from bot.connectors.registry import RegisteredVersion
from bot.together import together

#: So many of the newest deployments are asked how they ended, all at once.
MOST_DEPLOYMENTS = 20
MOST_TAGS = 100
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


class _Person(msgspec.Struct):
    login: str = ""


class _Deployment(msgspec.Struct):
    id: int
    sha: str
    ref: str
    created_at: datetime
    payload: Any = None
    creator: _Person | None = None

    @property
    def version(self) -> str:
        """What was deployed, in the words of whoever deployed it."""
        return version_of(self.ref, self.sha, self.payload)


class _Status(msgspec.Struct):
    state: str
    created_at: datetime
    log_url: str | None = None
    target_url: str | None = None


class _Tag(msgspec.Struct):
    name: str


class GitHub:
    """One GitHub, everybody's or one's own. ``services`` name the repositories."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        headers = {"X-GitHub-Api-Version": "2022-11-28", "User-Agent": "evenkeel", **settings.headers}
        self.client = JsonClient(name, msgspec.structs.replace(settings, headers=headers), transport=transport)
        self.services = settings.services
        self._environment = settings.environment or "production"

    async def changes(self, service: str, *, since: datetime) -> tuple[Deployed, ...]:
        """The service's deployments that succeeded since then, the newest first. Raises SourceUnavailable."""
        repository = self._repository(self.services[service])
        query = {"environment": self._environment, "per_page": str(MOST_DEPLOYMENTS)}
        path = f"repos/{repository}/deployments"
        found = self.client.decoded(await self.client.get(path, query), list[_Deployment], "GitHub")
        newest = sorted(found, key=lambda one: one.created_at, reverse=True)[:MOST_DEPLOYMENTS]
        ended = await together(*(self._succeeded(path, one) for one in newest))
        good = [(one, status) for one, status in zip(newest, ended, strict=True) if status is not None]
        changes = []
        for number, (one, status) in enumerate(good):
            before = next((other.version for other, _ in good[number + 1 :] if other.version != one.version), None)
            by = one.creator.login if one.creator else None
            url = status.log_url or status.target_url or None
            changes.append(Deployed(service, "deploy", one.version, before, by or None, url, status.created_at))
        return tuple(change for change in changes if change.at >= since)

    async def versions(self, name: str) -> tuple[RegisteredVersion, ...]:
        """The tags of the repository ``name`` (OWNER/NAME), the highest first. Raises SourceUnavailable."""
        answer = await self.client.get(f"repos/{self._repository(name)}/tags", {"per_page": str(MOST_TAGS)})
        names = {tag.name for tag in self.client.decoded(answer, list[_Tag], "GitHub")}
        return tuple(RegisteredVersion(version=name) for name in sorted(names, key=_height, reverse=True))

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _succeeded(self, path: str, one: _Deployment) -> _Status | None:
        """The first status of success, None if there is none."""
        answer = await self.client.get(f"{path}/{one.id}/statuses", {"per_page": "30"})
        found = self.client.decoded(answer, list[_Status], "GitHub")
        good = [status for status in found if status.state == "success"]
        return min(good, key=lambda status: status.created_at, default=None)

    def _repository(self, name: str) -> str:
        if not _REPOSITORY.fullmatch(name) or ".." in name:
            raise NotConnected(f"{self.client.name}: {name[:60]!r} is not a repository; write OWNER/NAME")
        return name


def _height(tag: str) -> tuple[bool, list[int], bool, str]:
    """Tags with numbers above those without, 1.10 above 1.9, a release above its candidates."""
    numbers = [int(part) for part in re.findall(r"\d{1,9}", tag.partition("-")[0])]
    return bool(numbers), numbers, "-" not in tag, tag
