"""The steps of people, waits, inputs and heads, as a file says them and as the long form prints them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import ConfigurationError
from bot.runbooks.catalogue import expand
from bot.runbooks.fields import Field, field_of, value_of, wrong_with
from bot.runbooks.following import missing_runbooks
from bot.runbooks.loading import load_library, load_runbook
from bot.runbooks.printing import print_runbook
from bot.runbooks.schema import Choice, Input, Runbook, Spec, Task, Update, Wait
from tests.unit.runbooks.examples import HEAD


def read(text: str, head: str = "") -> Runbook:
    before = HEAD.replace("phases:\n", head + "phases:\n") if head else HEAD
    return expand(load_runbook(before + text, file="it.yaml"), None, name="search")


def spec(text: str) -> Spec:
    return read(f"  check:\n    - {text}\n").steps[-1].spec


def problems(text: str, head: str = "") -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        read(text, head)
    return [problem.partition(": ")[2] for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("text", Field(name="it")), ("number", Field(name="it", kind="number")),
        ("choice [eu, us]", Field(name="it", kind="choice", options=("eu", "us"))),
        ("choice [ eu ,us, eu ]", Field(name="it", kind="choice", options=("eu", "us"))),
        ("choice", None), ("choice []", None), ("", None), ("datetime", None),
    ],
)  # fmt: skip
def test_a_field_is_written_as_its_kind(written: str, field: Field | None) -> None:
    assert field_of("it", written) == field


def test_options_may_be_written_as_a_list() -> None:
    task = spec("{id: impact, task: {text: Count., fields: {orders: number, region: [eu, us]}}}")
    assert task == Task(text="Count.", fields={"orders": "number", "region": "choice [eu, us]"})


@pytest.mark.parametrize(
    ("answer", "value"),
    [("12", 12), ("1,200", 1200), ("0.71", 0.71), ("-3", -3), ("1e3", 1000), ("twelve", "twelve")],
)  # fmt: skip
def test_what_was_asked_for_as_a_number_is_one(answer: str, value: Any) -> None:
    assert value_of("number", answer) == value
    assert value_of("text", answer) == answer


@pytest.mark.parametrize("answer", ["1,2", "1,2000", "", "inf", "NaN", "1 200"])
def test_what_is_no_number_is_said(answer: str) -> None:
    assert wrong_with(Field(name="it", kind="number"), answer)


def test_a_dialog_takes_no_more_than_a_dozen_fields() -> None:
    fields = ", ".join(f"f{number}: text" for number in range(13))
    said = problems(f"  check:\n    - {{id: impact, task: {{text: Count., fields: {{{fields}}}}}}}\n")
    assert said == ["task 'impact' has 13 fields; a dialog takes 12"]


def test_a_wait_is_a_duration_or_an_expression_with_an_end() -> None:
    assert spec("{id: it, wait: 30m}") == Wait(duration=1800.0)
    assert spec("{id: it, wait: {for: 2h}}") == Wait(duration=7200.0)
    until = spec("{id: it, wait: {until: incident.lead, max: 6h}}")
    assert until == Wait(until="incident.lead", longest=21600.0)
    assert spec("{id: it, wait: {until: incident.lead}}") == Wait(until="incident.lead", longest=86400.0)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{}", "wait 'it' needs either 'for' or 'until'"),
        ("{for: 1h, until: incident.lead}", "wait 'it' needs either 'for' or 'until'"),
        ("{for: 0s}", "wait 'it' waits from 1s to 30d"),
        ("31d", "wait 'it' waits from 1s to 30d"),
        ("soon", "'wait: soon' is not a duration; write a number and s, m, h or d, as in 5m"),
        ("{until: labels.}", None),
    ],
)  # fmt: skip
def test_a_wait_that_cannot_end_or_never_begins_is_a_mistake(written: str, said: str | None) -> None:
    found = problems(f"  check:\n    - {{id: it, wait: {written}}}\n")
    assert found if said is None else said in found


def test_an_option_may_attach_another_runbook() -> None:
    choice = spec("{id: it, choice: {ask: What?, options: {data: {label: The data, runbook: data-quality}}}}")
    assert isinstance(choice, Choice)
    assert choice.options["data"].runbook == "data-quality"


def test_an_option_that_goes_on_with_a_runbook_that_is_not_there_is_told_with_its_place() -> None:
    text = "  check:\n    - {id: it, choice: {ask: What?, options: {data: {label: Data, runbook: exampel}}}}\n"
    library = load_library({"it.yaml": HEAD + text})
    assert missing_runbooks(library) == [
        "it.yaml:12:12: choice 'it': option 'data' goes on with the runbook 'exampel', which is not there; "
        "did you mean 'example'?"
    ]
    there = text.replace("exampel", "example")
    assert missing_runbooks(load_library({"it.yaml": HEAD + there})) == []


def test_inputs_are_names_of_the_runbooks_own_in_every_step() -> None:
    head = "inputs:\n  region: {from: labels.region, default: eu, ask: 'Which region?'}\nprivate: true\n"
    found = read("  check:\n    - {id: it, when: region == 'eu', task: 'Call {{ region }}.'}\n", head)
    assert found.inputs == {"region": Input(source="labels.region", default="eu", ask="Which region?")}
    assert found.private
    assert "unknown name 'regio'" in problems("  check:\n    - {id: it, when: regio, task: Call.}\n", head)[0]


def test_an_update_may_repeat() -> None:
    told = spec("{id: it, update: {audience: risk, text: We look., when: incident.lead, every: 30m}}")
    assert isinstance(told, Update)
    assert told.every == 1800.0


def test_the_long_form_reads_back_to_the_same() -> None:
    head = "inputs:\n  region: {from: labels.region, ask: 'Which region?'}\n  tier: {default: 2}\nprivate: true\n"
    text = """\
  check:
    - id: impact
      why: Support asks.
      task: {text: Count., fields: {orders: number, part: [a, b]}}
    - {id: hold, on_error: stop, wait: {until: steps.impact.fields.orders > 3, max: 6h}}
    - {id: then, when: tier > 1, wait: 30m}
"""
    first = read(text, head)
    again = expand(load_runbook(print_runbook(first), file="long.yaml"), None, name="search")
    assert (again.steps, again.inputs, again.private) == (first.steps, first.inputs, first.private)
