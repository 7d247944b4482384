"""``evenkeel check``: every mistake of the configuration and the runbooks, and the long form on request."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.cli.check import check, examine, expand_yaml
from bot.cli.check_report import told
from bot.config.files import SHIPPED, read_runbooks, read_settings, runbook_folder
from bot.errors import ConfigurationError
from bot.runbooks.catalogue import expand
from bot.runbooks.loading import load_library
from tests.unit.runbooks.examples import HEAD, ROOT, fraud_scorer

TOKENS = {"EVALUATOR_TOKEN": "x", "FLAGS_TOKEN": "y"}
EXAMPLE = str(ROOT / "evenkeel.example.yaml")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_empty_folder_is_a_good_installation(here: Path) -> None:
    assert check([], {}) == []
    assert runbook_folder({}) == SHIPPED
    assert len(load_library(read_runbooks(SHIPPED)).runbooks) == 8


def test_the_example_is_good(here: Path) -> None:
    assert check([EXAMPLE, str(ROOT / "runbooks")], TOKENS) == []


def test_the_example_needs_its_two_tokens(here: Path) -> None:
    assert [line.rpartition(": ")[2] for line in check([EXAMPLE], {})] == [
        "the environment variable EVALUATOR_TOKEN is not set",
        "the environment variable FLAGS_TOKEN is not set",
    ]


def test_what_lies_here_is_what_is_checked(here: Path) -> None:
    (here / "evenkeel.yaml").write_text("grouping_widow: 5m\n")
    (here / "runbooks").mkdir()
    (here / "runbooks" / "own.yaml").write_text(HEAD + "  check:\n    - {id: look, tsk: Look.}\n")

    assert check([], {}) == [
        "evenkeel.yaml:1:1: unknown key 'grouping_widow' in evenkeel.yaml; did you mean 'grouping_window'?",
        "runbooks/own.yaml:12:7: step 'look' is of no kind: 'tsk' is unknown; did you mean 'task'?",
    ]


def test_variables_name_other_places(here: Path) -> None:
    (here / "elsewhere").mkdir()
    (here / "elsewhere" / "config.yaml").write_text("command: /outage\n")

    environment = {"EVENKEEL_CONFIG": "elsewhere/config.yaml", "EVENKEEL_RUNBOOKS": "elsewhere"}
    assert read_settings(environment).command == "/outage"
    assert runbook_folder(environment) == Path("elsewhere")


@pytest.mark.parametrize("name", ["EVENKEEL_CONFIG", "EVENKEEL_RUNBOOKS"])
def test_a_place_that_is_named_must_exist(here: Path, name: str) -> None:
    assert check([], {name: "nowhere"}) == [
        f"environment: {name} names 'nowhere', which is not a {'file' if name == 'EVENKEEL_CONFIG' else 'folder'}"
    ]


def test_a_configuration_is_known_by_its_keys(here: Path) -> None:
    (here / "ours.yaml").write_text("command: outage\n")

    assert check(["ours.yaml"], {}) == [
        "ours.yaml:1:10: 'command: outage' must be a slash and small letters, as in /incident"
    ]


def test_a_path_that_is_not_there_is_told(here: Path) -> None:
    assert check(["no.yaml"], {}) == ["no.yaml:1:1: there is no such file or folder"]


def test_a_file_that_is_no_text_is_told(here: Path) -> None:
    (here / "x.yaml").write_bytes(b"\xff\xfe\x00a")

    assert check(["x.yaml"], {})[0].startswith("x.yaml:1:1: cannot be read")


def test_a_runbook_must_name_what_the_configuration_has(here: Path) -> None:
    (here / "own.yaml").write_text(
        HEAD
        + """\
  measure:
    - id: live
      query: {source: promtheus, promql: up, better: higher}
  remediate:
    - id: rollback
      action:
        call: flags.put
        read: flags.get
        scope: "{{ service.name }}"
        approval: none
        done_when: {source: prometheus, promql: sum by (version) (up)}
  communicate:
    - id: told
      update: {audience: [risk, legal], after: rollback, text: Back.}
"""
    )

    assert check([EXAMPLE, "own.yaml"], TOKENS) == [
        "own.yaml:12:11: there is no connector 'promtheus'; did you mean 'prometheus'?",
        "own.yaml:15:11: connector 'flags' has no operation 'put'",
        "own.yaml:23:11: there is no audience 'legal'",
    ]


def test_the_long_form_is_printed_for_a_service(here: Path) -> None:
    shutil.copy(ROOT / "runbooks" / "model-performance-drop.yaml", here / "drop.yaml")

    printed = expand_yaml([EXAMPLE, "drop.yaml"], TOKENS, service="fraud-scorer")

    assert printed.startswith("# model-performance-drop for fraud-scorer\nschema: runbook/v1\n")
    (here / "long.yaml").write_text(printed)
    assert check([EXAMPLE, "long.yaml"], TOKENS) == []
    short, long = (load_library(read_runbooks(here)).runbooks[index] for index in (0, -1))
    assert expand(short, fraud_scorer()).steps == expand(long, fraud_scorer()).steps


def test_the_long_form_of_a_service_that_is_not_there_is_refused(here: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no service 'fraud-score'; did you mean 'fraud-scorer'"):
        expand_yaml([EXAMPLE], TOKENS, service="fraud-score")


def test_without_a_catalogue_the_long_form_says_what_to_add(here: Path) -> None:
    printed = expand_yaml([], {})

    assert "# generic, no service described" in printed
    assert "# rollback: not configured, add services.NAME.rollback to evenkeel.yaml" in printed


def test_one_file_that_is_no_text_does_not_hide_what_is_wrong_with_the_others(here: Path) -> None:
    (here / "evenkeel.yaml").write_text("comand: /outage\n")
    (here / "runbooks").mkdir()
    (here / "runbooks" / "a.yaml").write_bytes(b"\xff\xfe\x00a")
    (here / "runbooks" / "b.yaml").write_text("schema: runbook/v2\n")

    told = [line.partition(":")[0] for line in check([], {})]
    assert set(told) == {"evenkeel.yaml", "runbooks/a.yaml", "runbooks/b.yaml"}
    with pytest.raises(ConfigurationError, match=r"a\.yaml:1:1: cannot be read"):
        expand_yaml([], {})


def test_a_folder_with_nothing_to_check_is_not_called_good(here: Path) -> None:
    (here / "empty").mkdir()
    assert check(["empty"], {}) == ["empty:1:1: there is no .yaml file in this folder"]


def test_a_channel_without_quotes_is_not_silently_another_one(here: Path) -> None:
    (here / "evenkeel.yaml").write_text("incidents_channel: #fraud-incidents\n")
    (told,) = check([], {})
    assert told.startswith("evenkeel.yaml:1:")
    assert told.endswith(
        "'incidents_channel' is empty; a name that begins with # needs quotes, as in \"#ml-incidents\""
    )


STEPS = (
    HEAD
    + """  check:
    - {id: call, assign: "oncall:ml-oncal", task: Look.}
    - id: which
      choice:
        ask: Which?
        options: {other: {label: Another, runbook: latancy}, none: {label: None}}
"""
)


def test_another_runbook_and_people_on_call_must_exist(here: Path) -> None:
    (here / "evenkeel.yaml").write_text("oncall: {ml-oncall: [U0123ABCD]}\n")
    (here / "own.yaml").write_text(STEPS)
    (here / "latency.yaml").write_text(read_runbooks(SHIPPED)[str(SHIPPED / "latency.yaml")])

    assert [line.partition(": ")[2] for line in check(["evenkeel.yaml", "own.yaml"], {})] == [
        "'ml-oncal' is not under 'oncall' in evenkeel.yaml; did you mean 'ml-oncall'?",
        "option 'other': there is no runbook 'latancy'; did you mean 'latency'?",
    ]


def test_a_runbook_that_lies_beside_the_one_that_is_checked_exists(here: Path) -> None:
    (here / "own.yaml").write_text(STEPS.replace("latancy", "latency"))
    (here / "latency.yaml").write_text(read_runbooks(SHIPPED)[str(SHIPPED / "latency.yaml")])

    assert check(["own.yaml"], {}) == []


def test_advice_is_no_mistake_unless_it_is_to_count(here: Path) -> None:
    (here / "own.yaml").write_text(HEAD + "  remediate:\n    - {id: rollback, action: rollback}\n")

    found = examine(["own.yaml"], {}, today=date(2026, 11, 21))

    assert check(["own.yaml"], {}) == []
    assert not found.fails(strict=False)
    assert found.fails(strict=True)
    assert told(found, "text").splitlines()[0].startswith("own.yaml:12:12: warning: action 'rollback' has neither")
    assert [(one["level"], one["rule"], one["line"]) for one in json.loads(told(found, "json"))] == [
        ("warning", "action-without-evidence", 12), ("warning", "action-without-watch", 12),
    ]  # fmt: skip


def test_a_mistake_is_told_to_programs_with_its_place(here: Path) -> None:
    (here / "own.yaml").write_text(HEAD + "  check:\n    - {id: look, tsk: Look.}\n")

    (said,) = json.loads(told(examine(["own.yaml"], {}, today=date(2026, 11, 21)), "json"))

    assert (said["file"], said["line"], said["column"], said["level"]) == ("own.yaml", 12, 7, "error")
    assert said["message"] == "step 'look' is of no kind: 'tsk' is unknown; did you mean 'task'?"


def test_where_there_is_nothing_to_say_that_is_said(here: Path) -> None:
    assert told(examine([], {}, today=date(2026, 11, 21)), "text") == "Nothing to mend.\n"
    assert json.loads(told(examine([], {}, today=date(2026, 11, 21)), "json")) == []


def test_a_route_must_name_a_runbook_that_exists(here: Path) -> None:
    (here / "evenkeel.yaml").write_text("routes:\n  - {name: fraud, match: {team: fraud}, runbook: generik}\n")

    said = "evenkeel.yaml:2:1: route 'fraud': there is no runbook 'generik'; did you mean 'generic'?"
    assert check([], {}) == [said]
