"""How Slack writes its own things as JSON: users, channels, messages, views."""

from __future__ import annotations

from typing import Final

from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Bookmark, Channel, File, Json, Message, Team, User, Usergroup, View

# A message names no more of those who answered.
_MOST_AUTHORS: Final = 5


def user_json(user: User, team: Team) -> Json:
    """A user as ``users.info`` has it."""
    return {
        "id": user.id,
        "team_id": team.id,
        "name": user.name,
        "deleted": False,
        "real_name": user.real_name,
        "tz": "Etc/UTC",
        "tz_label": "Coordinated Universal Time",
        "tz_offset": 0,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_restricted": user.is_guest,
        "is_ultra_restricted": False,
        "is_admin": False,
        "is_owner": False,
        "profile": {
            "real_name": user.real_name,
            "display_name": user.name,
            "email": user.email,
            "bot_id": user.bot_id,
        },
    }


def group_json(group: Usergroup, team: Team, *, with_users: bool) -> Json:
    """A user group as ``usergroups.list`` has it."""
    answer: Json = {
        "id": group.id,
        "team_id": team.id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "user_count": len(group.users),
        "date_delete": 0,
    }
    return answer | ({"users": list(group.users)} if with_users else {})


def channel_json(channel: Channel, workspace: Workspace) -> Json:
    """A conversation as ``conversations.info`` has it."""
    created = int(channel.created.timestamp())
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not (channel.is_private or channel.is_im),
        "is_group": channel.is_private,
        "is_im": channel.is_im,
        "is_mpim": False,
        "is_private": channel.is_private or channel.is_im,
        "is_archived": channel.is_archived,
        "is_general": False,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_member": workspace.bot_is_in(channel),
        "created": created,
        "creator": channel.creator,
        "context_team_id": workspace.team.id,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "previous_names": [],
        "num_members": len(channel.members),
    }


def message_json(message: Message, workspace: Workspace, *, metadata: bool = False) -> Json:
    """A message as ``conversations.history`` has it; with its metadata only if asked for."""
    answer: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": workspace.team.id,
    }
    if message.bot_id:
        answer |= {"bot_id": message.bot_id, "app_id": workspace.app.id}
    if message.subtype:
        answer["subtype"] = message.subtype
    if message.blocks:
        answer["blocks"] = list(message.blocks)
    if message.files:
        files = [file_json(file, workspace.files.address(file)) for file in message.files]
        answer |= {"files": files, "upload": not message.bot_id, "display_as_bot": False}
    if message.attachments:
        answer["attachments"] = list(message.attachments)
    if message.edited:
        answer["edited"] = {"user": message.user, "ts": message.edited}
    if message.reactions:
        answer["reactions"] = [
            {"name": reaction.name, "users": list(reaction.users), "count": len(reaction.users)}
            for reaction in message.reactions
        ]
    if metadata and message.metadata:
        answer["metadata"] = message.metadata
    return answer | _thread_json(message, workspace)


def _thread_json(message: Message, workspace: Workspace) -> Json:
    if message.thread_ts:
        parent = workspace.messages.find(message.channel, message.thread_ts)
        return {"thread_ts": message.thread_ts, **({"parent_user_id": parent.user} if parent else {})}
    replies = workspace.messages.replies(message.channel, message.ts)
    if not replies:
        return {}
    authors = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(authors),
        "reply_users": authors[:_MOST_AUTHORS],
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def file_json(file: File, address: str) -> Json:
    """A file as ``files.info`` has it; ``address`` is where its bytes are."""
    answer: Json = {
        "id": file.id,
        "created": int(file.created.timestamp()),
        "timestamp": int(file.created.timestamp()),
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "filetype": file.name.rpartition(".")[2] if "." in file.name else "binary",
        "user": file.user,
        "mode": "hosted",
        "size": file.size,
        "is_external": False,
        "is_public": True,
        "file_access": "visible",
        "url_private": address,
        "url_private_download": address,
        "permalink": address,
    }
    if file.alt:
        answer["alt_txt"] = file.alt
    if not file.is_picture:
        return answer
    thumbs = dict.fromkeys(("thumb_64", "thumb_80", "thumb_160", "thumb_360"), address)
    return answer | thumbs | {"original_w": file.width, "original_h": file.height}


def bookmark_json(bookmark: Bookmark, workspace: Workspace) -> Json:
    """A bookmark as ``bookmarks.list`` has it."""
    return {
        "id": bookmark.id,
        "channel_id": bookmark.channel,
        "title": bookmark.title,
        "link": bookmark.link,
        "emoji": bookmark.emoji,
        "type": "link",
        "date_created": int(bookmark.created.timestamp()),
        "app_id": workspace.app.id,
    }


def view_json(view: View, workspace: Workspace) -> Json:
    """A view as ``views.open`` answers and as submissions carry it: always with its ``type``."""
    content = view.content
    return {
        "id": view.id,
        "team_id": workspace.team.id,
        "type": view.type,
        "blocks": content.get("blocks", []),
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": view.callback_id,
        "external_id": content.get("external_id", ""),
        "title": content.get("title"),
        "submit": content.get("submit"),
        "close": content.get("close"),
        "state": {"values": view.state},
        "hash": view.hash,
        "clear_on_close": bool(content.get("clear_on_close", False)),
        "notify_on_close": bool(content.get("notify_on_close", False)),
        "previous_view_id": view.previous_id or None,
        "root_view_id": view.root_id,
        "app_id": workspace.app.id,
        "app_installed_team_id": workspace.team.id,
        "bot_id": workspace.app.bot_id,
    }
