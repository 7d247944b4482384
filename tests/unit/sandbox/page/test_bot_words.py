"""What the demo's page says of the bot is what the bot says of itself."""

from __future__ import annotations

from bot.sandbox.demo.bot_words import about, suggestions
from bot.sandbox.page.composer import suggestion
from bot.slack.commands import COMMANDS
from bot.slack.manifest import MORE_SCOPES, SCOPES


def test_every_word_of_the_command_is_suggested() -> None:
    """With what can follow it; the word itself stands first."""
    words = [suggestion(*one) for one in suggestions()]
    assert [one.word for one in words] == list(COMMANDS)
    assert next(one.hint for one in words if one.word == "lead") == "[@somebody]"
    assert all(one.about for one in words)


def test_shortcuts_and_scopes_come_from_the_manifest() -> None:
    """Those of a message and the global ones apart."""
    said = about("/incident")
    assert said.name == "Evenkeel"
    assert said.alone == "What can be done now"
    assert [one.callback_id for one in said.at_messages] == ["timeline.add", "incident.from_message"]
    assert [one.callback_id for one in said.everywhere] == ["incident.declare", "incident.report"]
    assert dict(said.scopes) == {**SCOPES, **MORE_SCOPES}
