"""Open modals, the App Homes, and the trigger ids that allow a modal to be opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import msgspec

from bot.sandbox.workspace.block_walk import elements_of, every_block
from bot.sandbox.workspace.blocks_check import refused_view
from bot.sandbox.workspace.changes import Change, Changes
from bot.sandbox.workspace.stamps import Stamps
from bot.sandbox.workspace.values import Json, SlackSays, View

TRIGGER_LIVES = timedelta(seconds=3)
_DEEPEST_STACK = 3
_MOST_REMEMBERED = 5_000


class _Trigger(msgspec.Struct, frozen=True, kw_only=True):
    user: str
    made: datetime
    view_id: str


class Views:
    """Each person has at most one stack of modals, three deep, and one App Home."""

    def __init__(self, stamps: Stamps, changes: Changes) -> None:
        self._stamps = stamps
        self._changes = changes
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}
        self._triggers: dict[str, _Trigger] = {}
        self._used: set[str] = set()

    def new_trigger(self, user: str, *, view_id: str = "") -> str:
        """A trigger id for something ``user`` just did; in a modal, ``view_id`` says in which."""
        trigger = f"{self._stamps.id('')}.{self._stamps.ts()}.sandbox"
        self._triggers[trigger] = _Trigger(user=user, made=self._stamps.now(), view_id=view_id)
        if len(self._triggers) > _MOST_REMEMBERED:
            oldest = next(iter(self._triggers))
            del self._triggers[oldest]
            self._used.discard(oldest)
        return trigger

    def stack(self, user: str) -> list[View]:
        """The person's open modals, the top one last."""
        return list(self._stacks.get(user, ()))

    def top(self, user: str) -> View | None:
        """The modal that the person sees."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        """What the bot published on the person's App Home."""
        return self._homes.get(user)

    @property
    def homes(self) -> Mapping[str, View]:
        """Every App Home, by its person."""
        return MappingProxyType(self._homes)

    def get(self, view_id: str) -> View:
        """The open modal or App Home; ``not_found`` once it is closed."""
        for view in self._all():
            if view.id == view_id:
                return view
        raise SlackSays("not_found")

    def by_external_id(self, external_id: str) -> View:
        """The view that the app gave this external id."""
        for view in self._all():
            if external_id and view.external_id == external_id:
                return view
        raise SlackSays("not_found")

    def open(self, trigger_id: str, content: Json) -> View:
        """A new modal for whoever made the trigger; what they had open before is closed.

        ``duplicate_external_id`` if another view has its external id.
        """
        user = self._find_trigger(trigger_id).user
        self._check_external_id(content, but=self.stack(user))
        self._exchange(trigger_id)
        for view in self.stack(user):
            self._tell("view_closed", view)
        view_id = self._stamps.id("V")
        return self._put([], self._new(user, content, view_id=view_id, root_id=view_id))

    def push(self, trigger_id: str, content: Json) -> View:
        """A modal on top of the one in which the trigger was made; at most three lie on each other.

        Only a modal can have another one on top: not a message, and not the App Home.
        """
        trigger = self._find_trigger(trigger_id)
        stack = self.stack(trigger.user)
        if not any(view.id == trigger.view_id for view in stack):
            raise refused_view("must match the `type` of the root view whose stack we're pushing onto", "/view/type")
        if len(stack) >= _DEEPEST_STACK:
            raise SlackSays("push_limit_reached")
        self._check_external_id(content)
        self._exchange(trigger_id)
        return self.put_on_top(trigger.user, content)

    def put_on_top(self, user: str, content: Json) -> View:
        """As ``push``, for the answer to a submission, which needs no trigger."""
        stack = self._stacks.get(user, [])
        if len(stack) >= _DEEPEST_STACK:
            raise SlackSays("push_limit_reached")
        self._check_external_id(content)
        view_id = self._stamps.id("V")
        root, previous = (stack[0].id, stack[-1].id) if stack else (view_id, "")
        view = self._new(user, content, view_id=view_id, root_id=root)
        return self._put(stack, msgspec.structs.replace(view, previous_id=previous))

    def update(self, view_id: str, content: Json, *, expected_hash: str = "") -> View:
        """The view shows ``content``; ``hash_conflict`` if it changed since ``expected_hash`` was read.

        What was entered stays in the blocks that keep their ids.
        """
        view = self.get(view_id)
        if expected_hash and expected_hash != view.hash:
            raise SlackSays("hash_conflict")
        self._check_external_id(content, but=[view])
        state = _kept(view.state, content)
        return self._replace(view, "view_changed", content=content, hash=self._hash(), state=state)

    def publish(self, user: str, content: Json, *, expected_hash: str = "") -> View:
        """The person's App Home shows ``content``."""
        old = self._homes.get(user)
        if old and expected_hash and expected_hash != old.hash:
            raise SlackSays("hash_conflict")
        self._check_external_id(content, but=[old] if old else [])
        view_id = old.id if old else self._stamps.id("V")
        view = self._new(user, content, view_id=view_id, root_id=view_id)
        self._homes[user] = view
        self._tell("home", view)
        return view

    def fill(self, view_id: str, state: Json) -> View:
        """What the person has entered so far is ``state``."""
        return self._replace(self.get(view_id), "", state=state)

    def close(self, view_id: str) -> View:
        """The modal is closed; the one below, if any, is on top."""
        view = self.get(view_id)
        stack = self._stacks[view.user]
        stack.remove(view)
        self._tell("view_closed", view)
        return view

    def clear(self, user: str) -> list[View]:
        """All modals of the person are closed."""
        closed = self._stacks.pop(user, [])
        for view in closed:
            self._tell("view_closed", view)
        return closed

    def _all(self) -> Iterator[View]:
        yield from self._homes.values()
        for stack in self._stacks.values():
            yield from stack

    def _check_external_id(self, content: Json, *, but: Iterable[View] = ()) -> None:
        external_id = content.get("external_id")
        others = {view.id for view in but}
        if external_id and any(v.external_id == external_id and v.id not in others for v in self._all()):
            raise SlackSays("duplicate_external_id")

    def _find_trigger(self, trigger_id: str) -> _Trigger:
        if trigger_id in self._used:
            raise SlackSays("exchanged_trigger_id")
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackSays("invalid_trigger_id")
        if self._stamps.now() - trigger.made > TRIGGER_LIVES:
            raise SlackSays("expired_trigger_id")
        return trigger

    def _exchange(self, trigger_id: str) -> _Trigger:
        trigger = self._find_trigger(trigger_id)
        self._used.add(trigger_id)
        return trigger

    def _new(self, user: str, content: Json, *, view_id: str, root_id: str) -> View:
        kind = str(content.get("type", "modal"))
        return View(id=view_id, user=user, type=kind, content=content, hash=self._hash(), root_id=root_id)

    def _put(self, stack: list[View], view: View) -> View:
        self._stacks[view.user] = [*stack, view]
        self._tell("view_opened", view)
        return view

    def _replace(self, view: View, kind: str, **fields: Any) -> View:
        new = msgspec.structs.replace(view, **fields)
        if view.type == "home":
            self._homes[view.user] = new
        else:
            stack = self._stacks[view.user]
            stack[stack.index(view)] = new
        if kind:
            self._tell(kind, new)
        return new

    def _hash(self) -> str:
        return f"{self._stamps.ts()}.{self._stamps.id('')}"

    def _tell(self, kind: str, view: View) -> None:
        self._changes.publish(Change(kind=kind, user=view.user, detail=view.id))


def _kept(state: Json, content: Json) -> Json:
    """What was entered into the elements that are still there, under the same ids."""
    there = {
        (block["block_id"], element["action_id"])
        for block in every_block(content["blocks"])
        for element in elements_of(block)
    }
    kept = {
        block_id: {action_id: value for action_id, value in values.items() if (block_id, action_id) in there}
        for block_id, values in state.items()
    }
    return {block_id: values for block_id, values in kept.items() if values}
