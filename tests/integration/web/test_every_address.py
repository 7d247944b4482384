"""Every address, asked what its description allows and what it does not: a sentence, never an error of ours."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.clock import SteppedClock
from bot.config.files import SHIPPED, read_runbooks
from bot.runbooks.loading import load_library
from bot.service import Service
from bot.store import open_store
from tests.conftest import START
from tests.integration.web.conftest import BEARER, SETTINGS, application, client_of, said

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis

FEW = settings(
    max_examples=12, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
MANY = settings(FEW, max_examples=300)
#: away is no error: Slack is not there in these tests, nor a secret of GitHub's
ANSWERS = {*range(200, 500), 503}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The application over one database."""
    folder: Path = tmp_path_factory.mktemp("every")
    clock = SteppedClock(START)
    store = open_store(f"sqlite:///{folder / 'every.db'}", clock=clock)
    library = load_library(read_runbooks(SHIPPED))
    try:
        yield application(Service(store, settings=SETTINGS, library=library), clock)
    finally:
        store.close()


def test_what_the_description_allows_is_answered(app: Any) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
    assert len(operations) >= 15
    for operation in operations:

        @FEW
        @given(case=operation.as_strategy())
        def asked(case: Any) -> None:
            answer = case.call(headers=BEARER)
            assert answer.status_code in ANSWERS, (case.as_curl_command(), answer.text)

        asked()


ADDRESSES = (
    "/", "/alerts/{}", "/changes", "/changes/github", "/changes/argocd", "/changes/mlflow",
    "/requests/{}", "/incidents",
    "/incidents/{}", "/incidents/{}/postmortem", "/incidents/{}/postmortem.{}", "/incidents/{}/timeline.{}",
    "/incidents/attach", "/incidents/attach/{}",
    "/api/v1/incidents", "/api/v1/incidents/{}", "/api/v1/incidents/{}/timeline", "/api/v1/incidents/{}/alerts",
    "/api/v1/changes", "/slack/events", "/openapi.json", "/healthz", "/readyz", "/metrics", "/docs",
    "/status", "/insights", "/{}",
)  # fmt: skip
_WORD = st.text(max_size=12) | st.sampled_from(["1", "INC-1", "-1", "0", "9" * 40, "..", "%00", "\\", "a\nb", "💥"])
_HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "content-encoding", "accept", "x-request-id", "if-none-match", "range"]),
    st.sampled_from(["", "application/json", "text/html", "gzip", "br", "*/*", "bytes=0-", "x" * 4000, "a;b;c=,"]),
    max_size=3,
)


@MANY
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE"]),
    address=st.sampled_from(ADDRESSES), words=st.tuples(_WORD, _WORD), headers=_HEADERS,
    query=st.dictionaries(st.sampled_from(["limit", "status", "since", "x"]), st.text(max_size=20), max_size=2),
    body=st.binary(max_size=200) | st.sampled_from([b"", b"{}", b"[]", b"null", b'{"a":' * 300, b"\xff\xfe"]),
)  # fmt: skip
async def test_what_it_does_not_allow_is_answered_with_a_sentence(
    app: Any, method: str, address: str, words: tuple[str, str], headers: dict[str, str], query: dict[str, str],
    body: bytes,
) -> None:  # fmt: skip
    path = address.format(*(quote(word, safe="", errors="replace") for word in words))
    async with client_of(app) as web:
        answer = await web.request(method, path, headers=BEARER | headers, params=query, content=body)
    assert answer.status_code in ANSWERS, (method, path, answer.text)
    if 400 <= answer.status_code < 500 and "json" in answer.headers.get("content-type", "") and answer.content:
        detail = answer.json()["detail"]
        assert detail, answer.text


async def test_nothing_of_it_is_open_to_who_sends_without_a_token(app: Any) -> None:
    async with client_of(app) as web:
        for source in ("alertmanager", "grafana", "pagerduty", "datadog", "sentry", "cloudwatch", "opsgenie",
                       "cloudevents", "evidently", "generic"):  # fmt: skip
            answer = await web.post(f"/alerts/{source}", content=b"{}")
            assert answer.status_code == 401, source
            assert said(answer)
