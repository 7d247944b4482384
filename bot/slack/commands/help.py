"""``help``: every word, and what it does."""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.commands.command import Answer, Call, Command


def helping(commands: Mapping[str, Command]) -> Command:
    """The command that lists ``commands``."""

    async def run(call: Call) -> Answer:
        lines = [f"`{call.name} {command.usage}` {command.about}" for command in commands.values()]
        head = f"`{call.name}` alone, in an incident's channel, shows what can be done now."
        return Answer("\n".join([head, *lines]))

    return Command(usage="help", about="this list", run=run)
