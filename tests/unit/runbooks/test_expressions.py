"""The language of expressions: what it can say, what it refuses, and that it never does anything else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runbooks.expression_check import check_expression
from bot.runbooks.expressions import evaluate
from bot.runbooks.filters import FILTERS, MAX_TEXT, TemplateError
from bot.runbooks.names import with_reading, with_steps

NAMES: dict[str, Any] = {
    "value": 0.71,
    "baseline": 0.84,
    "series": [3, 1, 2],
    "labels": {"env": "prod", "items": "kept", "get": "a label", "note": "  Two Words "},
    "steps": {"live": {"verdict": "bad", "value": 0.71}},
    "service": {"name": "fraud-scorer", "consumers": ["checkout", "payouts"]},
    "running": "42",
}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("value < 0.8 and labels.env == 'prod'", True),
        ("not value < 0.8", False),
        ("0 < value < 1", True),
        ("value < baseline * 0.9 or false", True),
        ("(baseline - value) | round(2)", 0.13),
        ("-value | abs", 0.71),
        ("7 // 2 + 7 % 2 - 1 / 2", 3.5),
        ("series | max", 3),
        ("series | min + series | sum + series | length", 10),
        ("series | first + series | last", 5),
        ("series[-1]", 2),
        ("labels.env in ['prod', 'live']", True),
        ("'checkout' not in service.consumers", False),
        ("service.consumers | join(' and ')", "checkout and payouts"),
        ("labels.items", "kept"),
        ("labels['get']", "a label"),
        ("labels.missing | default('none')", "none"),
        ("labels.missing.deeper | default('none')", "none"),
        ("'v' ~ running", "v42"),
        ("'4' + '2'", "42"),
        ("running | int + 1", 43),
        ("'0.5' | float", 0.5),
        ("'nonsense' | int", 0),
        ("'inf' | float(7)", 7),
        ("labels.note | trim | upper", "TWO WORDS"),
        ("labels.note | trim | lower | title | replace('Two', 'Three')", "Three Words"),
        ("labels.note | truncate(4, '')", "  Tw"),
        ("'rollback' if steps.live.verdict == 'bad' else 'keep'", "rollback"),
        ("'rollback' if steps.live.verdict == 'ok'", ""),
        ("'rollback' if target", ""),
        ("not target", True),
        ("none == labels.x | default(none)", True),
    ],
)
def test_expressions_say(text: str, result: Any) -> None:
    assert evaluate(text, NAMES) == result


@pytest.mark.parametrize(
    "text",
    [
        "target",
        "target == '41'",
        "steps.other.verdict == 'bad'",
        "labels.env < 3",
        "value < none",
        "value / 0",
        "'a' * 3",
        "3 * 'a'",
        "'%s' % labels",
        "[1] + [2]",
        "labels.env.upper()",
        "labels.get('x')",
        "value.real",
        "running.format",
        "running['format']",
        "''.__class__",
        "labels.__class__.__mro__",
        "labels['__class__']",
        "series.append",
        "service.consumers.__len__",
        "(1).__class__",
        "registry.version('fraud', 'production')",
        "range(9)",
        "lipsum()",
        "cycler('a')",
        "namespace()",
        "self",
        "2 ** 9",
        "value is defined",
        "series[0:1]",
        "{'a': 1}",
        "labels | attr('env')",
        "labels | map('upper')",
        "labels | tojson",
        "series | join(',', attribute='x')",
        "labels | join",
        "[[1]] | join",
        "9999999999 * 9999999999",
        "value | round(99)",
        "'x' | truncate(99999)",
        "'' | replace('', 'x')",
        "value |",
        "value value",
        "",
        "(" * 500,
        "not " * 400 + "value",
        "+".join(["1"] * 500),
        "[" * 900 + "]" * 900,
        "x" * 3000,
        "a" + ".b" * 900,
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        evaluate(text, NAMES)


def test_a_text_cannot_be_grown_beyond_the_cap() -> None:
    grown = "'a'" + " | replace('a', 'aaaaaaaaaa')" * 20
    with pytest.raises(TemplateError, match="longer than"):
        evaluate(grown, {})
    with pytest.raises(TemplateError, match="longer than"):
        evaluate("(x ~ x) ~ (x ~ x)", {"x": "a" * (MAX_TEXT // 2)})
    with pytest.raises(TemplateError, match="longer than"):
        evaluate("many | join('----------')", {"many": ["a"] * 10_000_000})


def test_a_long_label_can_still_be_cut_short() -> None:
    assert evaluate("labels.text | truncate(5)", {"labels": {"text": "x" * 1_000_000}}) == "xxxx…"


def test_a_value_with_braces_in_it_is_a_value_and_nothing_else() -> None:
    assert evaluate("labels.x", {"labels": {"x": "{{ running }}"}, "running": "42"}) == "{{ running }}"


def test_the_registry_is_asked_with_texts() -> None:
    asked: list[tuple[str, str]] = []

    def version(model: str, alias: str) -> str:
        asked.append((model, alias))
        return "41"

    assert (
        evaluate(
            "registry.version(labels.model, 'good')", {"labels": {"model": "m"}, "registry": {"version": version}}
        )
        == "41"
    )
    assert asked == [("m", "good")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("value < curent", "unknown name 'curent'"),
        ("basline < value", "unknown name 'basline'; did you mean 'baseline'?"),
        ("steps.live.verdit == 'bad'", "unknown name 'steps.live.verdit'; did you mean 'verdict'?"),
        ("steps.later.verdict == 'bad'", "step 'later' is not defined before this point"),
        ("incident.severty", "unknown name 'incident.severty'; did you mean 'severity'?"),
        ("running.major", "'running' has nothing below it"),
        ("value | rond", "unknown filter 'rond'; did you mean 'round'?"),
        ("value | round(1, 2)", "filter 'round' takes 0 to 1 arguments"),
        ("value | default(fallback=1)", "filter 'default' takes its arguments by position"),
        ("'a' * 3", "arithmetic works on numbers only; join texts with ~"),
        ("value ** 2", "powers (**) cannot be used here (only values, filters and comparisons)"),
        ("labels.x()", "calls cannot be used here (only values, filters and comparisons)"),
        ("value < 1e999", "a number that is not finite"),
        ("value < 99999999999999999999", "too large a number"),
        ("'\\ud800'", "a text with half a character in it"),
        ("not " * 200 + "value", "nested too deeply"),
    ],
)
def test_a_mistake_is_found_before_it_runs(text: str, said: str) -> None:
    assert check_expression(text, with_reading(with_steps(["live"]))) == [said]


def test_labels_may_be_called_anything() -> None:
    assert check_expression("labels.whatever == 'x' and labels['with-dash']", with_steps([])) == []


words = st.sampled_from(
    ["value", "labels", "steps", "live", ".", "[", "]", "(", ")", "'a'", '"b"', "0", "1.5", "9" * 30, "+", "-", "*",
     "/", "//", "%", "**", "~", "|", "join", "replace", "round", "truncate", "default", "sum", "if", "else", "and",
     "or", "not", "in", "is", "==", "<", ",", ":", "{", "}", "__class__", "none", "true", "registry", "version"]
)  # fmt: skip


@given(st.lists(words, max_size=25).map(" ".join) | st.text(max_size=60))
def test_whatever_is_written_only_a_template_error_comes_out(text: str) -> None:
    try:
        result = evaluate(text, NAMES)
    except TemplateError:
        return
    assert not callable(result)
    assert len(str(result)) <= MAX_TEXT * 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(sorted(FILTERS)), json_values, st.lists(json_values, max_size=2))
def test_a_filter_returns_a_bounded_value_or_refuses(name: str, value: Any, arguments: list[Any]) -> None:
    names = {"v": value, **{f"a{index}": argument for index, argument in enumerate(arguments)}}
    given_arguments = ", ".join(f"a{index}" for index in range(len(arguments)))
    try:
        evaluate(f"v | {name}({given_arguments})", names)
    except TemplateError:
        return
