"""What a message is to say: text, blocks, attachments, metadata, and in which thread."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from bot.sandbox.workspace.blocks_check import checked_attachments, checked_blocks
from bot.sandbox.workspace.messages import TOMBSTONE
from bot.sandbox.workspace.methods.arguments import Request
from bot.sandbox.workspace.values import Channel, Json, SlackSays

LONGEST_TEXT: Final = 40_000
_LONGEST_MARKDOWN: Final = 12_000
_LARGEST_METADATA: Final = 16_384


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """``fields`` are those of ``Message``; ``warnings`` is what Slack adds to its answer."""

    fields: dict[str, Any]
    warnings: Json = msgspec.field(default_factory=dict)

    @property
    def says_something(self) -> bool:
        """Whether there is anything to see."""
        return any(self.fields.get(name) for name in ("text", "blocks", "attachments"))


def content_of(request: Request, *, longest: int = 0) -> Content:
    """The text, blocks and attachments that were given, checked.

    Text above 40,000 characters is cut off with a warning; with ``longest``, text of more bytes is refused.
    """
    given, workspace = request.arguments, request.workspace
    fields: dict[str, Any] = {}
    warnings: Json = {}
    if "markdown_text" in given:
        if "text" in given or "blocks" in given:
            raise SlackSays("markdown_text_conflict")
        fields["blocks"] = _markdown(request)
    if "text" in given:
        text = given.text("text")
        if longest and len(text.encode()) > longest:
            raise SlackSays("msg_too_long")
        if len(text) > LONGEST_TEXT:
            warnings = _warning("message_truncated")
        fields["text"] = text[:LONGEST_TEXT]
    blocks = given.json("blocks", refusal="invalid_blocks_format")
    if blocks is not None:
        fields["blocks"] = checked_blocks(blocks, workspace.stamps, files=workspace.files)
    attachments = given.json("attachments", refusal="invalid_attachments")
    if attachments is not None:
        fields["attachments"] = checked_attachments(attachments, workspace.stamps, files=workspace.files)
    return Content(fields=fields, warnings=warnings)


def metadata_of(request: Request) -> Json | None:
    """The metadata, None if there is none; ``invalid_metadata_format`` or ``metadata_too_large``."""
    metadata = request.arguments.json("metadata", refusal="invalid_metadata_format")
    if not metadata:
        return None
    known = isinstance(metadata, dict) and isinstance(metadata.get("event_payload"), dict)
    if not known or not isinstance(metadata.get("event_type"), str) or not metadata["event_type"]:
        raise SlackSays("invalid_metadata_format")
    if len(msgspec.json.encode(metadata)) > _LARGEST_METADATA:
        raise SlackSays("metadata_too_large")
    return dict(metadata)


def thread_of(request: Request, channel: Channel) -> str:
    """The parent that ``thread_ts`` means, empty for none; ``thread_not_found`` if it is gone."""
    named = request.arguments.text("thread_ts")
    if not named:
        return ""
    parent = request.workspace.messages.find(channel.id, named)
    if parent is None or parent.ephemeral_to:
        raise SlackSays("thread_not_found")
    if parent.subtype not in ("", TOMBSTONE):
        raise SlackSays("cannot_reply_to_message")
    return parent.thread_ts or parent.ts


def _markdown(request: Request) -> tuple[Json, ...]:
    text = request.arguments.text("markdown_text")
    if len(text) > _LONGEST_MARKDOWN:
        raise SlackSays("msg_too_long")
    return checked_blocks([{"type": "markdown", "text": text}] if text else [], request.workspace.stamps)


def _warning(code: str) -> Json:
    return {"warning": code, "response_metadata": {"warnings": [code]}}
