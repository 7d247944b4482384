"""``links`` of a query: addresses, and searches in a log store."""

from __future__ import annotations

from typing import Any

from bot.runbooks.expression_check import Shape
from bot.runbooks.reading import texts
from bot.runbooks.schema.links import Link, LogSearch
from bot.runbooks.templates import check_template
from bot.yaml.reader import Section
from bot.yaml.source import Node

STORES = ("loki", "kibana", "cloudwatch")


def read_links(section: Section, names: Shape) -> tuple[Link, ...]:
    """Each item is an address, or ``{loki: {url, query, …}}``, ``{kibana: …}``, ``{cloudwatch: …}``."""
    node = section.take("links")
    if node is None:
        return ()
    items = node.value if isinstance(node.value, tuple) else (node,)
    return tuple(link for item in items if (link := _link(section, item, names)) is not None)


def _link(section: Section, node: Node, names: Shape) -> Link | None:
    if isinstance(node.value, str):
        for message in check_template(node.value, names):
            section.problems.add(node.place, message)
        if not node.value.startswith(("https://", "http://")):
            section.problems.add(node.place, f"'{node.value}' is not an address; it begins with https://")
        return node.value
    if not isinstance(node.value, dict):
        section.problems.add(node.place, "a link is an address, or a search as in {loki: {url: …, query: …}}")
        return None
    outer = Section(node, section.problems, "a link")
    if "store" in outer:  # as a runbook in its long form is printed
        search = _search(outer, outer.one_of("store", STORES, "loki"), names)
        outer.close()
        return search
    found: list[LogSearch] = []
    for store in STORES:
        inner = outer.section(store, f"the search in {store}")
        if inner is not None:
            found.append(_search(inner, store, names))
            inner.close()
    outer.close()
    if not found:
        section.problems.add(node.place, f"a search names one of {', '.join(STORES)}")
    return found[0] if found else None


def _search(section: Section, store: Any, names: Shape) -> LogSearch:
    url = section.text("url", required=True)
    if url and not url.startswith(("https://", "http://")):
        section.problem("url", f"'{url}' is not an address; it begins with https://")
    query = section.text("query", required=True)
    texts.note(section, "query", check_template(query, names))
    return LogSearch(
        store=store, url=url.rstrip("/"), query=query, title=section.text("title") or "Logs",
        source=section.text("source"), region=section.text("region"), range=section.duration("range", 3600.0),
    )  # fmt: skip
