"""The commands about what came in. What is heavy is imported late."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer


def replay_alert(
    request: Annotated[
        int, typer.Argument(metavar="ID", help="The request's number, as `evenkeel alerts` shows it.")
    ],
    send: Annotated[bool, typer.Option("--send", help="Have the running program take it in again.")] = False,
    to: Annotated[str | None, typer.Option(help="With --send: where it runs; default PUBLIC_URL.")] = None,
) -> None:
    """A request as it was received, without secrets, and what it becomes with the configuration of today.

    \b
    Examples:
      evenkeel replay-alert 17
      evenkeel replay-alert 17 --send
    """
    from bot.cli.received import send as send_again
    from bot.cli.received import shown

    if to is not None and not send:
        raise typer.BadParameter("--to goes with --send")
    doing = send_again(os.environ, request, to=to) if send else shown(os.environ, request)
    typer.echo(asyncio.run(doing), nl=False)


def post_results(
    file: Annotated[Path, typer.Argument(help="A report of Evidently, or rows of NannyML, as JSON.")],
    service: Annotated[str, typer.Option(help="The service that they are about.")],
    dataset: Annotated[str, typer.Option(help="What was looked at, if there are several for one service.")] = "",
    url: Annotated[str, typer.Option(help="Where people see the report.")] = "",
    to: Annotated[str | None, typer.Option(help="Where `evenkeel serve` runs; default PUBLIC_URL.")] = None,
) -> None:
    """Posts what Evidently or NannyML found: each failed test, or value out of its range, is an alert.

    \b
    Examples:
      evenkeel post-results report.json --service fraud-scorer
      evenkeel post-results rows.json --service fraud-scorer --url https://reports.example.com/today.html
    """
    from bot.cli.posting import post_results as post

    posting = post(os.environ, file, service=service, dataset=dataset, url=url, to=to)
    typer.echo(asyncio.run(posting), nl=False)


def redact(
    key: Annotated[str, typer.Argument(metavar="INC-1", help="The incident.")],
    entry: Annotated[int, typer.Argument(metavar="ENTRY", help="The entry's number; 1 is what its alerts said.")],
    by: Annotated[str, typer.Option(help="Who says so, for the log: the id of a Slack user.")] = "evenkeel",
) -> None:
    """Blanks what somebody wrote in an entry of the log, for good; `timeline INC-1 --format json` has the numbers.

    On SQLite only one process writes: type `/incident redact` in Slack while `evenkeel serve` runs.

    \b
    Example:
      evenkeel redact INC-1 7 --by U0123ABCD
    """
    from bot.cli.redacting import redact as blank

    typer.echo(asyncio.run(blank(os.environ, key, entry, by=by)))


def route(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What a source would send: a recorded request.")],
    source: Annotated[str, typer.Option(help="Who would send it.")] = "alertmanager",
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], help="When, in UTC; now if left out."),
    ] = None,
) -> None:
    """Where the alerts of a file go, and why: each route that does not fit, the one that does, and what it brings.

    \b
    Examples:
      evenkeel route alert.json
      evenkeel route incident.json --source pagerduty --at 2026-11-22T03:00
    """
    from bot.cli.routed import routed
    from bot.clock import SystemClock

    when = at.replace(tzinfo=UTC) if at is not None else SystemClock().now()
    typer.echo(routed(os.environ, file, source=source, at=when), nl=False)
