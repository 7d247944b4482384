"""What a person types reaches the bot as Slack would send it."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from bot.sandbox.page.composer import as_sent
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import User


@pytest.fixture(name="workspace")
def _workspace() -> Workspace:
    made = Workspace(clock=lambda: datetime(2026, 9, 22, tzinfo=UTC), ids=itertools.count(1))
    made.directory.add(User(id="U1", name="ana", real_name="Ana"))
    made.directory.add_group("ml-oncall", "ML on call", ("U1",))
    return made


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("@ana, look", "<@U1>, look"),
        ("page @ml-oncall.", "page <!subteam^S000000001|@ml-oncall>."),
        ("@here", "<!here>"),
        ("ana@ana.example and @nobody", "ana@ana.example and @nobody"),
        ("<@U1>", "&lt;@U1&gt;"),
    ],
)
def test_names_become_mentions_and_the_rest_is_escaped(workspace: Workspace, typed: str, sent: str) -> None:
    """Nobody can type a token that Slack's client would not make."""
    assert as_sent(typed, workspace) == sent


def test_commands_carry_names_with_their_mentions(workspace: Workspace) -> None:
    """As Slack does for commands that ask for escaped names."""
    assert as_sent("/incident lead @ana", workspace, with_names=True) == "/incident lead <@U1|ana>"
