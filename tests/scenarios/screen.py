"""What people see in the workspace, as text: messages, their buttons in brackets, modals."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from bot.sandbox.story import finding
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, Json, Message, View
from tests.unit.slack.transcript import transcript


class Screen:
    """Reads the workspace; changes nothing."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def channels(self) -> list[Channel]:
        """The incidents' channels."""
        bot = self._workspace.app.bot_user
        return [c for c in self._workspace.channels.all() if c.name.startswith("inc-") and c.creator == bot]

    def channel(self, number: int = 1) -> Channel:
        """The incident's channel: a test that asks for it expects exactly one, or the private one it moved to."""
        found = [c for c in self.channels() if c.name == f"inc-{number}" or c.name.startswith(f"inc-{number}-")]
        (channel,) = [c for c in found if c.is_private] or found
        return channel

    def named(self, name: str) -> Channel:
        """Any channel by its name."""
        return self._workspace.channels.by_name(name)

    def messages(self, channel: Channel) -> list[Message]:
        """What the bot posted for everybody in the channel, oldest first, replies too."""
        bot = self._workspace.app.bot_user
        everything = self._workspace.messages.all_in(channel.id)
        return [m for m in everything if m.user == bot and not m.ephemeral_to and not m.subtype]

    def surfaces(self, channel: Channel) -> list[str]:
        """The names of the surfaces in the channel."""
        payloads = [(m.metadata or {}).get("event_payload", {}) for m in self.messages(channel)]
        return [payload.get("surface", "").rsplit("/", 1)[-1] for payload in payloads]

    def surface(self, key: str, number: int = 1) -> str:
        """The message that shows the incident's surface ``key``, wherever it is."""
        (message,) = self.shown_for(key, number)
        return words(message)

    def shown_for(self, key: str, number: int = 1) -> list[Message]:
        """Every message that shows the surface: one, or something is wrong."""
        return [
            message
            for channel in self._workspace.channels.all()
            for message in self.messages(channel)
            if str((message.metadata or {}).get("event_payload", {}).get("surface")).endswith(f"/INC-{number}/{key}")
        ]

    def card(self, number: int = 1) -> str:
        """The incident's pinned first message."""
        return self.surface("first", number)

    def read(self, channel: Channel) -> str:
        """Everything that the bot said in the channel."""
        return "\n\n".join(words(message) for message in self.messages(channel))

    def whispered(self, user: str) -> list[str]:
        """What only this person saw, oldest first."""
        seen = [
            message
            for channel in self._workspace.channels.all()
            for message in self._workspace.messages.all_in(channel.id)
            if message.ephemeral_to == user or (channel.is_im and user in channel.members and message.user != user)
        ]
        return [words(message) for message in sorted(seen, key=lambda message: message.ts)]

    def button(
        self, what: str, *, user: str, number: int, surface: str = "", step: str = "", nth: int = 1
    ) -> tuple[Message, Json, Json]:
        """The newest message that has the button, its block and the button: by its words or its action id."""
        seen = finding.called(self._workspace, what, user=user, number=number, surface=surface, step=step)
        found = next(islice(seen, nth - 1, None), None)
        if found is None:
            raise LookupError(f"nobody sees a button {what!r}")
        return found.message, found.block, found.element

    def message(self, what: str, *, user: str, number: int = 1, nth: int = 1) -> Message:
        """The newest message that is the surface ``what``, or whose words hold it."""
        seen = finding.messages(self._workspace, what, user=user, number=number)
        found = next(islice(seen, nth - 1, None), None)
        assert found is not None, f"nobody sees a message {what!r}"
        return found

    def buttons(self, number: int = 1) -> list[str]:
        """The words on all buttons for everybody, newest message first."""
        seen = finding.buttons(self._workspace, user="", number=number)
        return [finding.label_of(found.element) for found in seen]

    def modal(self, user: str) -> View:
        """The modal that the person sees."""
        view = self._workspace.views.top(user)
        assert view is not None, "no modal is open"
        return view


def words(message: Message) -> str:
    """What a person reads."""
    alone = {"type": "section", "text": {"type": "mrkdwn", "text": message.text}}
    return transcript(message.blocks or [alone])


def filled(view: View, answers: Mapping[str, str | list[str]]) -> dict[str, dict[str, Any]]:
    """A modal's fields by block and action, as a person fills them in."""
    values: dict[str, dict[str, Any]] = {}
    for block in view.content["blocks"]:
        if block["type"] == "input" and block["block_id"] in answers:
            values[block["block_id"]] = {block["element"]["action_id"]: answers[block["block_id"]]}
    missing = set(answers) - set(values)
    assert not missing, f"the modal has no field {missing}"
    return values
