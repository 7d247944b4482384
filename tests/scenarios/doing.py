"""What people do on a stage. Everything is named as people see it, and every act returns when the bot rests again."""

from __future__ import annotations

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.sandbox.story.finding import label_of
from bot.sandbox.workspace.acks import Ack, Submitted
from bot.sandbox.workspace.inputs import elements_of, options_of
from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.workspace.values import Json, Message, View
from tests.scenarios.screen import Screen, filled

#: longer than the floor between two redrawings of a card, in seconds
A_MOMENT = 6.0
#: so many seconds people wait for a button that is about to be drawn
REDRAWN_WITHIN = 10

_Done = TypeVar("_Done")


class Doing(ABC):
    """Acts as anybody. ``moment`` is how much time goes by with each act, in seconds."""

    def __init__(self, server: WorkspaceServer) -> None:
        self.server = server
        self.screen = Screen(server.workspace)
        self.moment = A_MOMENT

    @abstractmethod
    async def rest(self, seconds: float = A_MOMENT) -> None:
        """So much time goes by, and the bot does what becomes due in it."""

    # --- messages -------------------------------------------------------------------------------------------------

    async def press(
        self, user: str, what: str, *, number: int = 1, surface: str = "", step: str = "", nth: int = 1,
        hurry: bool = False,
    ) -> str:  # fmt: skip
        """Somebody presses the newest button of that name (on that surface, about that step); what only they are
        told because of it. In a hurry they do not wait for what comes of it."""
        message, block, element = await self._seen(
            what, user=user, number=number, surface=surface, step=step, nth=nth
        )
        return await self.press_that(user, message, block["block_id"], element["action_id"], hurry=hurry)

    async def press_that(
        self, user: str, message: Message, block_id: str, action_id: str, *, hurry: bool = False, **entered: Any
    ) -> str:
        """The same with a button that is known."""
        before = len(self.screen.whispered(user))
        await self.clicks(user, message, block_id, action_id, **entered)
        if not hurry:
            await self.rest(self.moment)
        return "\n".join(self.screen.whispered(user)[before:])

    async def chooses(
        self, user: str, menu: str, *words: str, number: int = 1, surface: str = "", step: str = "", nth: int = 1,
        hurry: bool = False,
    ) -> str:  # fmt: skip
        """Somebody chooses options of a menu by their words, a person by their id, or a date; what they are told."""
        message, block, element = await self._seen(
            menu, user=user, number=number, surface=surface, step=step, nth=nth
        )
        return await self.press_that(
            user, message, block["block_id"], element["action_id"], hurry=hurry, entered=_entered(element, words)
        )

    async def _seen(self, what: str, **which: Any) -> tuple[Message, Json, Json]:
        """The button, waited for as people wait for a card to be redrawn."""
        for _ in range(REDRAWN_WITHIN):
            with contextlib.suppress(LookupError):
                return self.screen.button(what, **which)
            await self.rest(1)
        return self.screen.button(what, **which)

    async def clicks(self, user: str, message: Message, block_id: str, action_id: str, **entered: Any) -> None:
        """The click alone: it is acknowledged and carried out; what comes of it has not happened yet."""
        press = self.server.people.press
        assert (await press(user, message.channel, message.ts, action_id, block_id=block_id, **entered)).ok
        await self.heard()

    async def heard(self) -> None:
        """Slack has its acknowledgement; now what Bolt does after it is done, too."""
        running = [task for task in asyncio.all_tasks() if "run_ack_function" in str(task.get_coro())]
        await asyncio.gather(*running)

    async def posts(
        self, user: str, text: str, *, channel: str = "", thread: str = "", number: int = 1, nth: int = 1
    ) -> Message:
        """Somebody writes in the incident's channel (or ``channel``), or in the thread below the message."""
        where, below = self._where(user, channel, thread, number, nth=nth)
        return await self._does(self.server.people.post_as(user, where, text, thread_ts=below))

    async def uploads(
        self, user: str, name: str, content: bytes, *, text: str = "", channel: str = "", thread: str = "",
        number: int = 1, nth: int = 1,
    ) -> Message:  # fmt: skip
        """Somebody shares a file there."""
        where, below = self._where(user, channel, thread, number, nth=nth)
        upload = self.server.people.upload(user, where, name=name, content=content, text=text, thread_ts=below)
        return await self._does(upload)

    async def edits(self, user: str, message: str, text: str, *, number: int = 1, nth: int = 1) -> None:
        """Somebody's message says something else."""
        found = self.screen.message(message, user=user, number=number, nth=nth)
        await self._does(self.server.people.edit_message(user, found.channel, found.ts, text))

    async def deletes(self, user: str, message: str, *, number: int = 1, nth: int = 1) -> None:
        """Somebody takes their message away."""
        found = self.screen.message(message, user=user, number=number, nth=nth)
        await self._does(self.server.people.delete_message(user, found.channel, found.ts))

    async def reacts(self, user: str, name: str, *, to: str, number: int = 1, nth: int = 1) -> None:
        """Somebody's emoji is under the message."""
        found = self.screen.message(to, user=user, number=number, nth=nth)
        await self._does(self.server.people.react(user, found.channel, found.ts, name))

    async def unreacts(self, user: str, name: str, *, to: str, number: int = 1, nth: int = 1) -> None:
        """It is gone again."""
        found = self.screen.message(to, user=user, number=number, nth=nth)
        await self._does(self.server.people.unreact(user, found.channel, found.ts, name))

    async def sets_topic(self, user: str, topic: str, *, channel: str = "") -> None:
        """Somebody sets the topic of the incident's channel (or of ``channel``)."""
        where, _ = self._where(user, channel, "", 1)
        await self._does(self.server.people.set_topic(user, where, topic))

    async def shortcut(self, user: str, callback_id: str, *, on: str = "", number: int = 1, nth: int = 1) -> str:
        """Somebody chooses a shortcut, of the message ``on`` or a global one; what they are told."""
        found = self.screen.message(on, user=user, number=number, nth=nth) if on else None
        where = {"channel": found.channel, "ts": found.ts} if found else {}
        return await self._told(user, self.server.people.shortcut(user, callback_id, **where))

    async def types(self, user: str, line: str, *, channel: str = "", number: int = 1) -> str:
        """Somebody types a line in the incident's channel (or ``channel``); what they are told."""
        where, _ = self._where(user, channel, "", number)
        return await self._told(user, self.server.people.slash(user, where, line))

    # --- modals and the App Home ----------------------------------------------------------------------------------

    async def fills(self, user: str, **answers: str | list[str]) -> dict[str, str]:
        """Somebody fills in the modal they see and submits it; what is wrong, by field."""
        view = self.screen.modal(user)
        submitted: Submitted = await self._does(
            self.server.people.submit_view(user, view.id, filled(view, answers))
        )  # fmt: skip
        assert not submitted.failed
        return dict(submitted.errors)

    async def press_in_modal(self, user: str, what: str, *words: str) -> str:
        """Somebody presses a button or chooses something in the modal they see; what they are told."""
        view = self.screen.modal(user)
        return await self._told(user, self._in_view(user, view, what, words))

    async def press_in_home(self, user: str, what: str, *words: str) -> str:
        """The same on their App Home."""
        view = self.server.workspace.views.home(user)
        assert view is not None, "the bot has published no App Home"
        return await self._told(user, self._in_view(user, view, what, words))

    async def closes(self, user: str, *, all_of_them: bool = False) -> None:
        """Somebody closes the modal they see, or the whole stack."""
        view = self.screen.modal(user)
        await self._does(self.server.people.close_view(user, view.id, all_of_them=all_of_them))

    async def opens_home(self, user: str, *, tab: str = "home") -> None:
        """Somebody looks at the bot's App Home."""
        await self._does(self.server.people.open_home(user, tab=tab))

    # --- how ------------------------------------------------------------------------------------------------------

    async def _does(self, act: Coroutine[Any, Any, _Done]) -> _Done:
        done = await act
        await self.heard()
        await self.rest(self.moment)
        return done

    async def _told(self, user: str, act: Coroutine[Any, Any, Ack]) -> str:
        before = len(self.screen.whispered(user))
        assert (await self._does(act)).ok
        return "\n".join(self.screen.whispered(user)[before:])

    async def _in_view(self, user: str, view: View, what: str, words: tuple[str, ...]) -> Ack:
        for block in view.content["blocks"]:
            for element in elements_of(block):
                if what in (label_of(element), element["action_id"]):
                    press = self.server.people.press_in_home if view.type == "home" else None
                    entered = _entered(element, words)
                    if press is not None:
                        return await press(user, element["action_id"], block_id=block["block_id"], entered=entered)
                    return await self.server.people.press_in_view(
                        user, view.id, element["action_id"], block_id=block["block_id"], entered=entered
                    )
        raise LookupError(f"there is no {what!r} to press")

    def _where(self, user: str, channel: str, thread: str, number: int, *, nth: int = 1) -> tuple[str, str]:
        """The ids of the channel and of the thread's first message."""
        if thread:
            found = self.screen.message(thread, user=user, number=number, nth=nth)
            return found.channel, found.ts
        if channel.startswith("@"):
            return self.server.workspace.channels.direct(user, self.server.workspace.app.bot_user).id, ""
        return (self.screen.named(channel) if channel else self.screen.channel(number)).id, ""


def _entered(element: Json, words: tuple[str, ...]) -> str | list[str] | None:
    """The values of the options that are called so; what is no option stays as it is."""
    values = {str(option["text"]["text"]): str(option.get("value")) for option in options_of(element)}
    entered = [values.get(word, word) for word in words]
    if element["type"] == "button":
        return None
    return entered if element["type"].startswith("multi_") or element["type"] == "checkboxes" else entered[0]


def of_length(beginning: str, length: int) -> str:
    """A text of so many characters, of which only the beginning is known."""
    return beginning + "…" * (length - len(beginning))
