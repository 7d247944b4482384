"""GitHub's webhook: a deployment that succeeded is a change of the services that its repository is.

GitHub sends ``deployment_status`` for every state of a deployment; ``success`` is the only one that says that
something else serves now. The version is the payload's, else the tag that was deployed, else the commit.
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


class _Event(msgspec.Struct):
    deployment_status: _Status
    deployment: _Deployment
    repository: _Repository


class Heard(msgspec.Struct, frozen=True):
    """The changes that a request tells of; without any, ``because`` says why."""

    changes: tuple[Change, ...] = ()
    because: str = ""


_decoder = msgspec.json.Decoder(_Event)


def deployed(body: bytes, *, event: str, form: bool, sender: Sender, now: datetime) -> Heard:
    """What GitHub's ``event`` tells; ``form``: its JSON is the field ``payload`` of a form.

    Raises ``BadRequest`` for what cannot be read.
    """
    if event != "deployment_status":
        return Heard(
            because=f"“{plain(event, 40) or 'nothing'}” is no deployment status: choose “Deployment statuses”"
        )
    told = _read(body, form=form)
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
                service=plain(service), at=at, kind="deploy", version=version_of(one.ref, one.sha, one.payload),
                by=plain(who.login if who else ""), url=address(status.log_url or status.target_url), about=where,
                source=SOURCE, external=name_of(service, f"{told.repository.full_name}#{one.id}"),
            )
            for service in sender.services_of(plain(told.repository.full_name))
        )
    )  # fmt: skip


def version_of(ref: str, sha: str, payload: Any) -> str:
    """What was deployed, in the words of whoever deployed it."""
    if isinstance(payload, str) and payload.startswith("{"):
        try:
            payload = msgspec.json.decode(payload)
        except (msgspec.DecodeError, RecursionError):
            payload = None
    if isinstance(payload, dict) and isinstance(payload.get("version"), str | int):
        return plain(str(payload["version"]))
    name = ref.removeprefix("refs/tags/").removeprefix("refs/heads/")
    return plain(sha[:12] if not name or _COMMIT.fullmatch(name) or name in _BRANCHES else name)


def _read(body: bytes, *, form: bool) -> _Event:
    if form:
        try:
            body = parse_qs(body.decode(), max_num_fields=20).get("payload", [""])[0].encode()
        except ValueError as error:  # not UTF-8, or more fields than anybody sends
            raise BadRequest(f"not a form: {error}") from None
    return read_json(body, _decoder, called=_CALLED)
