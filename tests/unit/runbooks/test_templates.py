"""Templates in each context: a hostile value stays a value."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import promql_parser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runbooks.names import with_steps
from bot.runbooks.templates import (
    MAX_RESULT,
    Context,
    TemplateError,
    check_promql,
    check_template,
    render,
    render_json,
)

SHAPE = with_steps(["live"])
CONTEXTS: tuple[Context, ...] = ("text", "promql", "url", "slack", "json")


def test_text_holds_its_values() -> None:
    text = "{{ service.name }}: {{ value }} of {{ n }}, {{ flag }}, {{ items }}, {{ nothing }}"
    names = {"service": {"name": "fraud-scorer"}, "value": 0.7123456789, "n": 412, "flag": True, "items": [1, "b"],
             "nothing": None}  # fmt: skip

    assert render(text, names) == "fraud-scorer: 0.712346 of 412, true, 1, b, unknown"


def test_a_condition_without_else_leaves_nothing_behind() -> None:
    template = "Roll back{{ ' to ' ~ target if target }}"

    assert render(template, {"target": "41"}) == "Roll back to 41"
    assert render(template, {}) == "Roll back"


def test_what_was_rendered_is_never_rendered_again() -> None:
    hostile = "{{ secret }}{% for x in y %}"

    assert render("a {{ x }} b", {"x": hostile, "secret": "s3cret"}) == f"a {hostile} b"
    assert render_json({"k": "{{ x }}"}, {"x": hostile, "secret": "s3cret"}) == {"k": hostile}


@pytest.mark.parametrize(
    "text",
    [
        "{% for x in labels %}{{ x }}{% endfor %}",
        "{%- set x = 1 %}",
        "{% raw %}{{ x }}{% endraw %}",
        "{% include 'secret' %}",
        "{% import 'os' as os %}",
        "{%",
        "{{ x",
        "{{ }}",
        "{{ x.y() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ x | attr('__class__') }}",
        "{{ '{0.__class__}'.format(x) }}",
        "{{ 'a' * 200000000 }}",
        "{{ range(999999999) }}",
        "{{ x ** 999999999 }}",
        "{{ 'x' | center(99999999) }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ '%999999999d' % 1 }}",
        "{{ " + "(" * 900 + "}}",
        "x" * 2049,
        "ä" * 1025,
    ],
)
@pytest.mark.parametrize("context", CONTEXTS)
def test_attacks_by_the_template_itself_are_refused(text: str, context: Context) -> None:
    assert check_template(text, SHAPE)
    with pytest.raises(TemplateError):
        render(text, {"x": 3, "labels": {}}, context)


def test_a_result_is_at_most_four_kilobytes() -> None:
    assert len(render("{{ x }}", {"x": "a" * MAX_RESULT})) == MAX_RESULT
    for text in ("{{ x }}{{ x }}", "{{ x }}b"):
        with pytest.raises(TemplateError, match="longer than"):
            render(text, {"x": "a" * MAX_RESULT})
    with pytest.raises(TemplateError, match="longer than"):
        render("{{ x }}", {"x": "ä" * 3000})


def test_half_a_character_from_an_alert_does_no_harm() -> None:
    assert render("{{ x }}", {"x": "a\ud800b"}) == "a?b"
    assert render_json("{{ x }}", {"x": "a\ud800b"}) == "a?b"


# PromQL


def matched(query: str) -> dict[str, str]:
    """The label matchers of a query that is one selector and nothing else."""
    parsed = promql_parser.parse(query)
    assert isinstance(parsed, promql_parser.VectorSelector)
    return {matcher.name: matcher.value for matcher in parsed.matchers.matchers}


def test_a_label_value_cannot_leave_its_quotes() -> None:
    hostile = 'a"} or vector(1) or y{z="'

    query = render('x{model="{{ m }}"}', {"m": hostile}, "promql")

    assert matched(query) == {"model": hostile}


def test_a_value_after_a_pattern_operator_is_no_pattern() -> None:
    query = render('x{model=~"{{ m }}-.*"}', {"m": ".*|b"}, "promql")

    assert matched(query) == {"model": r"\.\*\|b-.*"}


@pytest.mark.parametrize("value", ["1) or vector(1", "x", "5m]", "", "1 # ", True, [1], "1e", "-", "nan"])
def test_outside_quotes_only_numbers_and_durations_may_stand(value: Any) -> None:
    with pytest.raises(TemplateError):
        render("rate(x[5m]) > {{ v }}", {"v": value}, "promql")


@pytest.mark.parametrize("value", [3, 0.5, "-2.5", "1e3", "5m", "1h30m"])
def test_numbers_and_durations_do_stand_outside_quotes(value: Any) -> None:
    assert render("x > {{ v }}", {"v": value}, "promql") == f"x > {value}"


@pytest.mark.parametrize("query", ["x{a=`{{ v }}`}", "x # {{ v }}", 'x{a="b"} # "{{ v }}'])
def test_a_value_stands_neither_in_backticks_nor_in_a_comment(query: str) -> None:
    with pytest.raises(TemplateError):
        render(query, {"v": "1"}, "promql")


def test_a_query_with_an_unknown_value_is_not_asked() -> None:
    with pytest.raises(TemplateError, match="not known"):
        render('x{version="{{ v }}"}', {"v": None}, "promql")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ('sum(rate(x{v="{{ running }}"}[{{ target }}])) > {{ running }}', []),
        ("x offset {{ target }}", []),
        ('x{v="{{ running }}")', ["PromQL: unexpected character inside braces: ')'"]),
        ('x{v="{{ runing }}"}', ["unknown name 'runing'; did you mean 'running'?"]),
        ("x{v=`{{ running }}`}", ["a value cannot stand between backticks; use double quotes"]),
    ],
)
def test_promql_is_checked_with_something_in_place_of_its_values(query: str, said: list[str]) -> None:
    assert check_promql(query, SHAPE) == said


@given(st.text(max_size=40), st.sampled_from(['x{a="{{ v }}"}', "x{a='{{ v }}'}", 'x{b="c\\"", a="{{ v }}"}']))
def test_any_text_is_one_label_value(value: str, query: str) -> None:
    expected = value.encode("utf-8", "replace").decode().replace("\0", "")

    assert matched(render(query, {"v": value}, "promql"))["a"] == expected


# Addresses


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("fraud-model", "/flags/fraud-model"),
        ("a/b", "/flags/a%2Fb"),
        ("a?x=1#y", "/flags/a%3Fx%3D1%23y"),
        ("a\r\nHost: evil", "/flags/a%0D%0AHost%3A%20evil"),
        ("...", "/flags/..."),
        (41, "/flags/41"),
    ],
)
def test_a_value_is_one_part_of_a_path(value: Any, path: str) -> None:
    assert render("/flags/{{ f }}", {"f": value}, "url") == path


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("/flags/{{ f }}", {"f": ".."}),
        ("/flags/{{ f }}", {"f": "."}),
        ("/flags/{{ f }}", {"f": ""}),
        ("/flags/{{ f }}", {"f": None}),
        ("/flags/{{ f }}{{ f }}/x", {"f": "."}),
        ("/flags/{{ f }}./x", {"f": "."}),
        ("/flags/%2e{{ f }}", {"f": "."}),
    ],
)
def test_a_path_cannot_be_climbed(template: str, names: dict[str, Any]) -> None:
    with pytest.raises(TemplateError):
        render(template, names, "url")


@given(st.text(min_size=1, max_size=30))
def test_any_text_comes_back_from_its_part_of_a_path(value: str) -> None:
    try:
        path = render("/flags/{{ f }}/x", {"f": value}, "url")
    except TemplateError:
        assert value in (".", "..")
        return
    assert path.count("/") == 3
    assert unquote(path.split("/")[2]) == value.encode("utf-8", "replace").decode()


# Slack


def test_nobody_is_mentioned_by_a_value() -> None:
    said = render("Alert: {{ t }}", {"t": "<!channel> <@U1> @here @Channel <https://evil|click> & co"}, "slack")

    assert "<" not in said
    assert ">" not in said
    assert "@here" not in said
    assert "@Channel" not in said
    assert said.endswith("&amp; co")


def test_the_author_of_a_runbook_may_use_slacks_markup() -> None:
    assert render("*Ask* <@U1> about {{ x }}", {"x": "<b>"}, "slack") == "*Ask* <@U1> about &lt;b&gt;"


# JSON


def test_a_structure_keeps_the_types_of_its_values() -> None:
    body = {"value": "{{ v }}", "note": "to {{ v }}", "deep": [{"on": "{{ on }}"}, 3, None], "plain": "x"}

    assert render_json(body, {"v": 41, "on": True}) == {
        "value": 41,
        "note": "to 41",
        "deep": [{"on": True}, 3, None],
        "plain": "x",
    }


def test_keys_of_a_structure_are_never_templates() -> None:
    assert render_json({"{{ x }}": 1}, {"x": "y"}) == {"{{ x }}": 1}


def test_only_json_comes_out() -> None:
    with pytest.raises(TemplateError):
        render_json("{{ x }}", {"x": {1, 2}})
    with pytest.raises(TemplateError):
        render_json(["{{ x }}"] * 1001, {"x": 1})


@given(st.text(max_size=40))
def test_any_text_stays_within_a_json_string(value: str) -> None:
    expected = value.encode("utf-8", "replace").decode()

    assert json.loads(render('{"a": "{{ v }}"}', {"v": value}, "json")) == {"a": expected}


parts = st.sampled_from(
    ["{{", "}}", "{%", "%}", "{#", "#}", " x ", " labels.a ", "'", '"', "`", "\\", "#", " | upper ", " ~ ", "[", "]",
     "{", "}", "(", ")", "/", ".", "\n", "x=~", "5m", "<!", "@here"]
)  # fmt: skip


@given(st.lists(parts, max_size=20).map("".join), st.text(max_size=20), st.sampled_from(CONTEXTS))
def test_whatever_is_written_the_result_is_small_or_refused(text: str, value: str, context: Context) -> None:
    try:
        result = render(text, {"x": value, "labels": {"a": value}}, context)
    except TemplateError:
        return
    assert len(result.encode()) <= MAX_RESULT
