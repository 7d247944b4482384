"""Channels: making, naming, joining, inviting, archiving."""

from __future__ import annotations

from bot.sandbox.workspace.methods.arguments import Request
from bot.sandbox.workspace.shapes import channel_json
from bot.sandbox.workspace.values import Channel, Json, SlackSays

_MOST_INVITED = 100
_MOST_IN_A_TALK = 8


def create(request: Request) -> Json:
    """``conversations.create``: the bot is its first member."""
    if not request.access.channels_may_be_created:
        raise SlackSays("restricted_action")
    channel = request.workspace.channels.create(
        request.arguments.text("name"),
        creator=request.bot,
        is_private=request.arguments.flag("is_private"),
    )
    return _answer(request, channel)


def rename(request: Request) -> Json:
    """``conversations.rename``: by the bot if it made the channel."""
    channel = request.named_channel()
    if channel.creator != request.bot:
        raise SlackSays("not_authorized")
    name = request.arguments.text("name")
    return _answer(request, request.workspace.channels.rename(channel.id, name, user=request.bot))


def set_topic(request: Request) -> Json:
    """``conversations.setTopic``."""
    topic = request.arguments.text("topic")
    channel = request.named_channel()
    return _answer(request, request.workspace.channels.set_topic(channel.id, topic, user=request.bot))


def set_purpose(request: Request) -> Json:
    """``conversations.setPurpose``."""
    purpose = request.arguments.text("purpose")
    channel = request.named_channel()
    return _answer(request, request.workspace.channels.set_purpose(channel.id, purpose, user=request.bot))


def archive(request: Request) -> Json:
    """``conversations.archive``."""
    request.workspace.channels.archive(request.named_channel().id, user=request.bot)
    return {}


def unarchive(request: Request) -> Json:
    """``conversations.unarchive``: Slack puts bots out of what it archives, and lets in nobody who was put out."""
    channel = request.named_channel()
    raise SlackSays("not_in_channel" if channel.is_archived else "not_archived")


def join(request: Request) -> Json:
    """``conversations.join``: public channels; being a member already is a warning."""
    channel = request.channel()
    if channel.is_im or channel.is_private:
        raise SlackSays("method_not_supported_for_channel_type")
    was_in = request.workspace.bot_is_in(channel)
    answer = _answer(request, request.workspace.channels.join(channel.id, user=request.bot))
    warnings = {"warnings": ["already_in_channel"]}
    return answer | ({"warning": "already_in_channel", "response_metadata": warnings} if was_in else {})


def invite(request: Request) -> Json:
    """``conversations.invite``: all or none, or with ``force`` those who can be invited."""
    channel = request.named_channel()
    request.workspace.channels.open(channel.id)
    users = request.arguments.names("users")
    if not users:
        raise SlackSays("no_user")
    if len(users) > _MOST_INVITED:
        raise SlackSays("too_many_users")
    errors = [
        {"user": user, "ok": False, "error": why} for user in users if (why := _hindrance(request, channel, user))
    ]
    if errors and (not request.arguments.flag("force") or len(errors) == len(users)):
        raise SlackSays(str(errors[0]["error"]), errors=errors)
    hindered = {error["user"] for error in errors}
    for user in users:
        if user not in hindered:
            request.workspace.channels.join(channel.id, user=user)
    return _answer(request, channel) | ({"errors": errors} if errors else {})


def kick(request: Request) -> Json:
    """``conversations.kick``."""
    channel = request.named_channel()
    user = request.arguments.required("user")
    if user == request.bot:
        raise SlackSays("cant_kick_self")
    request.workspace.directory.user(user)
    request.workspace.channels.leave(channel.id, user=user)
    return {"errors": {}}


def leave(request: Request) -> Json:
    """``conversations.leave``: the bot goes."""
    channel = request.channel()
    if not request.workspace.bot_is_in(channel):
        return {"not_in_channel": True}
    request.workspace.channels.leave(channel.id, user=request.bot)
    return {}


def open_direct(request: Request) -> Json:
    """``conversations.open``: the direct conversation with these people, or the one that is named."""
    if "channel" in request.arguments:
        channel = request.own_channel()
        if not channel.is_im:
            raise SlackSays("method_not_supported_for_channel_type")
        return _answer(request, channel)
    users = request.arguments.names("users")
    if not users:
        raise SlackSays("users_list_not_supplied")
    if len(users) > _MOST_IN_A_TALK:
        raise SlackSays("too_many_users")
    for user in users:
        request.workspace.directory.user(user)
    return _answer(request, request.workspace.channels.direct(request.bot, *users))


def close_direct(request: Request) -> Json:
    """``conversations.close``: nothing is lost by it; the next message opens the conversation again."""
    if not request.own_channel().is_im:
        raise SlackSays("method_not_supported_for_channel_type")
    return {}


def _hindrance(request: Request, channel: Channel, user: str) -> str:
    """Slack's word for why the person cannot be invited, if so."""
    if user == request.bot:
        return "cant_invite_self"
    if user not in request.workspace.directory.users:
        return "user_not_found"
    return "already_in_channel" if user in channel.members else ""


def _answer(request: Request, channel: Channel) -> Json:
    return {"channel": channel_json(request.workspace.channels.get(channel.id), request.workspace)}
