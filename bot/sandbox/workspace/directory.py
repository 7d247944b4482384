"""The people and groups of the workspace."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.workspace.changes import Change, Changes
from bot.sandbox.workspace.stamps import Stamps
from bot.sandbox.workspace.values import SlackSays, User, Usergroup


class Directory:
    """Users by id, groups by id."""

    def __init__(self, stamps: Stamps, changes: Changes) -> None:
        self._stamps = stamps
        self._changes = changes
        self.users: dict[str, User] = {}
        self.groups: dict[str, Usergroup] = {}

    def add(self, user: User) -> User:
        """The user is in the workspace."""
        self.users[user.id] = user
        self._changes.publish(Change(kind="user_added", user=user.id))
        return user

    def add_person(self, name: str, real_name: str, *, is_guest: bool = False) -> User:
        """A new person with an id of their own and an address at example.com."""
        return self.add(
            User(
                id=self._stamps.id("U"),
                name=name,
                real_name=real_name,
                email=f"{name}@example.com",
                is_guest=is_guest,
            )
        )

    def add_group(self, handle: str, name: str, users: tuple[str, ...]) -> Usergroup:
        """A new group that can be mentioned by ``handle``."""
        group = Usergroup(id=self._stamps.id("S"), handle=handle, name=name, users=users)
        self.groups[group.id] = group
        return group

    def user(self, user_id: str) -> User:
        """The user with this id; ``user_not_found`` otherwise."""
        try:
            return self.users[user_id]
        except KeyError:
            raise SlackSays("user_not_found") from None

    def by_name(self, name: str) -> User:
        """The user who is called ``@name``."""
        return self._found(lambda user: user.name == name, "user_not_found")

    def by_email(self, email: str) -> User:
        """The user with this address; ``users_not_found`` otherwise, as Slack spells it there."""
        return self._found(lambda user: bool(email) and user.email == email.lower(), "users_not_found")

    def _found(self, matches: Callable[[User], bool], code: str) -> User:
        for user in self.users.values():
            if matches(user):
                return user
        raise SlackSays(code)
