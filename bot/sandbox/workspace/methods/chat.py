"""Writing, rewriting and removing messages."""

from __future__ import annotations

from typing import Any, Final

from bot.sandbox.workspace.blocks_check import checked_blocks
from bot.sandbox.workspace.methods.arguments import Request
from bot.sandbox.workspace.methods.content import content_of, metadata_of, thread_of
from bot.sandbox.workspace.shapes import message_json
from bot.sandbox.workspace.values import Channel, Json, Message, SlackSays

# In bytes; a message that is posted may have ten times as much.
_LONGEST_UPDATE: Final = 4_000


def post(request: Request) -> Json:
    """``chat.postMessage``: into a channel by id or name, or to a person."""
    channel = _addressed(request)
    content = content_of(request)
    if not content.says_something:
        raise SlackSays("no_text")
    message = _write(request, channel, **content.fields, metadata=metadata_of(request))
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": message_json(message, request.workspace, metadata=True),
        **content.warnings,
    }


def post_ephemeral(request: Request) -> Json:
    """``chat.postEphemeral``: one member of the channel sees it."""
    channel = _writable(request, request.channel())
    user = request.arguments.required("user")
    if user not in channel.members:
        raise SlackSays("user_not_in_channel")
    content = content_of(request)
    if not content.says_something:
        raise SlackSays("no_text")
    return {"message_ts": _write(request, channel, **content.fields, ephemeral_to=user).ts, **content.warnings}


def update(request: Request) -> Json:
    """``chat.update``: what is not given stays; an empty list removes the blocks, an empty object the metadata."""
    channel = _writable(request, request.channel())
    message = _own(request, channel, "cant_update_message")
    request.workspace.check_edit_window(message)
    content = content_of(request, longest=_LONGEST_UPDATE)
    fields = content.fields
    if not fields:
        raise SlackSays("no_text")
    if "metadata" in request.arguments:
        fields["metadata"] = metadata_of(request) or None
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
    blocks = request.arguments.json("blocks", refusal="invalid_blocks_format")
    checked_blocks(blocks, request.workspace.stamps, files=request.workspace.files)
    return {}


def _addressed(request: Request) -> Channel:
    """The channel to write into: named by id, by name, or by a user's id."""
    name = request.arguments.required("channel")
    if name in request.workspace.directory.users:
        return request.workspace.channels.direct(request.bot, name)
    if request.channel_if_any():
        return _writable(request, request.channel())
    return _writable(request, request.workspace.channels.by_name(name))


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


def _write(request: Request, channel: Channel, **fields: Any) -> Message:
    return request.workspace.messages.post(
        channel=channel.id,
        user=request.bot,
        bot_id=request.workspace.app.bot_id,
        thread_ts=thread_of(request, channel),
        **fields,
    )


def _updated(request: Request, message: Message) -> Json:
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": message_json(message, request.workspace, metadata=True),
    }
