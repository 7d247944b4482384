"""MLflow's webhook about aliases: who signed it, and what moved."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.alerts.sources import Request, SourceSettings
from bot.changes.github import Heard
from bot.changes.mlflow import promoted, verify
from bot.changes.settings import Sender
from bot.errors import BadRequest, Unauthenticated

RECORDED = (Path(__file__).parents[2] / "fixtures" / "changes" / "mlflow_alias.json").read_bytes()
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
HERE = Sender(aliases=("champion",), services={"fraud-scorer": "fraud"})
#: signed by OpenSSL, not by the code that is tested: printf %s ID.TIME.BODY | openssl dgst -sha256 -hmac KEY -binary
SECRET, DELIVERY, STAMP = "of-the-registry", "3b241101-e2bb-4255-8caf-4136c566a962", "1795230000"
SIGNED = b'{"entity": "registered_model", "action": "created", "data": {}}'
SIGNATURE = "v1,jf7IcVCZOK323pMGBS9tKqvNdN1/V3Ogn/dyTMoT8yk="


def heard(body: bytes = RECORDED, *, by: Sender = HERE, polled: frozenset[str] = frozenset()) -> Heard:
    return promoted(body, sender=by, polled=polled, now=NOW)


def told(**values: Any) -> bytes:
    return json.dumps(json.loads(RECORDED) | values).encode()


def sent(
    *, signature: str = SIGNATURE, stamp: str = STAMP, body: bytes = SIGNED, secrets: tuple[str, ...] = (SECRET,),
    late: float = 0,
) -> Request:  # fmt: skip
    at = datetime.fromtimestamp(int(STAMP), tz=UTC) + timedelta(seconds=late)
    headers = {"x-mlflow-delivery-id": DELIVERY, "x-mlflow-timestamp": stamp, "x-mlflow-signature": signature}
    return Request(headers=headers, body=body, at=at, tokens=("t",), settings=SourceSettings(secrets=secrets))


def test_what_a_secret_signed_just_now_is_genuine() -> None:
    verify(sent())
    verify(sent(secrets=("new", SECRET), late=299))
    verify(sent(signature=f"v1,AAAA {SIGNATURE}"))


@pytest.mark.parametrize(
    "request_",
    [
        sent(signature=""), sent(signature=SIGNATURE.removeprefix("v1,")), sent(signature=SIGNATURE.lower()),
        sent(signature="v2," + SIGNATURE.removeprefix("v1,")), sent(body=SIGNED + b" "), sent(secrets=("other",)),
        sent(secrets=("",)), sent(stamp="1795230001"), sent(late=301), sent(late=-301), sent(signature="v1,é"),
    ],
)  # fmt: skip
def test_anything_else_is_not(request_: Request) -> None:
    with pytest.raises(Unauthenticated):
        verify(request_)


def test_an_alias_that_moved_is_a_change_of_the_model_s_service() -> None:
    (change,) = heard().changes
    assert (change.service, change.kind, change.version, change.about) == ("fraud-scorer", "alias", "42", "champion")
    assert (change.source, change.previous) == ("mlflow", "")
    assert change.at == datetime(2026, 11, 21, 2, 51, 0, 80217, tzinfo=UTC)
    assert heard().changes == heard().changes


def test_an_alias_that_was_taken_away_has_no_version() -> None:
    (change,) = heard(told(action="deleted", data={"name": "fraud", "alias": "champion"})).changes
    assert (change.version, change.about) == ("", "champion")


def test_another_alias_than_what_serves_does_not_count() -> None:
    found = heard(told(data={"name": "fraud", "alias": "challenger", "version": "43"}))
    assert (found.changes, "challenger" in found.because) == ((), True)


def test_the_test_that_mlflow_sends_changes_nothing() -> None:
    assert heard(told(data={"name": "example_model", "alias": "example_alias", "version": "1"})).changes == ()


@pytest.mark.parametrize("event", ["registered_model.created", "model_version.created", "model_version_tag.set"])
def test_what_moves_no_alias_is_heard_and_changes_nothing(event: str) -> None:
    entity, _, action = event.partition(".")
    found = heard(told(entity=entity, action=action, data={"name": "fraud", "version": "43"}))
    assert (found.changes, event in found.because) == ((), True)


def test_a_model_that_is_asked_for_is_not_told_twice() -> None:
    found = heard(polled=frozenset({"fraud"}))
    assert (found.changes, "asked for here" in found.because) == ((), True)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", told(data=[]), told(data={}), told(data={"name": "fraud", "alias": 7}), told(timestamp="x"),
     told(timestamp="2026-11-21T02:51:00"), told(entity=None), b"\xff", b"[" * 5000],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(body: bytes) -> None:
    with pytest.raises(BadRequest, match=r"not a webhook of MLflow|not JSON"):
        heard(body)
