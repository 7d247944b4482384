"""A few commands in a process of their own: the entry point, and what only a process shows."""

from __future__ import annotations

import errno
import sys

import pytest
import typer

from bot.cli.exits import exit_code
from bot.sandbox.demo.serving import free_port
from tests.integration.cli.conftest import COMMANDS, Shell


async def test_called_with_nothing_it_lists_its_commands(shell: Shell) -> None:
    done = await shell.run()
    assert (done.code, done.out) == (2, "")
    assert all(f"\n  {command} " in done.err for command in COMMANDS)


async def test_check_has_nothing_to_mend_in_an_empty_folder(shell: Shell) -> None:
    done = await shell.run("check")
    assert (done.code, done.out, done.err) == (0, "Nothing to mend.\n", "")


async def test_the_demo_says_that_its_port_is_taken(shell: Shell) -> None:
    with free_port() as taken:
        port = taken.getsockname()[1]
        said = await shell.fails(1, "demo", "--no-browser", "--port", str(port))
    assert f"port {port} cannot be used" in said
    assert "--port 0" in said


def test_a_full_disk_is_said_in_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    app = typer.Typer()

    @app.command()
    def export() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "argv", ["evenkeel"])
        patched.setattr("bot.cli.exits.os.dup2", lambda *_: None)
        assert exit_code(app) == 1
    assert capfd.readouterr().err == "evenkeel: there is no space left where this writes to\n"
