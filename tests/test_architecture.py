"""Arrows point down, and the pure packages stay pure. The rule is the picture in the architecture, as code."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack.view import view

ROOT = Path(__file__).parents[1]
PURE = (
    "bot/incidents", "bot/alerts", "bot/runbooks", "bot/statistics", "bot/postmortems", "bot/slack/view",
    "bot/yaml", "bot/changes", "bot/guests",
)  # fmt: skip
NOT_PURE = ("bot/runbooks/steps",)
OUTSIDE_WORLD = {
    "slack_bolt", "httpx", "sqlmodel", "sqlalchemy", "os", "time", "random", "asyncio", "socket", "subprocess",
    "secrets", "uuid", "threading", "pathlib",
}  # fmt: skip
SHELLS = (
    "bot.store", "bot.service", "bot.controller", "bot.web", "bot.slack.app", "bot.slack.gateway",
    "bot.slack.reconcile", "bot.slack.commands", "bot.slack.interactions", "bot.connectors", "bot.runbooks.steps",
    "bot.wiring", "bot.cli", "bot.clock", "bot.service.intake",
)  # fmt: skip
#: who may not be imported by whom, from the top of the picture down
LAYERS = {
    "bot/store": ("bot.service", "bot.controller", "bot.web", "bot.slack", "bot.connectors", "bot.cli", "bot.wiring"),
    "bot/connectors": ("bot.store", "bot.service", "bot.controller", "bot.web", "bot.slack", "bot.cli", "bot.wiring"),
    "bot/runbooks/steps": ("bot.store", "bot.service", "bot.controller", "bot.web", "bot.slack", "bot.wiring"),
    "bot/service": ("bot.controller", "bot.web", "bot.slack", "bot.connectors", "bot.wiring", "bot.cli"),
    "bot/slack/gateway.py": ("bot.store", "bot.service", "bot.controller", "bot.web", "bot.wiring"),
    "bot/slack/reconcile.py": ("bot.service", "bot.controller", "bot.web", "bot.wiring"),
    "bot/controller": ("bot.web", "bot.wiring", "bot.cli"),
    "bot/web": ("bot.wiring", "bot.cli", "bot.controller"),
}


def sources(*places: str) -> list[Path]:
    found = [
        path
        for place in places
        for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
        if path.exists()
    ]
    return [path for path in found if not any(str(path.relative_to(ROOT)).startswith(skip) for skip in NOT_PURE)]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("path", sources(*PURE), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_pure_file_knows_no_network_no_database_no_clock_and_no_shell(path: Path) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for line, name in imports(path)
        if name.split(".")[0] in OUTSIDE_WORLD or within(name, SHELLS)
    ]
    assert not wrong


@pytest.mark.parametrize("place", LAYERS)
def test_arrows_point_down(place: str) -> None:
    paths = [ROOT / place] if place.endswith(".py") else list((ROOT / place).rglob("*.py"))
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in paths
        if path.exists()
        for line, name in imports(path)
        if within(name, LAYERS[place])
    ]
    assert not wrong


def test_nothing_imports_the_sandbox_except_the_demo() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in (ROOT / "bot").rglob("*.py")
        if "sandbox" not in path.parts and path != ROOT / "bot/cli/command.py"
        for line, name in imports(path)
        if within(name, ("bot.sandbox",))
    ]
    assert not wrong


def test_every_package_opens_by_saying_its_one_job() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "bot").rglob("__init__.py")
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_there_is_one_broad_except_and_it_is_in_the_controller() -> None:
    broad = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "bot").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))
        )
    ]
    assert broad == ["bot/controller/controller.py"]


@pytest.mark.parametrize("path", sources(*PURE), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_pure_file_never_asks_what_time_it_is(path: Path) -> None:
    asked = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")
        if isinstance(node.value, ast.Name) and node.value.id in ("datetime", "date")
    ]
    assert not asked


def test_the_view_has_no_now() -> None:
    assert list(inspect.signature(view).parameters) == ["incident", "workplace"]
