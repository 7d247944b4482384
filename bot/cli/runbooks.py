"""The commands for who writes runbooks: ``check`` and ``replay``. What is heavy is imported late."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.errors import Mistake

Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH", help="Files or folders; default: what `serve` would read here."),
]
Report = Literal["text", "json"]
Schema = Literal["runbook", "config"]


def check(
    paths: Paths = None,
    expand: Annotated[bool, typer.Option("--expand", help="Print every runbook in its long form.")] = False,
    service: Annotated[str | None, typer.Option(help="With --expand: for this service of the catalogue.")] = None,
    kind: Annotated[Report, typer.Option("--format", help="What to print.")] = "text",
    sample: Annotated[
        Path | None, typer.Option(help="Show what this body becomes, sent to --source; nothing else is checked.")
    ] = None,
    source: Annotated[str, typer.Option(help="With --sample: the source that it is sent to.")] = "generic",
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count too: exit 1.")] = False,
    json_schema: Annotated[
        Schema | None, typer.Option("--json-schema", help="Print the JSON Schema of such a file, for editors.")
    ] = None,
) -> None:
    """Every mistake of evenkeel.yaml and the runbooks as file:line:column: message; exit 1 if there is any.

    \b
    Examples:
      evenkeel check
      evenkeel check --strict runbooks/ evenkeel.yaml
      evenkeel check --expand --service fraud-scorer
      evenkeel check --sample drift-monitor.json
      evenkeel check --json-schema runbook > runbook-v1.schema.json
    """
    if service is not None and not expand:
        raise typer.BadParameter("--service goes with --expand")
    if json_schema is not None:
        from bot.json_schema import schema_text

        typer.echo(schema_text(json_schema), nl=False)
        return
    if sample is not None:
        from bot.cli.check_sample import sample_told

        text, refused = sample_told(sample, source, os.environ)
        typer.echo(text, nl=False)
        if refused:
            raise Mistake(refused)
        return
    from bot.cli.check import examine, expand_yaml
    from bot.cli.check_report import told

    found = examine(paths or [], os.environ, today=datetime.now(UTC).date())
    fails = found.fails(strict=strict)
    if expand and not fails:
        typer.echo(expand_yaml(paths or [], os.environ, service=service), nl=False)
        return
    typer.echo(told(found, kind), nl=False)
    raise typer.Exit(1 if fails else 0)


def replay(
    runbook: Annotated[Path, typer.Argument(help="The runbook's file.")],
    alert: Annotated[Path, typer.Option(help="An Alertmanager notification, or `labels` of an alert; JSON or YAML.")],
    answers: Annotated[Path | None, typer.Option(help="What sources answered and people did; YAML.")] = None,
    kind: Annotated[Report, typer.Option("--format", help="What to print.")] = "text",
) -> None:
    """Walks a runbook against recorded data: no Slack, no network, and a day's watch passes at once.

    Exit 1 if somebody could not do what the answers say, or if something else came out than they expect.

    \b
    Example:
      evenkeel replay runbooks/model-performance-drop.yaml --alert alert.json --answers answers.yaml
    """
    from bot.logs import set_up_logs
    from bot.replay.command import replay_files

    set_up_logs(json=False, level=logging.ERROR)
    text, fine = replay_files(runbook, alert=alert, answers=answers, environment=os.environ, kind=kind)
    typer.echo(text, nl=False)
    raise typer.Exit(0 if fine else 1)
