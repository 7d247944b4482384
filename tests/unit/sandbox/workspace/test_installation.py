"""The app's manifest says what it may do and what it hears."""

from __future__ import annotations

import pytest

from bot.sandbox.workspace.access import Access
from bot.sandbox.workspace.installation import read_manifest
from bot.sandbox.workspace.values import App, SlackSays
from bot.slack.manifest import EVENTS, MORE_SCOPES, SCOPES, manifest


def test_the_bot_s_own_manifest_is_read() -> None:
    installed = read_manifest(manifest(url=None, command="/incident"))
    assert installed.scopes == {*SCOPES, *MORE_SCOPES}
    assert installed.events == set(EVENTS)
    assert [command.command for command in installed.commands] == ["/incident"]
    assert {(shortcut.type, shortcut.callback_id) for shortcut in installed.shortcuts} >= {
        ("global", "incident.declare"),
        ("message", "timeline.add"),
    }
    assert not installed.home_tab


def test_a_home_is_there_if_the_manifest_has_one() -> None:
    assert read_manifest("features: {app_home: {home_tab_enabled: true}}").home_tab


@pytest.mark.parametrize("text", ["- a\n- list", "{", "features: 7", "features: {shortcuts: [{}]}"])
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no app manifest"):
        read_manifest(text)


def test_an_installed_app_may_do_what_its_manifest_says() -> None:
    access = Access(App())
    access.install(read_manifest(manifest(url=None, command="/incident")))
    access.check_scope(("chat:write",))
    with pytest.raises(SlackSays, match="missing_scope"):
        access.check_scope(("admin",))
    assert access.hears("message.channels")
    assert not access.hears("message.groups")
    assert not access.home_tab


def test_a_token_that_was_revoked_opens_nothing() -> None:
    access = Access(App())
    access.locked_out = "token_revoked"
    with pytest.raises(SlackSays, match="token_revoked"):
        access.check_token("xoxb-sandbox", for_app_token=False)
