"""How a finding is silenced: ``# lint: RULE because REASON`` on the step's line or the line above it.

Above the first key of the file it is for the whole runbook. A reason has to be there, and the rule has to exist.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import msgspec

from bot.yaml.reader import suggestion

_COMMENT = re.compile(r"#\s*lint:\s*(?P<rule>[a-z0-9-]+)\s*(?P<rest>.*)$")
_REASON = re.compile(r"because\s+\S.*")


class Silence(msgspec.Struct, frozen=True):
    """One comment: it silences ``rule`` in its line and the next one, or everywhere if ``whole``."""

    rule: str
    line: int
    column: int
    whole: bool
    reasoned: bool

    def covers(self, rule: str, line: int) -> bool:
        """Whether a finding of ``rule`` in ``line`` is silenced."""
        return self.reasoned and rule == self.rule and (self.whole or line in (self.line, self.line + 1))


def silences(text: str) -> list[Silence]:
    """Every such comment of a file."""
    found, above = [], True
    for number, line in enumerate(text.splitlines(), 1):
        above = above and (not line.strip() or line.lstrip().startswith("#"))
        match = _COMMENT.search(line)
        if match:
            reasoned = _REASON.fullmatch(match["rest"].strip()) is not None
            found.append(Silence(match["rule"], number, match.start() + 1, above, reasoned))
    return found


def mistakes(found: Collection[Silence], rules: Collection[str]) -> Iterator[tuple[Silence, str]]:
    """What is wrong with the comments themselves."""
    for silence in found:
        if silence.rule not in rules:
            yield silence, f"there is no rule {silence.rule!r}{suggestion(silence.rule, rules)}"
        elif not silence.reasoned:
            yield silence, f"say why: '# lint: {silence.rule} because ...'"
