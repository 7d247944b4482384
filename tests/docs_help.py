"""The help of every command in docs/reference/commands.md: ``python -m tests.docs_help`` writes it anew."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app

COMMANDS = Path(__file__).parents[1] / "docs" / "reference" / "commands.md"
#: ``<!-- help: check -->`` stands above the block that holds the help of ``evenkeel check``
_BLOCK = re.compile(r"<!-- help: (?P<name>[\w -]*) -->\n```text\n(?P<text>.*?)```\n", re.DOTALL)


def names() -> list[str]:
    """Every command, and "evenkeel" for the program itself."""
    callbacks = (command.callback for command in app.registered_commands)
    return ["evenkeel", *(callback.__name__.replace("_", "-") for callback in callbacks if callback)]


def help_of(name: str) -> str:
    """What ``--help`` prints, 80 columns wide."""
    words = [] if name == "evenkeel" else [name]
    return CliRunner().invoke(app, [*words, "--help"], prog_name="evenkeel", env={"COLUMNS": "80"}).output


def blocks(document: str) -> Iterator[tuple[str, str]]:
    """The name of a command and the help that the document holds."""
    return ((found["name"], found["text"]) for found in _BLOCK.finditer(document))


def renewed(document: str) -> str:
    """The document with the help as it is now."""

    def block(found: re.Match[str]) -> str:
        return f"<!-- help: {found['name']} -->\n```text\n{help_of(found['name'])}```\n"

    return _BLOCK.sub(block, document)


def main() -> None:
    """Writes the help into the document."""
    COMMANDS.write_text(renewed(COMMANDS.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{', '.join(names())}: written\n")


if __name__ == "__main__":
    main()
