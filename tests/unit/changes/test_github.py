"""GitHub's webhook for deployment statuses, and for releases."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.changes.github import Heard, deployed, version_of
from bot.changes.settings import Sender
from bot.errors import BadRequest

FOLDER = Path(__file__).parents[2] / "fixtures" / "changes"
RECORDED = (FOLDER / "github_deployment_status.json").read_bytes()
RELEASE = (FOLDER / "github_release.json").read_bytes()
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
HERE = Sender(environments=("production",), services={"fraud-scorer": "acme/fraud"})
SHA = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c"


def heard(
    body: bytes = RECORDED, *, event: str = "deployment_status", form: bool = False, by: Sender = HERE
) -> Heard:
    return deployed(body, event=event, form=form, sender=by, now=NOW)


def changed(**parts: dict[str, Any]) -> bytes:
    told = json.loads(RECORDED)
    for key, values in parts.items():
        told[key] |= values
    return json.dumps(told).encode()


def test_a_deployment_that_succeeded_is_a_change_of_the_repository_s_service() -> None:
    (change,) = heard().changes
    assert (change.service, change.kind, change.version, change.by) == ("fraud-scorer", "deploy", "v42", "ana")
    assert change.at == datetime(2026, 11, 21, 2, 51, tzinfo=UTC)
    assert change.url.startswith("https://github.com/acme/fraud/actions/")
    assert (change.source, change.external, change.about) == ("github", "fraud-scorer acme/fraud#881", "production")


def test_a_repository_of_two_services_changes_both_and_one_of_none_goes_by_its_own_name() -> None:
    both = Sender(services={"fraud-scorer": "acme/fraud", "fraud-explainer": "Acme/Fraud"})
    assert [change.service for change in heard(by=both).changes] == ["fraud-scorer", "fraud-explainer"]
    assert [change.service for change in heard(by=Sender()).changes] == ["fraud"]


@pytest.mark.parametrize("state", ["pending", "in_progress", "queued", "failure", "error", "inactive"])
def test_what_is_under_way_or_failed_has_changed_nothing(state: str) -> None:
    found = heard(changed(deployment_status={"state": state}))
    assert (found.changes, found.because) == ((), f"a deployment that is “{state}” has changed nothing")


def test_only_the_named_environments_count() -> None:
    staging = changed(deployment_status={"environment": "staging"})
    assert not heard(staging).changes
    assert "staging" in heard(staging).because
    assert heard(staging, by=Sender(environments=("Staging",))).changes
    assert heard(staging, by=Sender()).changes


def test_other_events_of_github_are_heard_and_change_nothing() -> None:
    assert not heard(b'{"zen": "Design for failure."}', event="ping").changes
    assert "choose “Deployment statuses”" in heard(b"{}", event="push").because


def test_a_form_is_read_as_well() -> None:
    body = urlencode({"payload": RECORDED.decode()}).encode()
    assert heard(body, form=True) == heard()


@pytest.mark.parametrize(
    ("ref", "payload", "version"),
    [
        ("v42", {}, "v42"),
        ("refs/tags/v42", None, "v42"),
        ("main", "", SHA[:12]),
        (SHA, {}, SHA[:12]),
        ("", {}, SHA[:12]),
        ("main", {"version": 42}, "42"),
        ("main", '{"version": "42"}', "42"),
        ("v42", "{" * 50, "v42"),
    ],
)
def test_the_version_is_the_payload_s_else_the_tag_else_the_commit(ref: str, payload: Any, version: str) -> None:
    assert version_of(ref, SHA, payload) == version


def test_the_default_branch_by_whatever_name_is_no_version() -> None:
    trunk = changed(deployment={"ref": "release"}, repository={"default_branch": "release"})
    assert heard(trunk).changes[0].version == SHA[:12]
    assert heard(changed(deployment={"ref": "release"})).changes[0].version == "release"


def test_a_release_that_is_published_is_a_change_of_the_repository_s_service() -> None:
    (change,) = heard(RELEASE, event="release").changes
    assert (change.service, change.kind, change.version, change.by) == ("fraud-scorer", "release", "v42", "ana")
    assert change.at == datetime(2026, 11, 21, 2, 51, tzinfo=UTC)
    assert change.url == "https://github.com/acme/fraud/releases/tag/v42"
    assert change.external == "fraud-scorer acme/fraud/releases/5521"


@pytest.mark.parametrize("action", ["created", "edited", "deleted", "prereleased", "released", "unpublished"])
def test_of_a_release_only_its_publication_counts_which_comes_once(action: str) -> None:
    told = json.loads(RELEASE) | {"action": action}
    found = heard(json.dumps(told).encode(), event="release")
    assert (found.changes, action in found.because) == ((), True)


def test_a_pre_release_has_changed_nothing() -> None:
    told = json.loads(RELEASE)
    told["release"]["prerelease"] = True
    assert "pre-release" in heard(json.dumps(told).encode(), event="release").because


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"{}", b"\xff", b"[" * 5000, b'{"a": "\\u0000"}'])
def test_what_cannot_be_read_is_refused_with_a_sentence(body: bytes) -> None:
    for form in (False, True):
        with pytest.raises(BadRequest, match=r"not a deployment status|not JSON|not a form"):
            heard(body, form=form)
        with pytest.raises(BadRequest, match=r"not a release|not JSON|not a form"):
            heard(body, event="release", form=form)
