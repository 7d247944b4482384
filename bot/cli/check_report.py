"""What ``evenkeel check`` found, told to people and to programs."""

from __future__ import annotations

import re

import msgspec

from bot.runbooks.lint import Finding

_LINE = re.compile(r"(?P<file>.+?):(?P<line>\d+):(?P<column>\d+): (?P<message>.*)", re.DOTALL)


class Checked(msgspec.Struct, frozen=True):
    """``problems`` cannot be read or run: ``file:line:column: message``. ``findings`` are those of the lint rules."""

    problems: list[str]
    findings: list[Finding]

    def fails(self, *, strict: bool) -> bool:
        """Whether there is something to mend; ``strict`` counts warnings too."""
        return bool(self.problems) or any(strict or finding.level == "error" for finding in self.findings)


class Told(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One of them as JSON. ``level`` is ``error`` or ``warning``; ``rule`` names the lint rule."""

    file: str
    line: int
    column: int
    level: str
    message: str
    rule: str = ""


def told(found: Checked, kind: str) -> str:
    """What is printed: a line each, or with ``json`` a list of objects."""
    if kind == "json":
        everything = [_told(line) for line in found.problems]
        everything += [
            Told(file=one.file, line=one.line, column=one.column, level=one.level, message=one.message, rule=one.rule)
            for one in found.findings
        ]
        return msgspec.json.format(msgspec.json.encode(everything), indent=2).decode() + "\n"
    lines = found.problems + [finding.text for finding in found.findings]
    return "".join(f"{line}\n" for line in lines) or "Nothing to mend.\n"


def _told(line: str) -> Told:
    """What concerns the environment has no place in a file: it is told at its beginning."""
    match = _LINE.fullmatch(line)
    if match is None:
        where, _, message = line.partition(": ")
        return Told(file=where, line=1, column=1, level="error", message=message)
    place = int(match["line"]), int(match["column"])
    return Told(file=match["file"], line=place[0], column=place[1], level="error", message=match["message"])
