"""Simulated responders: they see what the workspace shows and press the buttons that are there.

They know the runbook as a person who was woken does: what the card says. Nothing is done behind the bot's back;
a button that is not there, or answers with a refusal, is where they get stuck.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from bot.errors import EvenkeelError
from bot.incidents.incident import Incident
from bot.incidents.walk import suggestion
from bot.sandbox.demo.stage import ANA, BEN, CHI, Stage
from bot.sandbox.workspace.acks import Submitted
from bot.sandbox.workspace.changes import Change
from bot.sandbox.workspace.values import Message, SlackSays, View
from bot.slack.view.modals.learning import IMPACT

#: how long anything may take before the responders give up, in seconds
PATIENCE = 120.0


class Stuck(EvenkeelError):
    """What the responders wanted to do next is not there."""


class Autopilot:
    """Ana leads, Chi looks at the data, Ben approves."""

    def __init__(self, stage: Stage, *, say: Callable[[str], None]) -> None:
        self._people = stage.workspace.people
        self._workspace = stage.workspace.workspace
        self._service = stage.evenkeel.service
        self._store = stage.evenkeel.store
        self._now = stage.evenkeel.clock.now
        self._say = say
        self._channel = ""

    async def walk(self) -> int:
        """From the first message to the action items; the number of the incident."""
        number = await self._see_the_incident()
        await self._press(ANA, "incident.ack")
        self._say("Ana is on it.")
        await self._press(CHI, "step.done")
        self._say("Chi asked the owners upstream.")
        await self._until(number, _is_suggested, "the comparison of the two versions")
        await self._press(ANA, "step.choose:rollback")
        self._say("Ana asks for the rollback; Ben is asked.")
        await self._press(BEN, "step.approve")
        self._say("Ben approved it: the five-minute clock runs.")
        await self._until(number, lambda i: i.safe_at is not None, "traffic on the last good version")
        self._say("Traffic is back on the last good version. Labels arrive late: the bot watches.")
        await self._press(ANA, "incident.update", then={})
        self._say("Stakeholders are told.")
        await self._until(number, _recall_is_back, "fresh labels that show recall back")
        self._say("Recall is back.")
        await self._press(ANA, "incident.resolve", then={"summary": "Recall fell with the release; rolled back."})
        await self._learn()
        return number

    async def _learn(self) -> None:
        """Whys, one of which explains another, and an action item."""
        trigger = "The release was not compared with the version before it on the same frauds"
        await self._press(ANA, "postmortem.why", then={"text": trigger, "role": "trigger"})
        late = "Confirmed frauds arrive late, so the drop was seen a quarter of an hour after the release"
        await self._press(CHI, "postmortem.why", then={"text": late, "role": "detection", "parent": IMPACT})
        below = "The comparison exists, and the release pipeline does not run it"
        await self._press(CHI, "postmortem.why", then={"text": below, "role": "latent", "parent": "w1"})
        due = (self._now() + timedelta(days=14)).date().isoformat()
        item = {"text": "Run the paired comparison before every release", "owner": CHI, "due": due}
        await self._press(ANA, "postmortem.action", then=item)
        self._say("Whys and an action item are written.")

    # --- seeing ---------------------------------------------------------------------------------------------------

    async def _see_the_incident(self) -> int:
        found = await self._see(lambda: next(self._incident_channels(), None), "an incident channel")
        self._channel = found[0]
        self._say(f"#{found[1]} opened.")
        return int(found[1].split("-")[1])

    def _incident_channels(self) -> Iterator[tuple[str, str]]:
        return ((c.id, c.name) for c in self._workspace.channels.all() if c.name.startswith("inc-"))

    async def _see(self, look: Callable[[], Any], what: str) -> Any:
        """What ``look`` finds, as soon as it is on the screen."""
        changes: AbstractContextManager[asyncio.Queue[Change]] = self._workspace.subscribe()
        with changes as queue:
            try:
                async with asyncio.timeout(PATIENCE):
                    while not (found := look()):
                        await queue.get()
                    return found
            except TimeoutError:
                raise Stuck(f"{what} did not appear within {PATIENCE:g} s") from None

    async def _until(self, number: int, holds: Callable[[Incident], bool], what: str) -> None:
        with self._store.wakeups.subscribe() as changes:
            try:
                async with asyncio.timeout(PATIENCE):
                    while not holds(await self._service.incident(number)):
                        await changes.wait(5.0)
            except TimeoutError:
                raise Stuck(f"{what} did not come within {PATIENCE:g} s") from None

    def _shown(self, action_id: str) -> tuple[Message, str] | None:
        """The newest message of the channel that has such a button, and the block that it stands in."""
        for message in reversed(self._workspace.messages.all_in(self._channel)):
            for block in message.blocks or ():
                for element in (*block.get("elements", ()), block.get("accessory") or {}):
                    if element.get("action_id") == action_id:
                        return message, str(block.get("block_id", ""))
        return None

    # --- doing ----------------------------------------------------------------------------------------------------

    async def _press(self, user: str, action_id: str, *, then: dict[str, str] | None = None) -> None:
        """Presses the button; ``then``: fills the modal that opens, and submits it."""
        message, block = await self._see(lambda: self._shown(action_id), f"the button {action_id}")
        try:
            ack = await self._people.press(user, self._channel, message.ts, action_id, block_id=block)
        except SlackSays as gone:
            raise Stuck(f"the button {action_id} went away: {gone}") from None
        if not ack.ok:
            raise Stuck(f"the button {action_id} was not answered: {ack.reason}")
        if then is not None:
            view = await self._see(lambda: self._workspace.views.top(user), f"the modal of {action_id}")
            await self._submit(user, view, then)

    async def _submit(self, user: str, view: View, answers: dict[str, str]) -> None:
        submitted: Submitted = await self._people.submit_view(user, view.id, _filled(view, answers))
        if submitted.errors or submitted.failed:
            said = submitted.errors or submitted.failed
            raise Stuck(f"the modal {view.content.get('callback_id')} was refused: {said}")


def _filled(view: View, answers: dict[str, str]) -> dict[str, dict[str, Any]]:
    """By block and action: what was typed, else what the modal proposes."""
    filled: dict[str, dict[str, Any]] = {}
    for block in view.content["blocks"]:
        element = block.get("element") or {}
        action = element.get("action_id")
        for name in (block.get("block_id", ""), action):
            if action and name in answers:
                filled[block["block_id"]] = {action: answers[name]}
    return filled


def _is_suggested(incident: Incident) -> bool:
    suggested = suggestion(incident)
    return suggested is not None and suggested.option == "rollback"


def _recall_is_back(incident: Incident) -> bool:
    return incident.watch is not None and incident.watch.verdict == "ok"
