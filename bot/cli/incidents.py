"""The command that lists incidents. What is heavy is imported late."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated, Literal

import typer

Text = Literal["text", "json", "csv"]
Standing = Literal["triage", "open", "resolved", "cancelled", "merged"]


def incidents(
    status: Annotated[Standing | None, typer.Option(help="Only those that stand so.")] = None,
    before: Annotated[str, typer.Option(help="Only those older than this one: INC-201.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many, at most.")] = 200,
    kind: Annotated[Text, typer.Option("--format", help="What to print.")] = "text",
) -> None:
    """The incidents, the last one first: severity, status, service, who leads, and what it is about.

    \b
    Examples:
      evenkeel incidents --status open
      evenkeel incidents --limit 100000 --format csv > incidents.csv
    """
    from bot.cli.reading_incidents import incidents as incidents_of

    told = incidents_of(os.environ, status=status, before=before, limit=limit, kind=kind)
    typer.echo(asyncio.run(told), nl=False)
