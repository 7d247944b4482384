"""Links hold label values that nobody can trust; those stay values in the query, in the address and in Slack."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runbooks.links import built
from bot.runbooks.schema.links import LogSearch
from bot.runbooks.templates import TemplateError, render
from bot.slack.view.text import link

ALERT = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 3, 10, tzinfo=UTC)
QUERY = 'service="{{ labels.service }}"'
LOKI = LogSearch(store="loki", url="https://grafana.example", query="{" + QUERY + "}", source="loki-1")
KIBANA = LogSearch(store="kibana", url="https://kibana.example", query='service:"{{ labels.service }}"')
CLOUDWATCH = LogSearch(
    store="cloudwatch",
    url="https://console.example",
    query=f"filter {QUERY}",
    source="/aws/fraud",
    region="eu-west-1",
)
HOSTILE = st.text(max_size=60) | st.sampled_from(
    ['"} |= "', "') or ('", "!'),(", "%22%7D", "|<https://evil.example|x>", "a&b=c#d", "\\", "../..", "<!channel>"]
)


def address(store: LogSearch | str, service: str) -> str:
    return built(store, {"labels": {"service": service}}, around=ALERT, now=NOW)[1]


def unquoted(text: str) -> str:
    """The value of the only string in double quotes, read as PromQL, LogQL and KQL read it."""
    match = re.fullmatch(r'[^"]*"((?:[^"\\]|\\.)*)"[^"]*', text, re.DOTALL)
    assert match is not None, text
    plain = {"n": "\n", "r": "\r"}
    return re.sub(r"\\(.)", lambda found: plain.get(found[1], found[1]), match[1], flags=re.DOTALL)


def kept(service: str) -> str:
    return service.encode("utf-8", "replace").decode().replace("\0", "")


@given(HOSTILE)
def test_a_search_in_loki_is_json_in_the_address_and_the_value_stays_within_its_quotes(service: str) -> None:
    found = urlsplit(address(LOKI, service))
    assert (found.netloc, found.path, found.fragment) == ("grafana.example", "/explore", "")
    pane = json.loads(parse_qs(found.query)["panes"][0])["logs"]
    assert unquoted(pane["queries"][0]["expr"]) == kept(service)
    begin, end = (int(pane["range"][key]) / 1000 for key in ("from", "to"))
    assert (begin, end) == (ALERT.timestamp() - 3600, NOW.timestamp())


@given(HOSTILE)
def test_a_search_in_kibana_keeps_the_value_within_its_rison_string(service: str) -> None:
    state = unquote(address(KIBANA, service).partition("&_a=")[2])
    assert state.startswith("(query:(language:kuery,query:'") and state.endswith("'))")
    inner = state.removeprefix("(query:(language:kuery,query:'").removesuffix("'))")
    assert re.fullmatch(r"(?:[^!']|!.)*", inner, re.DOTALL)
    assert unquoted(re.sub(r"!(.)", r"\1", inner, flags=re.DOTALL)) == kept(service)


@given(HOSTILE)
def test_a_search_in_cloudwatch_holds_nothing_but_its_own_marks(service: str) -> None:
    found = address(CLOUDWATCH, service)
    assert found.startswith("https://console.example/cloudwatch/home?region=eu-west-1#logsV2:logs-insights$3F")
    editor = found.partition("~editorString~'")[2].partition("~source~(~'*2faws*2ffraud))")[0]
    assert re.fullmatch(r"[A-Za-z0-9_.*-]*", editor)


@given(HOSTILE)
def test_an_address_of_ones_own_and_slacks_markup_cannot_be_left(service: str) -> None:
    try:
        found = address("https://grafana.example/d/x?var-service={{ labels.service }}", service)
    except TemplateError:
        assert kept(service) == "" or not service
        return
    assert urlsplit(found).netloc == "grafana.example"
    drawn = link(found, "logs")
    assert drawn.count("<") == drawn.count(">") <= 1


@given(HOSTILE)
def test_a_value_in_a_graphite_target_is_a_name_or_refused(service: str) -> None:
    try:
        target = render("servers.{{ labels.service }}.errors", {"labels": {"service": service}}, "graphite")
    except TemplateError:
        return
    assert re.fullmatch(r"servers\.[A-Za-z0-9_.:-]+\.errors", target)


def test_a_link_that_lacks_a_value_is_no_link() -> None:
    with pytest.raises(TemplateError):
        built("https://x.example/{{ labels.nothing }}", {"labels": {}}, around=ALERT, now=NOW)


def test_links_are_read_as_addresses_or_searches_also_as_they_are_printed() -> None:
    from bot.runbooks.names import SHAPE
    from bot.runbooks.reading.links import read_links
    from bot.yaml.reader import Section
    from bot.yaml.source import Problems, parse

    text = """
    links:
      - https://grafana.example/d/x?var-service={{ labels.service }}
      - loki: {url: "https://grafana.example/", query: '{a="{{ labels.a }}"}', source: loki-1, range: 2h}
      - {store: kibana, url: "https://kibana.example", query: 'a:"b"'}
      - splunk: {url: x}
      - 3
      - ftp://x
    """
    problems = Problems("r.yaml")
    node = parse(text, problems)
    assert node is not None
    address_, loki, kibana, *_ = read_links(Section(node, problems, "a query"), SHAPE)
    assert address_ == "https://grafana.example/d/x?var-service={{ labels.service }}"
    assert loki == LogSearch(
        store="loki", url="https://grafana.example", query='{a="{{ labels.a }}"}', source="loki-1", range=7200.0
    )
    assert kibana == LogSearch(store="kibana", url="https://kibana.example", query='a:"b"')
    assert [line.partition(": ")[2] for line in problems.lines] == [
        "a search names one of loki, kibana, cloudwatch",
        "unknown key 'splunk' in a link",
        "a link is an address, or a search as in {loki: {url: …, query: …}}",
        "'ftp://x' is not an address; it begins with https://",
    ]
