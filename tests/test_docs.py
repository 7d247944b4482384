"""The documentation says what is there: every name that a user may write or meet has its place.

What is wrong with the help in docs/reference/commands.md is mended by ``python -m tests.docs_help``.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from bot.alerts.sources import SOURCES
from bot.config import Settings
from bot.config.environment import from_environment
from bot.config.files import config_path, runbook_folder
from bot.config.settings import CONNECTOR_KINDS, Connector, Operation
from bot.connectors import CONNECTORS
from bot.postmortems.exports import EXPORTS
from bot.runbooks import schema
from bot.runbooks.filters import FILTERS
from bot.runbooks.reading.measures import NOT_YET
from bot.runbooks.reading.steps import KINDS
from bot.runbooks.service import Service
from bot.runbooks.steps import STEPS
from bot.slack.commands import COMMANDS
from bot.slack.interactions.buttons import BUTTONS
from bot.slack.interactions.shortcuts import SHORTCUTS
from bot.slack.interactions.submissions import MODALS
from bot.slack.manifest import EVENTS, MORE_SCOPES, SCOPES
from bot.web.app import create_app
from bot.web.pages import pages_router
from tests import docs_help
from tests.docs_pages import REFERENCE, ROOT, headings, shown, text


def missing(names: Any, where: str) -> list[str]:
    """Those of ``names`` that do not stand in the text in backticks."""
    return [name for name in names if f"`{name}`" not in where]


def tag_of(kind: type) -> str:
    """What a kind of step is called in JSON: ``query``, ``compare``."""
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)
    return str(info.tag)


# --- every entry of a registry has its heading ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("sources.md", tuple(SOURCES)),
        ("connectors.md", (*CONNECTORS, *CONNECTOR_KINDS)),
        ("steps.md", (*KINDS, *map(tag_of, STEPS))),
        ("exports.md", tuple(EXPORTS)),
        ("slack.md", tuple(COMMANDS)),
        ("commands.md", tuple(f"evenkeel {name}" for name in docs_help.names() if name != "evenkeel")),
    ],
)
def test_every_entry_has_a_heading_in_the_reference(page: str, names: tuple[str, ...]) -> None:
    assert missing(names, "\n".join(headings(REFERENCE / page))) == []


def test_every_source_has_a_recorded_request_among_the_fixtures() -> None:
    assert [name for name in SOURCES if not list((ROOT / "tests" / "fixtures" / name).glob("*.json"))] == []


def test_the_readme_says_what_this_version_has() -> None:
    table = text(ROOT / "README.md").split("## What this version has")[1]
    assert missing((*SOURCES, *KINDS, *CONNECTORS, *EXPORTS, *COMMANDS), table) == []


def test_the_slack_page_names_every_button_dialog_shortcut_scope_and_event() -> None:
    names = (*BUTTONS, *MODALS, *SHORTCUTS, *SCOPES, *MORE_SCOPES, *EVENTS)
    assert missing(names, shown(REFERENCE / "slack.md")) == []
    reasons = (SCOPES | MORE_SCOPES).values()
    assert [reason for reason in reasons if reason not in shown(REFERENCE / "slack.md")] == []


def test_the_http_page_names_every_address() -> None:
    nothing: Any = None  # only the addresses are asked for, and nothing is called
    app = create_app(
        service=nothing, settings=Settings(), documents=nothing, clock=nothing, health=nothing, slack=None
    )
    pages = [getattr(route, "path", "") for route in pages_router(nothing, nothing).routes]
    paths = [*app.openapi()["paths"], *pages, "/docs", "/openapi.json"]
    where = text(REFERENCE / "http.md")
    assert [path for path in paths if not re.search(rf"`(GET|POST) {re.escape(path)}`", where)] == []


# --- every setting is described ---------------------------------------------------------------------------------


class Asked(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return default


def test_every_environment_variable_is_described() -> None:
    environment = Asked()
    from_environment(environment, [])
    config_path(environment)
    runbook_folder(environment)
    assert len(environment.names) > 8
    assert missing(sorted(environment.names), shown(REFERENCE / "configuration.md")) == []


def test_every_key_of_the_configuration_is_described() -> None:
    outside = {
        "bot_token",
        "signing_secret",
        "app_token",
        "slack_api_url",
        "database_url",
        "alert_tokens",
        "host",
        "port",
        "public_url",
        "rotas",
    }  # fmt: skip - the last is what ``oncall`` says beside users
    keys = [key for key in Settings.__struct_fields__ if key not in outside]
    found = shown(REFERENCE / "configuration.md")
    assert missing(keys, found) == []
    for kind in (Service, Connector, Operation):
        assert missing([key for key in kind.__struct_fields__ if key not in ("name", "place")], found) == []


def test_every_key_of_the_runbook_format_is_described() -> None:
    found = shown(REFERENCE / "runbook.md")
    kinds: list[type[msgspec.Struct]] = [
        schema.Task, schema.Choice, schema.Option, schema.Query, schema.Baseline, schema.Compare, schema.Action,
        schema.Approval, schema.DoneWhen, schema.Watch, schema.Update,
        schema.Wait, schema.Input,
    ]  # fmt: skip
    for kind in kinds:
        written = [key for key in kind.__struct_encode_fields__ if key != "instead_of"]  # that one is found out
        assert missing(written, found) == [], kind.__name__
    within = {"phase", "spec", "origin"}
    assert missing([key for key in schema.Step.__struct_fields__ if key not in within], found) == []
    spelt_otherwise = {"steps", "sha256", "severity_default", "severity_floor"}
    spelt_otherwise |= {"serving", "registry", "readiness", "foreign"}  # of the service, pinned with the runbook
    head = [key for key in schema.Runbook.__struct_fields__ if key not in spelt_otherwise and "postmortem" not in key]
    assert missing(head, found) == []
    assert missing((*schema.PHASES, *schema.FAILURE_MODES, *FILTERS, *NOT_YET), found) == []


# --- the help ---------------------------------------------------------------------------------------------------


def test_the_help_in_the_reference_is_the_real_one() -> None:
    document = text(docs_help.COMMANDS)
    assert [name for name, _ in docs_help.blocks(document)] == docs_help.names()
    stale = [name for name, said in docs_help.blocks(document) if said != docs_help.help_of(name)]
    assert stale == [], "python -m tests.docs_help writes it anew"
