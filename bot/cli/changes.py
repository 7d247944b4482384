"""The command about what was changed. What is heavy is imported late."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated, Literal

import typer

from bot.cli.options import duration

Text = Literal["text", "json", "csv"]


def changes(
    since: Annotated[str, typer.Option(help="How far back: 90s, 30m, 1h, 7d.")] = "24h",
    service: Annotated[str, typer.Option(help="Only of this service.")] = "",
    kind: Annotated[Text, typer.Option("--format", help="What to print.")] = "text",
) -> None:
    """What was released, switched or re-aliased: when, of which service, from what to what, by whom, who told us.

    \b
    Examples:
      evenkeel changes
      evenkeel changes --since 7d --service fraud-scorer --format csv
    """
    from bot.cli.reading_changes import changes as changes_of

    typer.echo(asyncio.run(changes_of(os.environ, duration(since), service, kind)), nl=False)
