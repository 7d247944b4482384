"""Argo CD's notification by our template."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.changes.argocd import synced
from bot.changes.change import Change
from bot.changes.settings import Sender
from bot.errors import BadRequest

RECORDED = (Path(__file__).parents[2] / "fixtures" / "changes" / "argocd_deployed.json").read_bytes()
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
HERE = Sender(services={"fraud-scorer": "fraud-prod"})


def told(sender: Sender = HERE, **parts: Any) -> Change:
    (change,) = synced(json.dumps(json.loads(RECORDED) | parts).encode(), sender=sender, now=NOW)
    return change


def test_a_synced_application_is_a_change_of_its_service() -> None:
    change = told()
    assert (change.service, change.kind, change.version, change.by) == ("fraud-scorer", "deploy", "42", "ana")
    assert (change.at, change.about) == (datetime(2026, 11, 21, 2, 51, tzinfo=UTC), "fraud-prod")
    assert told(Sender()).service == "fraud-prod"
    assert told(service="ranker").service == "ranker"


@pytest.mark.parametrize(
    ("parts", "version"),
    [
        ({"version": "2026.11"}, "2026.11"),
        ({"version": 7}, "7"),
        ({"images": ["a:42", "registry.example:5000/b:42@sha256:00"]}, "42"),
        ({"images": ["a:42", "b:41"]}, "0d1a26e67d8f"),
        ({"images": ["registry.example:5000/a", "b:latest", "c@sha256:00"]}, "0d1a26e67d8f"),
        ({"images": None}, "0d1a26e67d8f"),
        ({"images": None, "revision": "", "revisions": ["aaaa", "bbbb"]}, "aaaa+bbbb"),
    ],
)
def test_the_version_is_said_else_the_tag_of_the_only_image_else_the_commit(
    parts: dict[str, Any], version: str
) -> None:
    assert told(**parts).version == version


def test_a_repeated_notification_is_the_same_change_and_a_second_sync_of_one_commit_another() -> None:
    assert told().external == told().external
    assert told().external != told(at="2026-11-21T04:51:00Z").external
    assert told(at=None).at == NOW


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"application": " "}', b'{"application": "a", "images": 7}'])
def test_what_cannot_be_read_is_refused_with_a_sentence(body: bytes) -> None:
    with pytest.raises(BadRequest, match=r"not the notification of the template|not JSON"):
        synced(body, sender=HERE, now=NOW)
