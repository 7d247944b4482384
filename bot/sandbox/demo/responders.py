"""Simulated responders: they see what the workspace shows and press the buttons that are there.

They know the runbook as a person who was woken does: what the card says. Nothing is done behind the bot's back; a
button that does not come, or answers with a refusal, is where they get stuck. While they wait, time jumps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.errors import EvenkeelError
from bot.incidents.incident import Incident
from bot.sandbox.demo.stage import Stage
from bot.sandbox.workspace.acks import Submitted
from bot.sandbox.workspace.values import Message, SlackSays, View
from bot.slack.view.blocks import read_value

#: how long they wait for what they expect, in the demo's time
PATIENCE = timedelta(minutes=30)

Say = Callable[[str], None]


class Stuck(EvenkeelError):
    """What the responders wanted to do next is not there."""


class Responders:
    """Everybody in the workspace, acting in one incident."""

    def __init__(self, stage: Stage, *, number: int, channel: str, say: Say) -> None:
        """``say`` hears what they do, a line each, with the demo's time."""
        self.number = number
        self.stage = stage
        self._channel = channel
        self._people = stage.workspace.people
        self._workspace = stage.workspace.workspace
        self._say = say

    def say(self, text: str) -> None:
        """Tells what is done."""
        self._say(f"  {self.stage.clock.now():%H:%M:%S}  {text}")

    async def incident(self) -> Incident:
        """As it stands."""
        return await self.stage.evenkeel.service.incident(self.number)

    async def until(
        self, holds: Callable[[Incident], bool], what: str, *, patience: timedelta = PATIENCE
    ) -> Incident:
        """The incident once this holds; time jumps from moment to moment meanwhile."""
        end = self.stage.clock.now() + patience
        await self.stage.pace.rest()
        while not holds(incident := await self.incident()):
            await self._wait(what, end)
        return incident

    async def press(
        self, user: str, action_id: str, *, step: str = "", then: Mapping[str, str] | None = None
    ) -> None:
        """Presses the button (of that step), once it is there; ``then``: fills the modal that opens, and submits."""
        message, block = await self._see(
            lambda: self._shown(action_id, step), f"the button {action_id} {step}".strip()
        )
        try:
            ack = await self._people.press(user, self._channel, message.ts, action_id, block_id=block)
        except SlackSays as gone:
            raise Stuck(f"the button {action_id} went away: {gone}") from None
        if not ack.ok:
            raise Stuck(f"the button {action_id} was not answered: {ack.reason}")
        if then is not None:
            await self.fill(user, then)

    async def fill(self, user: str, answers: Mapping[str, str]) -> None:
        """Fills in the modal that opens, by field, and submits it; the rest stays as it is proposed."""
        view = await self._see(lambda: self._workspace.views.top(user), "the modal")
        await self._submit(user, view, answers)

    # --- seeing ---------------------------------------------------------------------------------------------------

    async def _see(self, look: Callable[[], Any], what: str) -> Any:
        """What ``look`` finds, as soon as it is on the screen."""
        end = self.stage.clock.now() + PATIENCE
        if not look():
            await self.stage.pace.rest()
        while not (found := look()):
            await self._wait(what, end)
        return found

    async def _wait(self, what: str, end: datetime) -> None:
        """Until the next moment at which something may happen. ``Stuck`` when there is none, or after ``end``."""
        if await self.stage.pace.step_to_next() is None or self.stage.clock.now() > end:
            raise Stuck(f"{what} did not come")

    def _shown(self, action_id: str, step: str) -> tuple[Message, str] | None:
        """The newest message of the channel that has such a button, and the block that it stands in."""
        for message in reversed(self._workspace.messages.all_in(self._channel)):
            for block in message.blocks or ():
                for element in (*block.get("elements", ()), block.get("accessory") or {}):
                    if element.get("action_id") == action_id and (not step or _step_of(element) == step):
                        return message, str(block.get("block_id", ""))
        return None

    async def _submit(self, user: str, view: View, answers: Mapping[str, str]) -> None:
        submitted: Submitted = await self._people.submit_view(user, view.id, _filled(view, answers))
        if submitted.errors or submitted.failed:
            said = submitted.errors or submitted.failed
            raise Stuck(f"the modal {view.content.get('callback_id')} was refused: {said}")


def _step_of(element: Mapping[str, Any]) -> str:
    ref = read_value(str(element.get("value", "")))
    return ref.s if ref else ""


def _filled(view: View, answers: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """By block and action: what was typed, else what the modal proposes."""
    filled: dict[str, dict[str, Any]] = {}
    for block in view.content["blocks"]:
        element = block.get("element") or {}
        action = element.get("action_id")
        for name in (str(block.get("block_id", "")), str(action or "")):
            if action and name in answers:
                filled[block["block_id"]] = {action: answers[name]}
    return filled
