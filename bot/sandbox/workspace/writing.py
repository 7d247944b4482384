"""What a person writes: messages, their changes, files, reactions."""

from __future__ import annotations

from typing import Final

from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, Message, SlackSays

LONGEST_TEXT: Final = 40_000


class Writing:
    """The part of ``People`` that changes channels; the bot hears of it by events."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def post_as(self, user: str, channel: str, text: str, *, thread_ts: str = "") -> Message:
        """The person's message is in the channel, or in the thread; a person who was no member joins.

        ``no_text`` for nothing, ``msg_too_long`` above 40,000 characters, as Slack's own client has it.
        """
        _check(text)
        parent = self._enter(user, channel, thread_ts)
        return self._workspace.messages.post(channel=channel, user=user, text=text, thread_ts=parent)

    async def set_topic(self, user: str, channel: str, topic: str) -> Channel:
        """The channel has the topic, and says who set it; a person who was no member joins."""
        self._workspace.channels.join(channel, user=user)
        return self._workspace.channels.set_topic(channel, topic, user=user)

    async def edit_message(self, user: str, channel: str, ts: str, text: str) -> Message:
        """The person's own message says ``text`` and is marked as edited; nothing happens if it said so.

        ``cant_update_message`` for everybody else's messages and for those that Slack wrote,
        ``edit_window_closed`` where old messages may not be edited.
        """
        message = self._own(user, channel, ts, "cant_update_message")
        if not message.files:
            _check(text)
        self._workspace.check_edit_window(message)
        if message.text == text:
            return message
        return self._workspace.messages.edit(channel, ts, text=text)

    async def delete_message(self, user: str, channel: str, ts: str) -> None:
        """The person's own message is gone; ``cant_delete_message`` as in ``edit_message``."""
        self._own(user, channel, ts, "cant_delete_message")
        self._workspace.messages.delete(channel, ts)

    async def upload(
        self, user: str, channel: str, *, name: str, content: bytes, text: str = "", thread_ts: str = ""
    ) -> Message:
        """The file is in the channel, or in the thread, in a message of the person that says ``text``.

        ``no_file_data`` for an empty file, ``file_upload_size_restricted`` above 20 MB.
        """
        if not content:
            raise SlackSays("no_file_data")
        if text:
            _check(text)
        parent = self._enter(user, channel, thread_ts)
        files = self._workspace.files
        file = files.expect(name, user=user)
        files.fill(file.id, content)
        shared = (files.complete(file.id, title=file.name),)
        return self._workspace.share(shared, channel=channel, user=user, text=text, thread_ts=parent)

    async def react(self, user: str, channel: str, ts: str, name: str) -> Message:
        """The person's emoji (``pushpin``) is under the message."""
        return self._workspace.messages.react(channel, ts, user=user, name=name.strip(":"))

    async def unreact(self, user: str, channel: str, ts: str, name: str) -> Message:
        """The person's emoji is gone."""
        return self._workspace.messages.unreact(channel, ts, user=user, name=name.strip(":"))

    def _enter(self, user: str, channel: str, thread_ts: str) -> str:
        """The person is a member; returns the parent of the thread, if they write into one."""
        self._workspace.channels.join(channel, user=user)
        if not thread_ts:
            return ""
        named = self._workspace.messages.find(channel, thread_ts)
        if named is None:
            raise SlackSays("message_not_found")
        return named.thread_ts or named.ts

    def _own(self, user: str, channel: str, ts: str, refusal: str) -> Message:
        message = self._workspace.messages.get(self._workspace.channels.open(channel).id, ts)
        if message.ephemeral_to:
            raise SlackSays("message_not_found")
        if message.user != user or message.subtype:
            raise SlackSays(refusal)
        return message


def _check(text: str) -> None:
    if not text.strip():
        raise SlackSays("no_text")
    if len(text) > LONGEST_TEXT:
        raise SlackSays("msg_too_long")
