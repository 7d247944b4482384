"""What ``evenkeel doctor`` is told by each connector."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from bot.config.settings import Connector
from bot.connectors import CONNECTORS
from bot.connectors.probing import QUESTIONS
from tests.unit.connectors.sources import Handler, connected, setting


async def probed(handler: Handler, settings: Connector) -> tuple[bool, str]:
    connectors = connected(handler, it=settings)
    found = (await connectors.probe())["it"]
    await connectors.close()
    return found


def test_every_question_is_for_a_kind_that_there_is() -> None:
    assert set(QUESTIONS) <= set(CONNECTORS)


@pytest.mark.parametrize("kind", QUESTIONS)
async def test_a_source_that_answers_as_its_kind_does_works(kind: str) -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.raw_path.decode())
        return httpx.Response(200, json={})

    assert await probed(handler, setting(kind)) == (True, f"answers as {kind} does")  # type: ignore[arg-type]
    assert seen == [f"/base/{QUESTIONS[kind]}"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(401), "does not let us in (401); check its token in evenkeel.yaml"),
        (httpx.Response(404), "does not know that address (404): check its url in evenkeel.yaml"),
        (httpx.Response(200, html="<p>sign in</p>"), "answered text/html, not JSON; is something else behind its ad"),
        (httpx.Response(503), "has a fault of its own (503): check its url in evenkeel.yaml"),
    ],
)
async def test_a_source_that_does_not_is_told_with_its_cure(answer: httpx.Response, said: str) -> None:
    ok, text = await probed(lambda _: answer, setting("mlflow"))
    assert not ok
    assert text.startswith(said)


@pytest.mark.parametrize(("status", "ok"), [(200, True), (404, True), (401, True), (500, False)])
async def test_a_service_of_ones_own_only_has_to_be_there(status: int, ok: bool) -> None:
    assert await probed(lambda _: httpx.Response(status), setting("http")) == (ok, f"answers with {status}")


async def test_a_folder_is_looked_into(tmp_path: Path) -> None:
    def nobody(_: httpx.Request) -> httpx.Response:
        raise AssertionError("nobody is asked")

    there = setting("evaluator", url="", folder=str(tmp_path))
    assert await probed(nobody, there) == (True, "its folder can be read")
    ok, text = await probed(nobody, setting("evaluator", url="", folder=str(tmp_path / "none")))
    assert (ok, text.endswith("is not a folder that can be read")) == (False, True)
