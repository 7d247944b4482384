"""Every example of the documentation is valid, and every link leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.check import check
from tests.docs_pages import FENCED, PAGES, ROOT, headings, shown, text

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
#: built so that this file does not hold what it looks for
MACHINE = re.compile(r"(?<![\w.:/])/(?:work|tmp|root|home|Users)/")
STEPS_ONLY = """schema: runbook/v1
id: example
version: 1
title: Example
failure_mode: generic
owner: ml-oncall
summary: A part of a runbook.
match: [{failure_mode: generic}]
phases:
"""


def examples() -> Iterator[Any]:
    """Every YAML block of the pages, with its page and its number."""
    for page in PAGES:
        for number, (language, block) in enumerate(FENCED.findall(text(page)), 1):
            if language == "yaml":
                yield pytest.param(block, id=f"{page.relative_to(ROOT)}:{number}")


def _indented(block: str) -> str:
    return "".join(f"  {line}\n" if line else "\n" for line in block.splitlines())


def _connected() -> str:
    """The head of the example configuration, so that a part of a catalogue can name what it has."""
    example = yaml.safe_load(text(ROOT / "evenkeel.example.yaml"))
    head = {key: example[key] for key in ("connectors", "oncall", "audiences")}
    return yaml.safe_dump(head, sort_keys=False)


def _called(block: str) -> tuple[str, str]:
    """People on call, with the connectors that the example on the same page describes."""
    connectors = """connectors:
  pages: {kind: pagerduty, url: "https://events.pagerduty.com"}
  pagerduty: {kind: pagerduty, url: "https://api.pagerduty.com"}
  opsgenie: {kind: opsgenie, url: "https://api.opsgenie.com"}
  rota: {kind: http, url: "https://rota.example.internal", private: true, operations: {now: {path: /now}}}
"""
    return "evenkeel.yaml", f"{connectors}oncall:\n{_indented(block)}"


def _parts(block: str) -> tuple[str, str]:
    """A connector, and below ``# under services:`` how a service uses it."""
    connector, _, services = block.partition("# under services:\n")
    below = f"services:\n{_indented(services)}" if services else ""
    serving = "    serving: {source: prometheus, promql: 'sum by (version) (rate(ml_predictions_total[2m]))'}\n"
    first, _, rest = below.partition("\n  fraud-scorer:\n")
    below = f"{first}\n  fraud-scorer:\n{serving}{rest}" if rest else below
    own = '  prometheus: {kind: prometheus, url: "http://prometheus.example"}\n' if rest else ""
    return "evenkeel.yaml", f"connectors:\n{own}{_indented(connector)}{below}"


#: what the first line of an example says -> the whole file that it is a part of
WHOLE: dict[str, Callable[[str], tuple[str, str]]] = {
    "# under phases:": lambda block: ("runbook.yaml", STEPS_ONLY + _indented(block)),
    "# in a runbook's head:": lambda block: (
        "runbook.yaml",
        STEPS_ONLY.replace("phases:\n", block) + "phases:\n  check: [{id: look, task: Look.}]\n",
    ),
    "# under connectors:": _parts,
    "# under oncall:": _called,
    "# under services:": lambda block: ("evenkeel.yaml", _connected() + "services:\n" + _indented(block)),
}


@pytest.mark.parametrize("block", list(examples()))
def test_every_yaml_example_passes_check(block: str, tmp_path: Path) -> None:
    first = block.partition("\n")[0]
    if first.endswith(".yml"):  # another program's file
        assert yaml.safe_load(block)
        return
    whole = WHOLE.get(first)
    name, content = whole(block) if whole else ("evenkeel.yaml", block)
    if content.startswith("schema:"):
        name = "runbook.yaml"
    (tmp_path / name).write_text(content, encoding="utf-8")
    secrets = dict.fromkeys(re.findall(r"\$\{(\w+)\}", content), "secret")
    assert check([str(tmp_path / name)], secrets) == []


def test_the_example_configuration_and_the_shipped_runbooks_pass_check() -> None:
    secrets = {"EVALUATOR_TOKEN": "secret", "FLAGS_TOKEN": "secret"}
    shipped = ROOT / "bot" / "runbooks" / "library"
    assert check([str(ROOT / "evenkeel.example.yaml"), str(shipped)], secrets) == []


def _slug(heading: str) -> str:
    """What a heading is called in an address."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES])
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(shown(page)):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in map(_slug, headings(there))):
            broken.append(target)
    assert broken == []


def test_every_page_is_reached_from_the_index() -> None:
    docs = ROOT / "docs"
    linked = {(docs / target.partition("#")[0]).resolve() for target in LINK.findall(text(docs / "index.md"))}
    assert [page.name for page in docs.rglob("*.md") if page.name != "index.md" and page not in linked] == []


def test_nothing_names_a_place_of_one_machine() -> None:
    found = [f"{page.relative_to(ROOT)}: {hit}" for page in PAGES for hit in MACHINE.findall(text(page))]
    assert found == []
