"""Rows instead of counts: files in a folder, and what a service answers; handed on as they came."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest

from bot.connectors import Evaluation, Evaluator, SourceUnavailable
from bot.connectors.client import MAX_ANSWER
from bot.statistics.rows import Rows, Table
from tests.unit.connectors.sources import Handler, connected, setting

ROW = b'{"id": 1, "value": 1}\n'


def nobody(_: httpx.Request) -> httpx.Response:
    raise AssertionError("a folder is not asked for over the network")


def folder_of(path: Path) -> Evaluator:
    settings = setting("evaluator", url="", folder=str(path))
    return connected(nobody, evaluator=settings).evaluator("evaluator")


def service(handler: Handler) -> Evaluator:
    return connected(handler, evaluator=setting("evaluator")).evaluator("evaluator")


async def compared(source: Evaluator, a: str = "41", b: str = "42", of: str = "fraud-scorer") -> Evaluation:
    return await source.compare(service=of, a=a, b=b, metric="recall", weights="weight", cluster="user")


def put(folder: Path, name: str, body: bytes = ROW) -> Path:
    path = folder / "fraud-scorer" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(body)
    return path


async def test_two_files_are_handed_on_as_they_are_however_the_version_is_spelt(tmp_path: Path) -> None:
    put(tmp_path, "41.jsonl")
    put(tmp_path, "v42.csv", b"id,value\n1,0\n")
    found = await compared(folder_of(tmp_path), "v41", "42")
    assert found.rows == Rows(a=Table(ROW, "jsonl"), b=Table(b"id,value\n1,0\n", "csv"))
    assert (found.paired, found.a, found.metric) == (None, None, "recall")


async def failure(source: Evaluator, **names: str) -> SourceUnavailable:
    with pytest.raises(SourceUnavailable) as caught:
        await compared(source, **names)
    return caught.value


async def test_a_version_without_predictions_is_a_sentence_and_may_come_later(tmp_path: Path) -> None:
    put(tmp_path, "42.jsonl")
    said = await failure(folder_of(tmp_path))
    assert str(said).startswith("evaluator has no predictions of 41: fraud-scorer/41.json|.jsonl|.csv is not in its")
    assert said.again


@pytest.mark.parametrize("name", ["../41", "/etc/passwd", "a/b", "..", ".hidden", "a\x00b", "", "x" * 200, "a\nb"])
async def test_a_version_is_a_name_and_never_a_path(tmp_path: Path, name: str) -> None:
    put(tmp_path, "42.jsonl")
    (tmp_path / "41.jsonl").write_bytes(ROW)
    assert "cannot be the name of a file" in str(await failure(folder_of(tmp_path), a=name))
    assert "cannot be the name of a file" in str(await failure(folder_of(tmp_path), of=name))


async def test_what_is_no_plain_file_inside_the_folder_is_not_read(tmp_path: Path) -> None:
    folder, outside = tmp_path / "predictions", tmp_path / "secret.jsonl"
    folder.mkdir()
    outside.write_bytes(ROW)
    put(folder, "42.jsonl")
    (folder / "fraud-scorer" / "41.jsonl").symlink_to(outside)
    os.mkfifo(folder / "fraud-scorer" / "40.jsonl")
    put(folder, "39.jsonl", b"")
    source = folder_of(folder)
    assert "41.jsonl leads out of its folder" in str(await failure(source))
    assert "40.jsonl is no file" in str(await failure(source, a="40"))
    assert "39.jsonl is empty" in str(await failure(source, a="39"))


async def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    put(tmp_path, "42.jsonl")
    with put(tmp_path, "41.jsonl").open("r+b") as large:
        large.truncate(257 * 2**20)  # a hole: it takes no room on the disk
    assert "41.jsonl is larger than 256 MiB; sample it" in str(await failure(folder_of(tmp_path)))


@pytest.mark.parametrize(
    ("kind", "body", "table"),
    [
        ("application/x-ndjson", ROW, Table(ROW, "jsonl")),
        ("text/csv; charset=utf-8", b"a,b\n1,0\n", Table(b"a,b\n1,0\n", "csv")),
        ("application/json", b'{"columns": {"a": [1], "b": [0]}}', None),
        ("application/json", b'{"rows": [{"a": 1, "b": 0}]}', None),
        ("application/json", b' [ {"a": 1, "b": 0}]', None),
    ],
)
async def test_a_service_may_answer_rows(kind: str, body: bytes, table: Table | None) -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=body, headers={"content-type": kind})

    found = await compared(service(handler))
    assert found.rows == Rows(both=table or Table(body, "json"))
    assert (seen[0].url.params["weights"], seen[0].url.params["cluster"]) == ("weight", "user")


async def test_rows_may_be_much_larger_than_what_is_parsed_here() -> None:
    body = b'{"columns": {"a": [' + b"1," * MAX_ANSWER + b"1]}}"
    found = await compared(service(lambda _: httpx.Response(200, content=body)))
    assert found.rows == Rows(both=Table(body, "json"))


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("text/html", b"<html>" * 10, "evaluator answered text/html, not JSON"),
        ("application/json", b"", "evaluator answered nonsense: not JSON"),
        ("application/json", b'{"n": NaN}', "evaluator answered nonsense"),
        ("application/json", b"[[[[", "evaluator answered nonsense"),
        ("application/json", b'{"columns"', "evaluator answered nonsense"),
    ],
)
async def test_what_is_neither_counts_nor_rows_is_a_sentence(kind: str, body: bytes, said: str) -> None:
    answer = httpx.Response(200, content=body, headers={"content-type": kind})
    assert said in str(await failure(service(lambda _: answer)))
