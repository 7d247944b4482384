"""Changes from our own record and from connectors that keep one, told together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from bot.changes.change import Change as Stored
from bot.connectors import AllChanges, Change, Changes, NotConnected, SourceUnavailable
from bot.connectors.changes import SAME, ChangeSource, Deployed
from tests.unit.connectors.sources import Handler, connected, setting

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
SERVICE = "fraud-scorer"


def deployed(version: str, minutes: float, **more: Any) -> Deployed:
    values: dict[str, Any] = {"kind": "deploy", "previous": None, "by": None, "url": None, **more}
    return Deployed(service=SERVICE, version=version, at=AT + timedelta(minutes=minutes), **values)


class Kept:
    """A source that keeps these changes, or is away."""

    def __init__(self, *changes: Change, away: str = "") -> None:
        self.services = {SERVICE: "there"}
        self._changes = changes
        self._away = away

    async def changes(self, service: str, *, since: datetime) -> Sequence[Change]:
        """The changes, whatever was asked for."""
        if self._away:
            raise SourceUnavailable(self._away)
        return self._changes


def own(*changes: Change) -> Any:
    async def since(service: str, *, since: datetime) -> Sequence[Change]:
        return changes

    return since


async def told(record: Any, *sources: ChangeSource) -> tuple[list[str | None], tuple[str, ...]]:
    found = await Changes(AllChanges(record, lambda _: sources)).since(SERVICE, AT - timedelta(days=1))
    return [one.version for one in found], found.away


async def test_the_newest_change_comes_first_whoever_kept_it() -> None:
    found = await told(own(deployed("41", -600)), Kept(deployed("42", -10)), Kept(deployed("40", -700)))
    assert found == (["42", "41", "40"], ())


async def test_the_same_change_from_two_sources_is_told_once_in_the_words_of_our_own_record() -> None:
    ours = deployed("42", -10, by="U1")
    record = AllChanges(own(ours), lambda _: [Kept(deployed("v42", -3), deployed("v42", -100))])
    found = await record(SERVICE, since=AT - timedelta(days=1))
    assert [(one.version, one.by) for one in found] == [("42", "U1"), ("v42", None)]


async def test_a_source_that_is_away_is_named_beside_what_the_others_said() -> None:
    found = await told(own(deployed("41", -5)), Kept(away="github cannot be reached"))
    assert found == (["41"], ("github cannot be reached",))


DEPLOYMENTS = [
    {"id": 3, "sha": "c" * 40, "ref": "v43", "created_at": "2026-11-21T02:58:00Z", "payload": {}},
    {
        "id": 2,
        "sha": "b" * 40,
        "ref": "b" * 40,
        "created_at": "2026-11-21T02:40:00Z",
        "payload": '{"version": "42"}',
        "creator": {"login": "ada"},
    },
    {"id": 1, "sha": "a" * 40, "ref": "main", "created_at": "2026-11-20T02:40:00Z", "payload": ""},
]
STATUSES = {
    "3": [{"state": "in_progress", "created_at": "2026-11-21T02:59:00Z"}],
    "2": [
        {"state": "inactive", "created_at": "2026-11-21T02:55:00Z"},
        {"state": "success", "created_at": "2026-11-21T02:45:00Z", "log_url": "https://ci.example/2"},
        {"state": "queued", "created_at": "2026-11-21T02:41:00Z"},
    ],
    "1": [{"state": "success", "created_at": "2026-11-20T02:45:00Z", "log_url": ""}],
}


def github(handler: Handler) -> Any:
    settings = setting("github", services={SERVICE: "acme/fraud"}, environment="live")
    return connected(handler, github=settings)


def as_github(request: httpx.Request) -> httpx.Response:
    parts = request.url.path.split("/")
    assert parts[2:5] == ["repos", "acme", "fraud"]
    if parts[-1] == "statuses":
        return httpx.Response(200, json=STATUSES[parts[-2]])
    if parts[-1] == "tags":
        names = ["v1.9.0", "v1.10.0", "nightly", "v1.10.0-rc1"]
        return httpx.Response(200, json=[{"name": name, "commit": {"sha": "x"}} for name in names])
    assert dict(request.url.params) == {"environment": "live", "per_page": "20"}
    return httpx.Response(200, json=DEPLOYMENTS)


async def test_deployments_that_succeeded_are_changes_with_what_ran_before() -> None:
    (source,) = github(as_github).change_sources(SERVICE)
    found = await source.changes(SERVICE, since=AT - timedelta(days=7))
    assert [(one.version, one.previous, one.by, one.url) for one in found] == [
        ("42", "a" * 12, "ada", "https://ci.example/2"),
        ("a" * 12, None, None, None),
    ]
    assert found[0].at == AT - timedelta(minutes=15)
    (recent,) = await source.changes(SERVICE, since=AT - timedelta(hours=1))
    assert (recent.version, recent.previous) == ("42", "a" * 12)


async def test_tags_are_versions_the_highest_first() -> None:
    found = await github(as_github).registry("github").versions("acme/fraud")
    assert [one.version for one in found] == ["v1.10.0", "v1.10.0-rc1", "v1.9.0", "nightly"]


@pytest.mark.parametrize("name", ["acme", "acme/fraud/..", "../x", "acme/fraud?x", "a b/c", "acme/.."])
async def test_what_is_no_repository_is_not_asked_for(name: str) -> None:
    def nobody(_: httpx.Request) -> httpx.Response:
        raise AssertionError("nobody is asked")

    with pytest.raises(NotConnected, match="is not a repository; write OWNER/NAME"):
        await github(nobody).registry("github").versions(name)


async def test_only_services_that_the_file_names_are_asked_about() -> None:
    connectors = github(as_github)
    assert connectors.change_sources("other") == []
    with pytest.raises(SourceUnavailable, match="github answered nonsense: not the format of GitHub"):
        await github(lambda _: httpx.Response(200, json={})).change_sources(SERVICE)[0].changes(SERVICE, since=AT)


async def test_when_versions_were_registered_is_known_to_mlflow() -> None:
    def as_mlflow(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/get"):
            return httpx.Response(200, json={"registered_model": {"name": "fraud"}})
        stamps = {"43": AT.timestamp() * 1000, "42": (AT - timedelta(days=9)).timestamp() * 1000}
        rows = [{"version": version, "creation_timestamp": int(at)} for version, at in stamps.items()]
        return httpx.Response(200, json={"model_versions": rows})

    connectors = connected(as_mlflow, registry=setting("mlflow", services={SERVICE: "fraud"}))
    (source,) = connectors.change_sources(SERVICE)
    (found,) = await source.changes(SERVICE, since=AT - timedelta(days=1))
    assert (found.kind, found.version, found.at) == ("registered", "43", AT)


def posted(version: str, minutes: float, source: str, kind: str = "deploy") -> Stored:
    at = AT + timedelta(minutes=minutes)
    return Stored(service=SERVICE, version=version, at=at, source=source, kind=kind)


async def test_one_release_that_two_pipelines_told_of_is_one_change() -> None:
    found = await told(own(posted("v42", -3, "argocd"), posted("42", -5, "github"), posted("41", -5, "github")))
    assert found[0] == ["v42", "41"]
    known = replace(posted("42", -5, "github"), previous="41")
    (change,) = await Changes(AllChanges(own(posted("v42", -3, ""), known), lambda _: ())).since(SERVICE, AT - SAME)
    assert change.previous == "41"


async def test_what_one_pipeline_tells_twice_and_what_nobody_signed_are_changes_of_their_own() -> None:
    again = own(posted("42", -3, "github"), posted("41", -5, "github"), posted("42", -9, "github"))
    assert (await told(again))[0] == ["42", "41", "42"]
    assert (await told(own(posted("42", -3, ""), posted("42", -5, ""))))[0] == ["42", "42"]
    assert (await told(own(posted("42", -3, "mlflow", "alias"), posted("42", -5, "ci"))))[0] == ["42", "42"]
