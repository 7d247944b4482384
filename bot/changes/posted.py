"""``POST /changes``: a change in our own words, as any pipeline can send it with one line of curl."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

from bot.alerts.sources.reading import read_json
from bot.changes.change import Change, address, moment, name_of, plain
from bot.errors import BadRequest
from bot.personal import without_persons

_CALLED = "a change"


class ChangeBody(msgspec.Struct):
    """The JSON of ``POST /changes``. ``id`` is the change's name at its ``source``: sent again, it is there once."""

    service: str
    kind: str = "deploy"
    version: str = ""
    previous: str = ""
    by: str = ""
    url: str = ""
    about: str = ""
    at: datetime | None = None
    source: str = ""
    id: str | int = ""


_decoder = msgspec.json.Decoder(ChangeBody)


def posted(body: bytes, *, now: datetime) -> Change:
    """The change. Without an ``id``, one that says when it was is known again by all that it says.

    Raises ``BadRequest`` for what cannot be read.
    """
    read = read_json(body, _decoder, called=_CALLED)
    service = plain(read.service)
    if not service:
        raise BadRequest(f"not {_CALLED}: `$.service` is empty")
    change = Change(
        service=service, at=moment(read.at, called=_CALLED) or now, kind=plain(read.kind, 80),
        version=plain(read.version), previous=plain(read.previous), by=plain(read.by), url=address(read.url),
        about=plain(without_persons(read.about or "")), source=plain(read.source, 80),
    )  # fmt: skip
    return msgspec.structs.replace(change, external=_external(read, change))


def _external(read: ChangeBody, change: Change) -> str | None:
    """A pipeline that releases two services in one run sends one ``id`` for both: the service belongs to the name."""
    if read.id != "":
        return name_of(change.service, str(read.id))
    if read.at is None:
        return None
    said = "\n".join([change.service, change.at.isoformat(), change.kind, change.version, change.previous, change.by,
                      change.url, change.about])  # fmt: skip
    return f"sha256:{hashlib.sha256(said.encode()).hexdigest()}"
