"""GitHub's webhook: a deployment that succeeded is a change of the services that its repository is.

GitHub sends ``deployment_status`` for every state of a deployment; ``success`` is the only one that says that
something else serves now. The version is the payload's, else the tag that was deployed, else the commit. Who deploys
by publishing a release has ``release`` sent: of its actions ``published`` comes once, and for drafts never.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import msgspec

from bot.alerts.sources.reading import read_json
from bot.changes.change import Change, address, moment, name_of, plain
from bot.changes.settings import Sender
from bot.errors import BadRequest

SOURCE = "github"
_CALLED = "a deployment status of GitHub's"
_RELEASE = "a release of GitHub's"
_COMMIT = re.compile(r"[0-9a-f]{40}")
_BRANCHES = frozenset({"main", "master", "HEAD", "develop", "trunk"})


class _Person(msgspec.Struct):
    login: str = ""


class _Status(msgspec.Struct):
    state: str
    environment: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    log_url: str | None = None
    target_url: str | None = None
    creator: _Person | None = None


class _Deployment(msgspec.Struct):
    id: int
    sha: str
    ref: str = ""
    environment: str = ""
    payload: Any = None
    creator: _Person | None = None


class _Repository(msgspec.Struct):
    full_name: str
    default_branch: str = ""


class _Event(msgspec.Struct):
    deployment_status: _Status
    deployment: _Deployment
    repository: _Repository


class _Released(msgspec.Struct):
    id: int
    tag_name: str
    prerelease: bool = False
    html_url: str | None = None
    published_at: datetime | None = None
    author: _Person | None = None


class _ReleaseEvent(msgspec.Struct):
    action: str
    release: _Released
    repository: _Repository


class Heard(msgspec.Struct, frozen=True):
    """The changes that a request tells of; without any, ``because`` says why."""

    changes: tuple[Change, ...] = ()
    because: str = ""


_decoder = msgspec.json.Decoder(_Event)
_release = msgspec.json.Decoder(_ReleaseEvent)


def deployed(body: bytes, *, event: str, form: bool, sender: Sender, now: datetime) -> Heard:
    """What GitHub's ``event`` tells; ``form``: its JSON is the field ``payload`` of a form.

    Raises ``BadRequest`` for what cannot be read.
    """
    body = _unwrapped(body) if form else body
    if event == "release":
        return _published(body, sender=sender, now=now)
    if event != "deployment_status":
        return Heard(
            because=f"“{plain(event, 40) or 'nothing'}” is no deployment status: choose “Deployment statuses”"
        )
    told = read_json(body, _decoder, called=_CALLED)
    where = plain(told.deployment_status.environment or told.deployment.environment)
    state = told.deployment_status.state
    if state != "success":
        return Heard(because=f"a deployment that is “{plain(state, 40)}” has changed nothing")
    if sender.environments and where.lower() not in {name.lower() for name in sender.environments}:
        return Heard(because=f"releases to “{where[:80]}” do not count here: see changes.github.environments")
    status, one = told.deployment_status, told.deployment
    at = moment(status.created_at or status.updated_at, called=_CALLED, key="$.deployment_status.created_at") or now
    who = one.creator or status.creator
    return Heard(
        tuple(
            Change(
                service=plain(service), at=at, kind="deploy", 
                version=version_of(one.ref, one.sha, one.payload, branch=told.repository.default_branch),
                by=plain(who.login if who else ""), url=address(status.log_url or status.target_url), about=where,
                source=SOURCE, external=name_of(service, f"{told.repository.full_name}#{one.id}"),
            )
            for service in sender.services_of(plain(told.repository.full_name))
        )
    )  # fmt: skip


def _published(body: bytes, *, sender: Sender, now: datetime) -> Heard:
    told = read_json(body, _release, called=_RELEASE)
    one = told.release
    if told.action != "published" or one.prerelease:
        what = "a pre-release" if one.prerelease else f"a release that is “{plain(told.action, 40)}”"
        return Heard(because=f"{what} has changed nothing: one that is “published” counts")
    at = moment(one.published_at, called=_RELEASE, key="$.release.published_at") or now
    return Heard(
        tuple(
            Change(
                service=plain(service), at=at, kind="release", version=plain(one.tag_name),
                by=plain(one.author.login if one.author else ""), url=address(one.html_url), source=SOURCE,
                external=name_of(service, f"{told.repository.full_name}/releases/{one.id}"),
            )
            for service in sender.services_of(plain(told.repository.full_name))
        )
    )  # fmt: skip


def version_of(ref: str, sha: str, payload: Any, *, branch: str = "") -> str:
    """What was deployed, in the words of whoever deployed it; a ``branch`` by its name is no version."""
    if isinstance(payload, str) and payload.startswith("{"):
        try:
            payload = msgspec.json.decode(payload)
        except (msgspec.DecodeError, RecursionError):
            payload = None
    if isinstance(payload, dict) and isinstance(payload.get("version"), str | int):
        return plain(str(payload["version"]))
    name = ref.removeprefix("refs/tags/").removeprefix("refs/heads/")
    return plain(sha[:12] if not name or _COMMIT.fullmatch(name) or name in {*_BRANCHES, branch} else name)


def _unwrapped(body: bytes) -> bytes:
    """The JSON of a form."""
    try:
        return parse_qs(body.decode(), max_num_fields=20).get("payload", [""])[0].encode()
    except ValueError as error:  # not UTF-8, or more fields than anybody sends
        raise BadRequest(f"not a form: {error}") from None
