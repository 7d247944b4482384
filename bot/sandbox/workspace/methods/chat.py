"""Writing, rewriting and removing messages."""

from __future__ import annotations

from typing import Any

from bot.sandbox.workspace.blocks_check import checked_blocks
from bot.sandbox.workspace.methods.arguments import Request
from bot.sandbox.workspace.shapes import message_json
from bot.sandbox.workspace.values import Channel, Json, Message, SlackSays

_LONGEST_TEXT = 40_000


def post(request: Request) -> Json:
    """``chat.postMessage``: into a channel by id or name, or to a person."""
    channel = _addressed(request)
    fields = _content(request)
    if not fields.get("text") and not fields.get("blocks") and not fields.get("attachments"):
        raise SlackSays("no_text")
    message = _write(request, channel, **fields, metadata=_metadata(request))
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": message_json(message, request.workspace, metadata=True),
    }


def post_ephemeral(request: Request) -> Json:
    """``chat.postEphemeral``: one member of the channel sees it."""
    channel = _writable(request, request.channel())
    user = request.arguments.required("user")
    if user not in channel.members:
        raise SlackSays("user_not_in_channel")
    fields = _content(request)
    if not fields.get("text") and not fields.get("blocks"):
        raise SlackSays("no_text")
    return {"message_ts": _write(request, channel, **fields, ephemeral_to=user).ts}


def update(request: Request) -> Json:
    """``chat.update``: what is not given stays; an empty list removes the blocks, an empty object the metadata."""
    channel = _writable(request, request.channel())
    message = _own(request, channel, "cant_update_message")
    fields = _content(request)
    if not fields:
        raise SlackSays("no_text")
    if "metadata" in request.arguments:
        fields["metadata"] = _metadata(request) or None
    return _updated(request, request.workspace.messages.edit(channel.id, message.ts, **fields))


def delete(request: Request) -> Json:
    """``chat.delete``: only the bot's own."""
    channel = request.channel()
    message = _own(request, channel, "cant_delete_message")
    request.workspace.messages.delete(channel.id, message.ts)
    return {"channel": channel.id, "ts": message.ts}


def permalink(request: Request) -> Json:
    """``chat.getPermalink``."""
    channel = request.channel()
    ts = request.arguments.required("message_ts")
    request.workspace.messages.get(channel.id, ts)
    address = f"https://{request.workspace.team.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": address}


def validate(request: Request) -> Json:
    """``blocks.validate``: says what posting would say, and posts nothing."""
    checked_blocks(request.arguments.json("blocks", refusal="invalid_blocks_format"), request.workspace.stamps)
    return {}


def _addressed(request: Request) -> Channel:
    """The channel to write into: named by id, by name, or by a user's id."""
    name = request.arguments.text("channel")
    if name in request.workspace.directory.users:
        return request.workspace.channels.direct(request.bot, name)
    by_id = request.channel_if_any()
    return _writable(request, by_id or request.workspace.channels.by_name(name))


def _writable(request: Request, channel: Channel) -> Channel:
    if channel.is_archived:
        raise SlackSays("is_archived")
    public = not (channel.is_private or channel.is_im)
    if not request.workspace.bot_is_in(channel) and not (public and request.access.has("chat:write.public")):
        raise SlackSays("not_in_channel")
    return channel


def _own(request: Request, channel: Channel, refusal: str) -> Message:
    message = request.workspace.messages.get(channel.id, request.arguments.required("ts"))
    if message.ephemeral_to:
        raise SlackSays("message_not_found")
    if message.user != request.bot:
        raise SlackSays(refusal)
    return message


def _content(request: Request) -> dict[str, Any]:
    """The text, blocks and attachments that were given, checked."""
    content: dict[str, Any] = {}
    if "text" in request.arguments:
        content["text"] = request.arguments.text("text")[:_LONGEST_TEXT]
    blocks = request.arguments.json("blocks", refusal="invalid_blocks_format")
    if blocks is not None:
        content["blocks"] = checked_blocks(blocks, request.workspace.stamps)
    attachments = request.arguments.json("attachments", refusal="invalid_attachments")
    if attachments is not None:
        if not isinstance(attachments, list):
            raise SlackSays("invalid_attachments")
        content["attachments"] = tuple(attachments)
    return content


def _metadata(request: Request) -> Json | None:
    metadata = request.arguments.json("metadata", refusal="invalid_metadata_format")
    if not metadata:
        return None
    known = isinstance(metadata, dict) and isinstance(metadata.get("event_payload"), dict)
    if not known or not isinstance(metadata.get("event_type"), str):
        raise SlackSays("invalid_metadata_format")
    return dict(metadata)


def _write(request: Request, channel: Channel, **fields: Any) -> Message:
    parent = request.arguments.text("thread_ts")
    if parent:
        request.workspace.messages.get(channel.id, parent)
    return request.workspace.messages.post(
        channel=channel.id,
        user=request.bot,
        bot_id=request.workspace.app.bot_id,
        thread_ts=parent,
        **fields,
    )


def _updated(request: Request, message: Message) -> Json:
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": message_json(message, request.workspace, metadata=True),
    }
