"""The postmortem as JSON: the document value itself."""

from __future__ import annotations

import msgspec

from bot.postmortems.document import Postmortem


def to_json(document: Postmortem, template: str) -> str:  # noqa: ARG001 - every export takes the same
    """The document as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
