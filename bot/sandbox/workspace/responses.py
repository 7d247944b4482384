"""The addresses at which an app answers an interaction without a token: five times, within thirty minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from bot.sandbox.workspace.blocks_check import checked_attachments, checked_blocks
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Json, SlackSays
from bot.sandbox.workspace.writing import LONGEST_TEXT

LIVES = timedelta(minutes=30)
USES = 5
_MOST_REMEMBERED = 5_000


class _Place(msgspec.Struct, frozen=True, kw_only=True):
    user: str
    channel: str
    ts: str
    made: datetime
    used: int = 0


class Responses:
    """Response addresses by their id. ``address`` makes an id into an address, once the server has one."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._places: dict[str, _Place] = {}
        self.address: Callable[[str], str] = lambda response_id: f"/response/{response_id}"

    def create(self, *, user: str, channel: str, ts: str = "") -> str:
        """A new address for what ``user`` did in ``channel``, at the message ``ts`` if there was one."""
        response_id = self._workspace.stamps.id("R")
        made = self._workspace.stamps.now()
        self._places[response_id] = _Place(user=user, channel=channel, ts=ts, made=made)
        if len(self._places) > _MOST_REMEMBERED:
            del self._places[next(iter(self._places))]
        return self.address(response_id)

    def use(self, response_id: str, answer: Json) -> None:
        """The answer is shown; ``used_url`` and ``expired_url`` when the address is worn out."""
        place = self._places.get(response_id)
        if place is None:
            raise SlackSays("no_such_url")
        if place.used >= USES:
            raise SlackSays("used_url")
        if self._workspace.stamps.now() - place.made > LIVES:
            raise SlackSays("expired_url")
        self._places[response_id] = msgspec.structs.replace(place, used=place.used + 1)
        self._show(place, answer)

    def say(self, answer: Any, *, user: str, channel: str) -> None:
        """Show what came with the acknowledgement of a slash command: text, or a message."""
        place = _Place(user=user, channel=channel, ts="", made=self._workspace.stamps.now())
        self._show(place, {"text": answer} if isinstance(answer, str) else answer)

    def _show(self, place: _Place, answer: Json) -> None:
        messages, app = self._workspace.messages, self._workspace.app
        if answer.get("delete_original"):
            messages.delete(place.channel, place.ts)
            return
        blocks = checked_blocks(answer.get("blocks"), self._workspace.stamps, files=self._workspace.files)
        fields: Json = {"text": str(answer.get("text") or "")[:LONGEST_TEXT], "blocks": blocks}
        if answer.get("attachments"):
            fields["attachments"] = checked_attachments(
                answer["attachments"], self._workspace.stamps, files=self._workspace.files
            )
        if not any(fields.values()):
            raise SlackSays("no_text")
        if answer.get("replace_original") and place.ts:
            messages.edit(place.channel, place.ts, **fields)
            return
        in_channel = answer.get("response_type") == "in_channel"
        messages.post(
            channel=self._workspace.channels.open(place.channel).id,
            user=app.bot_user,
            bot_id=app.bot_id,
            thread_ts=str(answer.get("thread_ts") or ""),
            ephemeral_to="" if in_channel else place.user,
            **fields,
        )
