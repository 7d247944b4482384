"""Text with ``{{ }}`` in it, rendered once, for the place where it will stand.

A value from an alert is hostile: inside a PromQL label, a URL path or a Slack message it must not become a part of
that language. So every context has its own escaping, and rendering keeps track of where in the text it is. What was
rendered is text and is never rendered again. JSON bodies are built as structures (``render_json``), never pasted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import quote, unquote

from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser

from bot.runbooks.expression_check import Shape, check, check_expression
from bot.runbooks.expressions import MAX_TEMPLATE, PARSER, evaluate, value_of
from bot.runbooks.filters import TemplateError, plain_text
from bot.runbooks.promql import PromqlText

__all__ = [
    "MAX_RESULT", "Context", "Shape", "TemplateError", "check_expression", "check_promql", "check_template",
    "evaluate", "expressions_in", "render", "render_json",
]  # fmt: skip

Context = Literal["text", "promql", "graphite", "url", "slack", "json"]
MAX_RESULT = 4096
_MAX_LEAVES = 1000
_STATEMENT = re.compile(r"\{%[-+]?\s*(\w*)")
_GRAPHITE = re.compile(r"[A-Za-z0-9_:-]+(\.[A-Za-z0-9_:-]+)*")
_MENTION = re.compile(r"@(?=(channel|here|everyone|group)\b)", re.IGNORECASE)


def check_template(text: str, names: Shape | None) -> list[str]:
    """What is wrong with a template, given the names known at that point; empty if nothing is."""
    try:
        parts = _parts(text)
    except TemplateError as error:
        return [str(error)]
    found = [message for part in parts if isinstance(part, nodes.Expr) for message in check(part, names)]
    return list(dict.fromkeys(found))


def expressions_in(text: str) -> tuple[nodes.Expr, ...]:
    """The trees of what stands inside ``{{ }}``. Raises TemplateError for what is no template."""
    return tuple(part for part in _parts(text) if isinstance(part, nodes.Expr))


def check_promql(text: str, names: Shape | None) -> list[str]:
    """Like ``check_template``, and the text must be PromQL once its values are in place."""
    found = check_template(text, names)
    if not found:
        query = PromqlText()
        for part in _parts(text):
            if isinstance(part, str):
                query.literal(part)
            else:
                found += query.placeholder()
        found += query.syntax_problems()
    return found


def render(text: str, names: Mapping[str, Any], context: Context = "text") -> str:
    """The text with its values in place, escaped for ``context``; at most 4 KB. Raises TemplateError.

    ``json`` is for a value that stands within a JSON string or alone; whole bodies go through ``render_json``.
    """
    if context == "promql":
        query = PromqlText()
        for part in _parts(text):
            if isinstance(part, str):
                query.literal(part)
            else:
                query.value(value_of(part, names))
        return _clean(query.text)
    escape = _ESCAPES[context]
    result = ""
    for part in _parts(text):
        result += part if isinstance(part, str) else escape(value_of(part, names))
        if len(result) > MAX_RESULT:
            break
    if context == "url":
        _refuse_climbing(result)
    return _clean(result)


def render_json(value: Any, names: Mapping[str, Any]) -> Any:
    """A structure with every text leaf rendered; a leaf that is one ``{{ }}`` keeps its type (a number stays one)."""
    return _Structure(names).render(value)


class _Structure:
    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names
        self._leaves = 0

    def render(self, value: Any) -> Any:
        self._leaves += 1
        if self._leaves > _MAX_LEAVES:
            raise TemplateError(f"more than {_MAX_LEAVES} values")
        if isinstance(value, Mapping):
            return {str(key): self.render(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.render(item) for item in value]
        if not isinstance(value, str):
            return value
        parts = _parts(value)
        if len(parts) == 1 and isinstance(parts[0], nodes.Expr):
            return _json_value(value_of(parts[0], self._names), 0)
        return render(value, self._names)


def _json_value(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _clean(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth > 8:
        raise TemplateError("nested too deeply")
    if isinstance(value, Mapping):
        return {str(key): _json_value(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(item, depth + 1) for item in value]
    raise TemplateError("not a JSON value")


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[str | nodes.Expr, ...]:
    """The literal texts and the expressions between them. Raises TemplateError for anything else."""
    if len(text.encode("utf-8", "replace")) > MAX_TEMPLATE:
        raise TemplateError(f"a template may be {MAX_TEMPLATE} bytes long, not more")
    if "{" not in text:
        return (text,) if text else ()
    statement = _STATEMENT.search(text)
    if statement:
        word = statement[1] or "{%"
        raise TemplateError(f"{word!r} is not allowed in a runbook template (only values, filters and comparisons)")
    try:
        tree = Parser(PARSER, text).parse()
    except TemplateSyntaxError as error:
        raise TemplateError(str(error.message)) from None
    except RecursionError:
        raise TemplateError("nested too deeply") from None
    return tuple(_flat(tree))


def _flat(tree: nodes.Template) -> Iterator[str | nodes.Expr]:
    for statement in tree.body:
        if not isinstance(statement, nodes.Output):
            raise TemplateError("only values, filters and comparisons are allowed in a runbook template")
        for part in statement.nodes:
            yield part.data if isinstance(part, nodes.TemplateData) else part


def _clean(text: str) -> str:
    if len(text.encode("utf-8", "replace")) > MAX_RESULT:
        raise TemplateError(f"the result is longer than {MAX_RESULT} bytes")
    return text.encode("utf-8", "replace").decode()


def _for_url(value: Any) -> str:
    if value is None or value == "":
        raise TemplateError("a value in an address is empty")
    return quote(_clean(plain_text(value)), safe="")


def _for_slack(value: Any) -> str:
    text = plain_text(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MENTION.sub("@\u200b", text)


def _for_json(value: Any) -> str:
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    return json.dumps(plain_text(value))[1:-1]


def _for_graphite(value: Any) -> str:
    text = plain_text(value) if value is not None else ""
    if not _GRAPHITE.fullmatch(text):
        raise TemplateError("a value in a Graphite target may hold letters, digits and _ - : . only")
    return text


def _refuse_climbing(address: str) -> None:
    path = address.partition("?")[0]
    if any(unquote(segment) in (".", "..") for segment in re.split(r"[/\\]", path)):
        raise TemplateError("an address must not hold '.' or '..' as a part of its path")


_ESCAPES: Mapping[str, Callable[[Any], str]] = {
    "text": plain_text,
    "graphite": _for_graphite,
    "url": _for_url,
    "slack": _for_slack,
    "json": _for_json,
}
