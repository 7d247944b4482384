"""People whose acts are noted: each act as it begins, then it is done, then how the workspace answered."""

from __future__ import annotations

from datetime import datetime

from bot.sandbox.story import acts
from bot.sandbox.story.naming import channel_name, chosen, control, told
from bot.sandbox.story.notes import Notes
from bot.sandbox.story.views import filled, pressed_in
from bot.sandbox.workspace.acks import Ack, Delivery, Submitted
from bot.sandbox.workspace.inputs import Entered, EnteredValues
from bot.sandbox.workspace.journal import Journal
from bot.sandbox.workspace.people import People
from bot.sandbox.workspace.responses import Responses
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, Message, SlackSays, View


class RecordedPeople(People):
    """People as they are; ``notes`` is what they did. What other inputs of a message held is not noted."""

    def __init__(self, workspace: Workspace, *, delivery: Delivery, responses: Responses, journal: Journal) -> None:
        super().__init__(workspace, delivery=delivery, responses=responses, journal=journal)
        self.notes = Notes(workspace, journal)

    def switched(self, user: str, name: str, value: str, *, environment: str = "production") -> None:
        """Somebody (empty: nobody knows who) set a flag of the world, in a tool that the workspace does not see."""
        self.notes.add(acts.SwitchSet(user=user, at=self._now, name=name, value=value, environment=environment))

    def alerted(self, name: str, *, number: int) -> None:
        """Monitoring sends ``more_alerts`` of that name, the ``number``-th time."""
        self.notes.add(acts.AlertsSent(user="", at=self._now, name=name, number=number))

    async def post_as(self, user: str, channel: str, text: str, *, thread_ts: str = "") -> Message:
        """As everybody; noted."""
        posted = acts.Posted(
            user=user, at=self._now, channel=self._named(channel), text=acts.typed(text),
            thread=self._told(user, channel, thread_ts) if thread_ts else None,
        )  # fmt: skip
        with self.notes.during(posted):
            return await super().post_as(user, channel, text, thread_ts=thread_ts)

    async def edit_message(self, user: str, channel: str, ts: str, text: str) -> Message:
        """As everybody; noted."""
        message = self._told(user, channel, ts)
        with self.notes.during(acts.Edited(user=user, at=self._now, message=message, text=acts.typed(text))):
            return await super().edit_message(user, channel, ts, text)

    async def delete_message(self, user: str, channel: str, ts: str) -> None:
        """As everybody; noted."""
        with self.notes.during(acts.Deleted(user=user, at=self._now, message=self._told(user, channel, ts))):
            await super().delete_message(user, channel, ts)

    async def upload(
        self, user: str, channel: str, *, name: str, content: bytes, text: str = "", thread_ts: str = ""
    ) -> Message:
        """As everybody; noted without the content."""
        uploaded = acts.Uploaded(
            user=user, at=self._now, channel=self._named(channel), name=name, size=len(content),
            text=acts.typed(text), thread=self._told(user, channel, thread_ts) if thread_ts else None,
        )  # fmt: skip
        with self.notes.during(uploaded):
            return await super().upload(user, channel, name=name, content=content, text=text, thread_ts=thread_ts)

    async def react(self, user: str, channel: str, ts: str, name: str) -> Message:
        """As everybody; noted."""
        with self.notes.during(self._reacted(user, channel, ts, name=name)):
            return await super().react(user, channel, ts, name)

    async def unreact(self, user: str, channel: str, ts: str, name: str) -> Message:
        """As everybody; noted."""
        with self.notes.during(self._reacted(user, channel, ts, name=name, taken_back=True)):
            return await super().unreact(user, channel, ts, name)

    async def set_topic(self, user: str, channel: str, topic: str) -> Channel:
        """As everybody; noted."""
        named = self._named(channel)
        with self.notes.during(acts.TopicSet(user=user, at=self._now, channel=named, topic=acts.typed(topic))):
            return await super().set_topic(user, channel, topic)

    async def slash(self, user: str, channel: str, line: str) -> Ack:
        """As everybody; noted."""
        line_typed = acts.Typed(user=user, at=self._now, channel=self._named(channel), line=acts.typed(line))
        with self.notes.during(line_typed) as number:
            return self._answered(number, await super().slash(user, channel, line))

    async def shortcut(self, user: str, callback_id: str, *, channel: str = "", ts: str = "") -> Ack:
        """As everybody; noted."""
        message = self._told(user, channel, ts) if ts else None
        chosen_one = acts.Shortcut(user=user, at=self._now, callback_id=callback_id, message=message)
        with self.notes.during(chosen_one) as number:
            return self._answered(number, await super().shortcut(user, callback_id, channel=channel, ts=ts))

    async def press(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        *,
        block_id: str = "",
        entered: Entered = None,
        values: EnteredValues | None = None,
    ) -> Ack:
        """As everybody; noted."""
        what, element = control(
            self._workspace, user, channel=channel, ts=ts, action_id=action_id, block_id=block_id
        )  # fmt: skip
        pressed: acts.AnyAct = acts.Pressed(user=user, at=self._now, control=what)
        if entered is not None:
            pressed = acts.Chose(user=user, at=self._now, control=what, chosen=chosen(element, entered))
        with self.notes.during(pressed) as number:
            ack = await super().press(
                user, channel, ts, action_id, block_id=block_id, entered=entered, values=values
            )  # fmt: skip
            return self._answered(number, ack)

    async def press_in_view(
        self,
        user: str,
        view_id: str,
        action_id: str,
        *,
        block_id: str = "",
        entered: Entered = None,
        values: EnteredValues | None = None,
    ) -> Ack:
        """As everybody; noted."""
        pressed = pressed_in(
            user, self._now, self._view(view_id), action_id=action_id, block_id=block_id, entered=entered
        )  # fmt: skip
        with self.notes.during(pressed) as number:
            ack = await super().press_in_view(
                user, view_id, action_id, block_id=block_id, entered=entered, values=values
            )  # fmt: skip
            return self._answered(number, ack)

    async def press_in_home(
        self,
        user: str,
        action_id: str,
        *,
        block_id: str = "",
        entered: Entered = None,
        values: EnteredValues | None = None,
    ) -> Ack:
        """As everybody; noted."""
        home = self._workspace.views.home(user)
        pressed = pressed_in(user, self._now, home, action_id=action_id, block_id=block_id, entered=entered)
        with self.notes.during(pressed) as number:
            ack = await super().press_in_home(user, action_id, block_id=block_id, entered=entered, values=values)
            return self._answered(number, ack)

    async def submit_view(self, user: str, view_id: str, values: EnteredValues) -> Submitted:
        """As everybody; noted with what was sent back."""
        form = filled(self._workspace, user, self._now, view_id=view_id, values=values)
        with self.notes.during(form) as number:
            done = await super().submit_view(user, view_id, values)
            self.notes.amend(number, errors=dict(done.errors), failed=done.failed)
            return done

    async def close_view(self, user: str, view_id: str, *, all_of_them: bool = False) -> View | None:
        """As everybody; noted."""
        with self.notes.during(acts.Closed(user=user, at=self._now, all_of_them=all_of_them)):
            return await super().close_view(user, view_id, all_of_them=all_of_them)

    async def open_home(self, user: str, *, tab: str = "home") -> None:
        """As everybody; noted."""
        with self.notes.during(acts.HomeOpened(user=user, at=self._now, tab=tab)):
            await super().open_home(user, tab=tab)

    # --- naming ---------------------------------------------------------------------------------------------------

    @property
    def _now(self) -> datetime:
        return self._workspace.stamps.now()

    def _named(self, channel: str) -> str:
        return channel_name(self._workspace, channel)

    def _told(self, user: str, channel: str, ts: str) -> acts.Told:
        return told(self._workspace, user, channel, ts)

    def _reacted(
        self, user: str, channel: str, ts: str, *, name: str, taken_back: bool = False
    ) -> acts.Reacted:  # fmt: skip
        message = self._told(user, channel, ts)
        return acts.Reacted(user=user, at=self._now, message=message, name=name.strip(":"), taken_back=taken_back)

    def _view(self, view_id: str) -> View | None:
        try:
            return self._workspace.views.get(view_id)
        except SlackSays:
            return None

    def _answered(self, number: int, ack: Ack) -> Ack:
        self.notes.amend(number, failed=ack.reason)
        return ack
