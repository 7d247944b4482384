"""What a person can do in Slack: write, press, fill in, react. The bot is told as Slack would tell it.

Every method checks what Slack's own client would not let a person do (``SlackSays``), changes the workspace, and
returns when the bot has acknowledged or three seconds are over.
"""

from __future__ import annotations

from bot.sandbox.workspace import payloads
from bot.sandbox.workspace.acks import Ack, Delivery, Submitted, apply_answer
from bot.sandbox.workspace.changes import Change
from bot.sandbox.workspace.inputs import Entered, EnteredValues, answer, find_element, missing, state_of
from bot.sandbox.workspace.journal import Journal
from bot.sandbox.workspace.responses import Responses
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Json, SlackSays, View
from bot.sandbox.workspace.writing import Writing


class People(Writing):
    """Acts as any user of the workspace; users are given by id. What people write is in ``Writing``."""

    def __init__(self, workspace: Workspace, *, delivery: Delivery, responses: Responses, journal: Journal) -> None:
        super().__init__(workspace)
        self._delivery = delivery
        self._responses = responses
        self._journal = journal

    async def slash(self, user: str, channel: str, line: str) -> Ack:
        """The person typed ``line`` (``/incident new``) in the channel; an answer in the ack is shown."""
        command, _, text = line.partition(" ")
        payload = payloads.slash_command(
            self._workspace,
            self._workspace.directory.user(user),
            channel=channel,
            command=command,
            text=text.strip(),
            trigger_id=self._workspace.views.new_trigger(user),
            response_url=self._responses.create(user=user, channel=channel),
        )
        ack = await self._delivery.deliver("slash_commands", payload)
        if ack.ok and ack.body:
            try:
                self._responses.say(ack.body, user=user, channel=channel)
            except SlackSays as refusal:
                self._journal.note("slash_answer", {"answer": ack.body}, error=refusal.code)
        return ack

    async def shortcut(self, user: str, callback_id: str, *, channel: str = "", ts: str = "") -> Ack:
        """The person chose a shortcut: a message's, if ``channel`` and ``ts`` name one, else a global one."""
        who = self._workspace.directory.user(user)
        trigger = self._workspace.views.new_trigger(user)
        if not ts:
            payload = payloads.global_shortcut(self._workspace, who, callback_id=callback_id, trigger_id=trigger)
        else:
            payload = payloads.message_shortcut(
                self._workspace,
                who,
                self._workspace.messages.get(channel, ts),
                callback_id=callback_id,
                trigger_id=trigger,
                response_url=self._responses.create(user=user, channel=channel, ts=ts),
            )
        return await self._delivery.deliver("interactive", payload)

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
        """The person pressed a button, or chose ``entered`` (an option's value, a user's id, a date).

        ``values`` is what the message's other inputs hold. ``no_such_element`` if it is not there (any more).
        """
        message = self._workspace.messages.get(channel, ts)
        found = find_element(message.blocks, action_id=action_id, block_id=block_id)
        if found is None:  # changed since it was drawn, and its blocks have new ids: the press counts, as in Slack
            found = find_element(message.blocks, action_id=action_id)
        payload = payloads.pressed_in_message(
            self._workspace,
            self._workspace.directory.user(user),
            message,
            self._action(found, entered),
            state=state_of(message.blocks, values or {}),
            trigger_id=self._workspace.views.new_trigger(user),
            response_url=self._responses.create(user=user, channel=channel, ts=ts),
        )
        return await self._delivery.deliver("interactive", payload)

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
        """As ``press``, in a modal or on the App Home; what else was entered is kept with the view."""
        view = self._workspace.views.get(view_id)
        return await self._press(user, view, action_id, block_id=block_id, entered=entered, values=values)

    async def press_in_home(
        self,
        user: str,
        action_id: str,
        *,
        block_id: str = "",
        entered: Entered = None,
        values: EnteredValues | None = None,
    ) -> Ack:
        """As ``press_in_view``, on the person's own App Home; ``not_found`` if the bot has published none."""
        home = self._workspace.homes.get(user)
        if home is None:
            raise SlackSays("not_found")
        return await self._press(user, home, action_id, block_id=block_id, entered=entered, values=values)

    async def submit_view(self, user: str, view_id: str, values: EnteredValues) -> Submitted:
        """The person submitted the modal; ``values`` are by block_id and action_id, menus by option value."""
        views = self._workspace.views
        view = views.get(view_id)
        state = state_of(view.content["blocks"], values)
        view = views.fill(view_id, state)
        errors = missing(view.content["blocks"], state)
        if errors:
            return Submitted(errors=errors, view=view)
        payload = payloads.submission(
            self._workspace,
            self._workspace.directory.user(user),
            view,
            trigger_id=views.new_trigger(user, view_id=view_id),
        )
        ack = await self._delivery.deliver("interactive", payload)
        if not ack.ok:
            return Submitted(failed=ack.reason, view=view)
        outcome = apply_answer(self._workspace, view, ack.body)
        if outcome.failed:
            self._journal.note("response_action", {"answer": ack.body}, error=outcome.failed)
        return outcome

    async def close_view(self, user: str, view_id: str, *, all_of_them: bool = False) -> View | None:
        """The person closed the modal, or the whole stack; returns the one that they see now."""
        views = self._workspace.views
        views.get(view_id)
        gone = views.clear(user) if all_of_them else [views.close(view_id)]
        for view in gone:
            if view.content.get("notify_on_close"):
                payload = payloads.closed(
                    self._workspace,
                    self._workspace.directory.user(user),
                    view,
                    is_cleared=all_of_them,
                )
                await self._delivery.deliver("interactive", payload)
        return views.top(user)

    async def open_home(self, user: str, *, tab: str = "home") -> None:
        """The person looks at the bot's App Home, at the tab ``home`` or ``messages``; the bot is told."""
        self._workspace.directory.user(user)
        self._workspace.changes.publish(Change(kind="home_opened", user=user, detail=tab))

    async def _press(
        self,
        user: str,
        view: View,
        action_id: str,
        *,
        block_id: str,
        entered: Entered,
        values: EnteredValues | None,
    ) -> Ack:
        views = self._workspace.views
        found = find_element(view.content["blocks"], action_id=action_id, block_id=block_id)
        if found is None:  # as for a message: redrawn meanwhile
            found = find_element(view.content["blocks"], action_id=action_id)
        action = self._action(found, entered)
        own = {action["block_id"]: {action_id: entered}} if entered is not None else {}
        view = views.fill(view.id, state_of(view.content["blocks"], {**(values or {}), **own}))
        payload = payloads.pressed_in_view(
            self._workspace,
            self._workspace.directory.user(user),
            view,
            action,
            trigger_id=views.new_trigger(user, view_id=view.id if view.type == "modal" else ""),
        )
        return await self._delivery.deliver("interactive", payload)

    def _action(self, found: tuple[Json, Json] | None, entered: Entered) -> Json:
        if found is None:
            raise SlackSays("no_such_element")
        block, element = found
        return payloads.action(block, element, answer(element, entered), action_ts=self._workspace.stamps.ts())
