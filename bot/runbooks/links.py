"""Addresses for people, built from labels that nobody can trust. Pure.

A value is escaped three times where it has to be: for the store's query language (it may stand between double quotes
only), for the structure that carries the query in the address, and for the address itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from bot.runbooks.schema.links import Link, LogSearch
from bot.runbooks.templates import render


def built(link: Link, names: Mapping[str, Any], *, around: datetime, now: datetime) -> tuple[str, str]:
    """The title and the address. A search begins ``range`` before ``around`` and ends ``now``. TemplateError."""
    if isinstance(link, str):
        address = render(link, names, "url")
        return urlsplit(address).hostname or "link", address
    query = render(link.query, names, "promql")
    start = around - timedelta(seconds=link.range)
    return link.title, _STORES[link.store](link, query, start, now)


def _loki(link: LogSearch, query: str, start: datetime, end: datetime) -> str:
    """Grafana's Explore."""
    pane = {
        "datasource": link.source,
        "queries": [{"refId": "A", "expr": query, "datasource": {"type": "loki", "uid": link.source}}],
        "range": {"from": _milliseconds(start), "to": _milliseconds(end)},
    }
    return f"{link.url}/explore?schemaVersion=1&panes={quote(json.dumps({'logs': pane}), safe='')}"


def _kibana(link: LogSearch, query: str, start: datetime, end: datetime) -> str:
    """Kibana's Discover; its state stands in the address as Rison."""
    view = f"index:{_rison(link.source)}," if link.source else ""
    time = f"(time:(from:{_rison(_stamp(start))},to:{_rison(_stamp(end))}))"
    state = f"({view}query:(language:kuery,query:{_rison(query)}))"
    return f"{link.url}/app/discover#/?_g={quote(time, safe=_RISON)}&_a={quote(state, safe=_RISON)}"


def _cloudwatch(link: LogSearch, query: str, start: datetime, end: datetime) -> str:
    """CloudWatch Logs Insights; the console's own encoding, with ``*`` for what it escapes and ``$`` for ``%``."""
    detail = (
        f"~(end~'{_starred(_stamp(end))}~start~'{_starred(_stamp(start))}~timeType~'ABSOLUTE~tz~'UTC"
        f"~editorString~'{_starred(query)}~source~(~'{_starred(link.source)}))"
    )
    region = f"?region={quote(link.region, safe='')}" if link.region else ""
    return f"{link.url}/cloudwatch/home{region}#logsV2:logs-insights$3FqueryDetail$3D{detail}"


_RISON = "(),:!'"


def _rison(text: str) -> str:
    return "'" + text.replace("!", "!!").replace("'", "!'") + "'"


def _starred(text: str) -> str:
    """Letters, digits and ``_ - .`` as they are, everything else as ``*`` and its bytes in hexadecimal."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "_-.") else _hexed(c) for c in text)


def _hexed(character: str) -> str:
    code = ord(character)
    return f"*{code:02x}" if code < 0x100 else f"**{min(code, 0xFFFF):04x}"


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


_STORES = {"loki": _loki, "kibana": _kibana, "cloudwatch": _cloudwatch}
