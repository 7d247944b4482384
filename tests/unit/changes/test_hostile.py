"""Whatever is sent as a change: it is read, or refused with a sentence; and it calls nobody on a card."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.changes.argocd import synced
from bot.changes.change import Change
from bot.changes.github import deployed
from bot.changes.posted import posted
from bot.changes.settings import Sender
from bot.errors import BadRequest
from bot.slack.view.changed import changed
from tests.unit.slack.stories import Story

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
FOLDER = Path(__file__).parents[2] / "fixtures" / "changes"
GITHUB: dict[str, Any] = json.loads((FOLDER / "github_deployment_status.json").read_bytes())
ARGOCD: dict[str, Any] = json.loads((FOLDER / "argocd_deployed.json").read_bytes())
POSTED = {
    "service": "fraud-scorer", "kind": "deploy", "version": "42", "previous": "41", "by": "ana", "about": "x",
    "url": "https://ci.example/7", "at": "2026-11-21T02:51:00Z", "source": "ci", "id": "run-7",
}  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60)
    | st.sampled_from(["<!channel>", "@everyone", "<@U0ANA>", "\x00", "\u202e", "2026-02-30T00:00:00Z", "A" * 5000]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def read(kind: str, body: bytes) -> tuple[Change, ...]:
    if kind == "github":
        return deployed(body, event="deployment_status", form=False, sender=Sender(), now=NOW).changes
    return synced(body, sender=Sender(), now=NOW) if kind == "argocd" else (posted(body, now=NOW),)


def sound(change: Change) -> None:
    """What every stored change is, whoever sent it."""
    texts = [change.service, change.kind, change.version, change.previous, change.by, change.about, change.source]
    assert change.service
    assert all(text.isprintable() and len(text) <= 500 for text in texts)
    assert change.url == "" or change.url.startswith(("https://", "http://"))
    assert change.at.utcoffset() is not None
    assert change.external is None or len(change.external) <= 500
    (line,) = changed(replace(Story().incident(), changed=(change,)))
    assert "<!" not in line.replace("<!date", "")
    assert "<@" not in line
    assert len(line) <= 400


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["github", "argocd", "posted"]), st.data())
def test_one_field_that_is_anything_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    told: dict[str, Any] = json.loads(json.dumps({"github": GITHUB, "argocd": ARGOCD, "posted": POSTED}[kind]))
    inner = [told, *(value for value in told.values() if isinstance(value, dict))]
    where = data.draw(st.sampled_from(inner))
    where[data.draw(st.sampled_from(sorted(where)))] = data.draw(VALUES)
    try:
        changes = read(kind, json.dumps(told).encode(errors="surrogatepass"))
    except BadRequest as error:
        assert str(error)
        return
    for change in changes:
        sound(change)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["github", "argocd", "posted"]), st.binary(max_size=200))
def test_bytes_that_are_no_json_are_refused(kind: str, body: bytes) -> None:
    with pytest.raises(BadRequest):
        read(kind, body)


@pytest.mark.parametrize("kind", ["github", "argocd", "posted"])
def test_json_a_thousand_levels_deep_is_refused_or_read(kind: str) -> None:
    deep = b'{"service": "s", "application": "a", "x": ' + b"[" * 1000 + b"]" * 1000 + b"}"
    try:
        for change in read(kind, deep):
            sound(change)
    except BadRequest as error:
        assert str(error)
