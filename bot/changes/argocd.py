"""Argo CD's notification, by the template of the reference: an application that runs something else now.

Argo CD sends what its template says, so the words are ours. What it leaves out is null: the template asks for names
that not every application has.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.alerts.sources.reading import read_json
from bot.changes.change import Change, address, moment, name_of, plain
from bot.changes.settings import Sender
from bot.errors import BadRequest

SOURCE = "argocd"
_CALLED = "the notification of the template"


class _Told(msgspec.Struct):
    """``revision`` is the commit, or that of each source of an application that has several."""

    application: str
    revision: str | None = None
    revisions: list[str] | None = None
    images: list[str] | None = None
    version: str | int | None = None
    service: str | None = None
    by: str | None = None
    url: str | None = None
    at: datetime | None = None


_decoder = msgspec.json.Decoder(_Told)


def synced(body: bytes, *, sender: Sender, now: datetime) -> tuple[Change, ...]:
    """The changes that a notification tells of. Raises ``BadRequest`` for what cannot be read.

    The version is what the template says, else the tag of the only image, else the commit.
    """
    told = read_json(body, _decoder, called=_CALLED)
    application = plain(told.application)
    if not application:
        raise BadRequest(f"not {_CALLED}: `$.application` is empty")
    revision = plain(told.revision or "+".join(told.revisions or ()))
    at = moment(told.at, called=_CALLED) or now
    tags = {tag for image in told.images or () if (tag := _tag(plain(image)))}
    said = plain(str(told.version)) if told.version is not None else ""
    version = said or (tags.pop() if len(tags) == 1 else revision[:12])
    named = plain(told.service)
    return tuple(
        Change(
            service=service, at=at, kind="deploy", version=version, by=plain(told.by), url=address(told.url),
            about=application if application != service else "", source=SOURCE,
            external=name_of(service, f"{application}@{revision or version}", at.isoformat() if told.at else ""),
        )
        for service in ((named,) if named else sender.services_of(application))
    )  # fmt: skip


def _tag(image: str) -> str:
    """``42`` of ``registry.example/fraud:42``; nothing of an image by its digest or without a tag."""
    name, _, digest = image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    return "" if tag == "latest" or (digest and not tag) else tag
