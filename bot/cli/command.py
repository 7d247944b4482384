"""The command ``evenkeel``: its commands in the order in which its help lists them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import typer

from bot.cli.alerts import post_results, redact, replay_alert, route
from bot.cli.changes import changes
from bot.cli.exits import ends_well_when_interrupted, exit_code
from bot.cli.incidents import incidents
from bot.cli.options import duration
from bot.cli.runbooks import check, replay
from bot.errors import Mistake

app = typer.Typer(
    name="evenkeel",
    help="An incident bot for Slack, for teams that run machine-learning services.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Key = Annotated[str, typer.Argument(help="The incident: INC-1, or just 1.")]
Text = Literal["text", "json", "csv"]
Document = Literal["markdown", "html", "json"]


def main() -> None:
    """The entry point."""
    sys.exit(exit_code(app))


def _run(work: Coroutine[Any, Any, int | None]) -> None:
    """Runs a coroutine on the fast loop and exits with what it returns."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        raise typer.Exit(runner.run(work) or 0)


@app.command()
def demo(
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Where the sandbox workspace listens; default 8765, or a free port."),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the address in the browser.")] = True,
    scenario: Annotated[str, typer.Option(help="What breaks; `list` prints the names.")] = "fraud-recall-drop",
    autopilot: Annotated[
        bool, typer.Option(help="Simulated responders press the buttons; exit 0 at the end.")
    ] = False,
) -> None:
    """The whole job on this machine: bot, sandbox workspace, and a model service that breaks. No account, no key.

    \b
    Examples:
      evenkeel demo
      evenkeel demo --scenario list
      evenkeel demo --autopilot --scenario feature-feed-break
    """
    with ends_well_when_interrupted():
        from bot.sandbox.demo import list_scenarios, run_demo
        from bot.sandbox.world import SCENARIOS

        if scenario == "list":
            typer.echo(list_scenarios())
            return
        if scenario not in SCENARIOS:
            raise typer.BadParameter(f"there is no scenario “{scenario}”; `demo --scenario list` prints them")
        _run(run_demo(port=port, browser=browser, scenario=scenario, autopilot=autopilot))


@app.command()
def serve(
    controller: Annotated[bool, typer.Option(help="Bring incidents to rest in this process too.")] = True,
) -> None:
    """The web server and, unless --no-controller, the controller. Settings: evenkeel.yaml and the environment.

    \b
    Example:
      SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… ALERT_TOKEN=… evenkeel serve
    """
    from bot.serving import serve as run_server

    _run(run_server(os.environ, controller=controller))


@app.command()
def work() -> None:
    """The controller alone, beside `serve --no-controller`. PostgreSQL only.

    \b
    Example:
      DATABASE_URL=postgresql://… SLACK_BOT_TOKEN=xoxb-… evenkeel work
    """
    from bot.serving import work as run_worker

    _run(run_worker(os.environ))


app.command()(check)
app.command()(replay)
app.command()(replay_alert)
app.command()(post_results)
app.command()(route)
app.command()(redact)
app.command()(incidents)


@app.command()
def export(
    incident: Key,
    kind: Annotated[Document, typer.Option("--format", help="What to write.")] = "markdown",
    out: Annotated[Path | None, typer.Option(help="A file; default: standard output.")] = None,
) -> None:
    """The postmortem of an incident.

    \b
    Examples:
      evenkeel export INC-1
      evenkeel export INC-1 --format html --out INC-1.html
    """
    from bot.cli.reading import postmortem

    text = asyncio.run(postmortem(os.environ, incident, kind))
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Mistake(f"{out} cannot be written: {error.strerror}") from error


@app.command()
def timeline(incident: Key, kind: Annotated[Text, typer.Option("--format", help="What to print.")] = "text") -> None:
    """The timeline of an incident.

    \b
    Examples:
      evenkeel timeline INC-1
      evenkeel timeline INC-1 --format csv > INC-1.csv
    """
    from bot.cli.reading import timeline as timeline_of

    typer.echo(asyncio.run(timeline_of(os.environ, incident, kind)), nl=False)


@app.command()
def alerts(
    since: Annotated[str, typer.Option(help="How far back: 90s, 30m, 1h, 7d.")] = "1h",
    kind: Annotated[Text, typer.Option("--format", help="What to print.")] = "text",
) -> None:
    """What was received: source, status, count, first and last seen, incident, request, service and name.

    \b
    Examples:
      evenkeel alerts
      evenkeel alerts --since 7d --format csv
    """
    from bot.cli.reading import alerts as alerts_of

    typer.echo(asyncio.run(alerts_of(os.environ, duration(since), kind)), nl=False)


app.command()(changes)


@app.command()
def doctor() -> None:
    """Checks the token, scopes, signing secret, database, connectors and clock; one line each, with the cure.

    \b
    Example:
      evenkeel doctor
    """
    from bot.cli.doctor import examine

    findings = asyncio.run(examine(os.environ))
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.ok else 'MEND'}  {finding.name:<12} {finding.text}")
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)


@app.command()
def manifest(
    url: Annotated[str | None, typer.Option(help="Where Slack reaches `evenkeel serve`.")] = None,
    socket: Annotated[bool, typer.Option("--socket", help="Socket Mode: Slack needs not reach it.")] = False,
) -> None:
    """The Slack app manifest to paste at Slack's “Create app from manifest”.

    \b
    Examples:
      evenkeel manifest --socket
      evenkeel manifest --url https://evenkeel.example.com
    """
    from bot.config.files import read_settings
    from bot.slack.manifest import manifest as manifest_of

    if socket == (url is not None):
        raise typer.BadParameter("give --url https://… where Slack reaches `evenkeel serve`, or --socket")
    if url is not None and not url.startswith("https://"):
        raise typer.BadParameter(f"“{url}” does not begin with https://, and Slack sends nowhere else")
    if url is not None and not urlsplit(url).netloc:
        raise typer.BadParameter(f"“{url}” names no host; write https://evenkeel.example.com")
    typer.echo(manifest_of(url=None if socket else url, command=read_settings(os.environ).command), nl=False)
