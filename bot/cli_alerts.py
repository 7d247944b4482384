"""The commands about what came in. As in ``cli``, what is heavy is imported late."""

from __future__ import annotations

import asyncio
import os
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
    from bot.received import send as send_again
    from bot.received import shown

    if to is not None and not send:
        raise typer.BadParameter("--to goes with --send")
    doing = send_again(os.environ, request, to=to) if send else shown(os.environ, request)
    typer.echo(asyncio.run(doing), nl=False)
