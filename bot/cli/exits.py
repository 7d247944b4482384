"""How a command ends: exit code 0, 1 for what the user can mend, 2 for a wrong call; errors in one or two lines."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from bot.errors import ConfigurationError, EvenkeelError

WRONG_USAGE = 2
#: typer brings click along and does not name its error for a wrong call
_WrongCall: Any = typer.BadParameter.__mro__[1]


def exit_code(app: typer.Typer) -> int:
    """Runs the command that the command line asks for. What went wrong stands on standard error afterwards."""
    try:
        return int(app(prog_name="evenkeel", standalone_mode=False) or 0)
    except _WrongCall as error:
        sys.stderr.write(_wrong_call(error))
        return WRONG_USAGE
    except ConfigurationError as error:
        sys.stderr.write("".join(f"{problem}\n" for problem in error.problems))
    except EvenkeelError as error:
        again = " Trying again may help." if error.retryable and getattr(error, "again", True) else ""
        sys.stderr.write(f"evenkeel: {error}{again}\n")
    except BrokenPipeError:  # `evenkeel timeline INC-1 | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.stderr.write("evenkeel: there is no space left where this writes to\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 1


@contextmanager
def ends_well_when_interrupted() -> Iterator[None]:
    """Ctrl-C inside the block, wherever it is just then, ends the command with 0."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit from None


def _wrong_call(error: Any) -> str:
    """What is wrong, and where to look; the help itself where nothing was asked for."""
    said = str(error.format_message())
    if said.startswith("Usage:"):
        return f"{said}\n"
    said = said.removeprefix("Invalid value: ").replace("Value error, ", "")
    command = error.ctx.command_path if error.ctx else "evenkeel"
    return f"evenkeel: {said}\nTry `{command} --help`.\n"
