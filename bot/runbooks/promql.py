"""PromQL with values in it: where a value stands decides what it may be.

Between quotes a value is escaped (and, after ``=~``, taken literally and not as a pattern). Outside quotes only a
number or a duration may stand, so that a label value cannot become a part of the query.
"""

from __future__ import annotations

import re
from typing import Any

import promql_parser

from bot.runbooks.filters import MAX_TEXT, TemplateError, plain_text

_BARE = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?|([0-9]+(ms|[smhdwy]))+")
_PATTERN_BEFORE = re.compile(r"(=~|!~)\s*$")
_SPECIAL = re.compile(r"([\\.+*?()|\[\]{}^$])")


def _quoted(text: str, quote: str) -> str:
    for raw, safe in (("\\", "\\\\"), (quote, "\\" + quote), ("\n", "\\n"), ("\r", "\\r"), ("\0", "")):
        text = text.replace(raw, safe)
    return text


class PromqlText:
    """A query under construction; knows whether its end lies within quotes, a comment or neither."""

    def __init__(self) -> None:
        self.text = ""
        self._quote = ""
        self._pattern = False
        self._comment = False

    def literal(self, text: str) -> None:
        """Append what the runbook's author wrote."""
        escaped = False
        for letter in text:
            if self._comment:
                self._comment = letter != "\n"
            elif not self._quote and letter in "\"'`":
                self._quote = letter
                self._pattern = bool(_PATTERN_BEFORE.search(self.text))
            elif not self._quote:
                self._comment = letter == "#"
            elif escaped:
                escaped = False
            elif letter == "\\" and self._quote != "`":
                escaped = True
            elif letter == self._quote:
                self._quote = ""
            self.text += letter

    def value(self, value: Any) -> None:
        """Append a value so that it stays a value. Raises TemplateError where that cannot be."""
        if value is None:
            raise TemplateError("a value of the query is not known yet")
        if not self._quote:
            self.text += self._bare(value)
        elif self._quote == "`":
            raise TemplateError("a value cannot stand between backticks; use double quotes")
        else:
            text = plain_text(value)
            if self._pattern:
                text = _SPECIAL.sub(r"\\\1", text)
            for raw, safe in (
                ("\\", "\\\\"),
                (self._quote, "\\" + self._quote),
                ("\n", "\\n"),
                ("\r", "\\r"),
                ("\0", ""),
            ):
                text = text.replace(raw, safe)
            self.text += text
        if len(self.text) > MAX_TEXT:
            raise TemplateError(f"the query is longer than {MAX_TEXT} characters")

    def _bare(self, value: Any) -> str:
        if self._comment:
            raise TemplateError("a value cannot stand in a comment")
        text = repr(value) if isinstance(value, float) else plain_text(value)
        if isinstance(value, bool | list | tuple) or not _BARE.fullmatch(text):
            raise TemplateError("outside quotes only a number or a duration may stand in a query")
        return text

    def placeholder(self) -> list[str]:
        """Append something harmless for a value not known yet, to check the rest of the query."""
        try:
            self.value("x" if self._quote else "5m" if re.search(r"[\[:]\s*$|offset\s*$", self.text) else 1)
        except TemplateError as error:
            return [str(error)]
        return []

    def syntax_problems(self) -> list[str]:
        """What PromQL's own parser says of the query, at most one message."""
        try:
            promql_parser.parse(self.text)
        except ValueError as error:
            return [f"PromQL: {str(error).splitlines()[0] if str(error) else 'cannot be read'}"]
        return []
