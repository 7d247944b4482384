"""The methods of the Web API that the workspace answers, one short file per family.

A method is a function from a request to the answer without its ``ok``; a refusal is ``SlackSays``. Adding one is a
function and a line in ``METHODS``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from bot.sandbox.workspace.methods import (
    auth,
    chat,
    conversations,
    files,
    pins_bookmarks,
    reactions,
    reading,
    users_usergroups,
    views,
)
from bot.sandbox.workspace.methods.arguments import Request
from bot.sandbox.workspace.values import Json


class Method(msgspec.Struct, frozen=True):
    """``scopes`` are alternatives, as they are called for public channels; none means that any token will do.

    A method that ``reads`` takes its arguments from the address or a form, not from JSON.
    """

    run: Callable[[Request], Json]
    scopes: tuple[str, ...] = ()
    for_app_token: bool = False
    reads: bool = False


_MANAGE: Final = ("channels:manage",)
_READ: Final = ("channels:read",)
_HISTORY: Final = ("channels:history",)
_WRITE: Final = ("chat:write",)
_INVITE: Final = ("channels:manage", "channels:write.invites")
_TOPIC: Final = ("channels:manage", "channels:write.topic")

METHODS: Final[dict[str, Method]] = {
    "api.test": Method(auth.api_test),
    "apps.connections.open": Method(auth.open_connection, for_app_token=True),
    "auth.test": Method(auth.test),
    "emoji.list": Method(auth.emoji_list, ("emoji:read",), reads=True),
    "team.info": Method(auth.team_info, ("team:read",), reads=True),
    "conversations.archive": Method(conversations.archive, _MANAGE),
    "conversations.close": Method(conversations.close_direct, ("im:write",)),
    "conversations.create": Method(conversations.create, _MANAGE),
    "conversations.history": Method(reading.history, _HISTORY, reads=True),
    "conversations.info": Method(reading.info, _READ, reads=True),
    "conversations.invite": Method(conversations.invite, _INVITE),
    "conversations.join": Method(conversations.join, ("channels:join",)),
    "conversations.kick": Method(conversations.kick, _MANAGE),
    "conversations.leave": Method(conversations.leave, _MANAGE),
    "conversations.list": Method(reading.list_all, _READ, reads=True),
    "conversations.members": Method(reading.members, _READ, reads=True),
    "conversations.open": Method(conversations.open_direct, ("im:write",)),
    "conversations.rename": Method(conversations.rename, _MANAGE),
    "conversations.replies": Method(reading.replies, _HISTORY, reads=True),
    "conversations.setPurpose": Method(conversations.set_purpose, _TOPIC),
    "conversations.setTopic": Method(conversations.set_topic, _TOPIC),
    "conversations.unarchive": Method(conversations.unarchive, _MANAGE),
    "users.conversations": Method(reading.list_own, _READ, reads=True),
    "bots.info": Method(users_usergroups.bot_info, ("users:read",), reads=True),
    "users.getPresence": Method(users_usergroups.presence, ("users:read",), reads=True),
    "users.info": Method(users_usergroups.info, ("users:read",), reads=True),
    "users.list": Method(users_usergroups.list_all, ("users:read",), reads=True),
    "users.lookupByEmail": Method(users_usergroups.by_email, ("users:read.email",), reads=True),
    "usergroups.list": Method(users_usergroups.groups, ("usergroups:read",), reads=True),
    "usergroups.users.list": Method(users_usergroups.group_members, ("usergroups:read",), reads=True),
    "chat.delete": Method(chat.delete, _WRITE),
    "chat.getPermalink": Method(chat.permalink, reads=True),
    "chat.postEphemeral": Method(chat.post_ephemeral, _WRITE),
    "chat.postMessage": Method(chat.post, _WRITE),
    "chat.update": Method(chat.update, _WRITE),
    "blocks.validate": Method(chat.validate),
    "files.completeUploadExternal": Method(files.complete, ("files:write",)),
    "files.delete": Method(files.delete, ("files:write",)),
    "files.getUploadURLExternal": Method(files.upload_address, ("files:write",), reads=True),
    "files.info": Method(files.info, ("files:read",), reads=True),
    "views.open": Method(views.open_modal),
    "views.publish": Method(views.publish),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
    "pins.add": Method(pins_bookmarks.pin, ("pins:write",)),
    "pins.list": Method(pins_bookmarks.pins, ("pins:read",), reads=True),
    "pins.remove": Method(pins_bookmarks.unpin, ("pins:write",)),
    "bookmarks.add": Method(pins_bookmarks.add_bookmark, ("bookmarks:write",)),
    "bookmarks.edit": Method(pins_bookmarks.edit_bookmark, ("bookmarks:write",)),
    "bookmarks.list": Method(pins_bookmarks.bookmarks, ("bookmarks:read",)),
    "bookmarks.remove": Method(pins_bookmarks.remove_bookmark, ("bookmarks:write",)),
    "reactions.add": Method(reactions.add, ("reactions:write",)),
    "reactions.get": Method(reactions.get, ("reactions:read",), reads=True),
    "reactions.remove": Method(reactions.remove, ("reactions:write",)),
}
