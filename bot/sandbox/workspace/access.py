"""What the app may do in this workspace: the scopes of its token and the administrators' wishes."""

from __future__ import annotations

from typing import Final

from bot.sandbox.workspace.installation import Installation
from bot.sandbox.workspace.values import App, Channel, SlackSays

_SCOPES: Final = """
    app_mentions:read bookmarks:read bookmarks:write channels:history channels:join channels:manage
    channels:read chat:write commands emoji:read files:read files:write groups:history groups:read groups:write
    im:history im:read im:write pins:read pins:write reactions:read reactions:write team:read
    usergroups:read users:read users:read.email
"""
ALL_SCOPES: Final = frozenset(_SCOPES.split())
_DIRECT: Final = {"channels:manage": "im:write", "channels:join": "im:write"}
_PRIVATE: Final = {"channels:manage": "groups:write", "channels:join": "groups:write"}


class Access:
    """Tokens, scopes and switches; tests change them while the workspace runs.

    ``scopes`` are those of the bot's token, ``events`` the subscribed types, None for all. ``home_tab`` is off for
    apps that have none. ``channels_may_be_created`` is off where administrators keep that to themselves
    (``restricted_action``). ``locked_out`` is what every call is answered with, such as ``token_revoked``.
    """

    def __init__(self, app: App, *, scopes: frozenset[str] = ALL_SCOPES) -> None:
        self._app = app
        self.scopes = set(scopes)
        self.events: frozenset[str] | None = None
        self.home_tab = True
        self.channels_may_be_created = True
        self.locked_out = ""

    def install(self, installation: Installation) -> None:
        """The app may do, and is told, what its manifest says, and nothing more."""
        self.scopes = set(installation.scopes)
        self.events = installation.events
        self.home_tab = installation.home_tab

    def check_token(self, token: str, *, for_app_token: bool) -> None:
        """``not_authed``, ``invalid_auth`` or ``not_allowed_token_type`` unless it is the right token."""
        if not token:
            raise SlackSays("not_authed")
        if token not in (self._app.bot_token, self._app.app_token):
            raise SlackSays("invalid_auth")
        if (token == self._app.app_token) != for_app_token:
            raise SlackSays("not_allowed_token_type")
        if self.locked_out:
            raise SlackSays(self.locked_out)

    def check_scope(self, needed: tuple[str, ...], channel: Channel | None = None) -> None:
        """``missing_scope`` unless the token has one of ``needed``, which are those of public channels."""
        asked = [_for_channel(scope, channel) for scope in needed]
        if asked and not self.scopes.intersection(asked):
            raise SlackSays("missing_scope", needed=asked[0], provided=",".join(sorted(self.scopes)))

    def hears(self, event: str) -> bool:
        """Whether the app subscribed to events of this type."""
        return self.events is None or event in self.events

    def has(self, scope: str, channel: Channel | None = None) -> bool:
        """Whether the token has the scope, as it is called for this kind of channel."""
        return not scope or _for_channel(scope, channel) in self.scopes


def _for_channel(scope: str, channel: Channel | None) -> str:
    if channel is None or not scope.startswith("channels:"):
        return scope
    if channel.is_im:
        return _DIRECT.get(scope, scope.replace("channels:", "im:"))
    return _PRIVATE.get(scope, scope.replace("channels:", "groups:")) if channel.is_private else scope
