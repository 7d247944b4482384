"""``POST /changes/github``, ``/changes/argocd`` and ``/changes/mlflow``, and what is sent twice."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.changes.settings import ChangeSettings, Sender
from bot.clock import SteppedClock
from bot.config.secret import Secret
from bot.service import Service
from bot.store import Change, Store
from tests.integration.web.conftest import BEARER, SETTINGS, Client, application, client_of, said

FOLDER = Path(__file__).parents[2] / "fixtures" / "changes"
DEPLOYED = (FOLDER / "github_deployment_status.json").read_bytes()
MOVED = (FOLDER / "mlflow_alias.json").read_bytes()
SYNCED = (FOLDER / "argocd_deployed.json").read_bytes()
AT = datetime(2026, 11, 21, 2, 51, tzinfo=UTC)
SECRETS = (Secret("of-today"), Secret("of-yesterday"))
HERE = replace(
    SETTINGS,
    changes=ChangeSettings(
        github=Sender(secrets=SECRETS, services={"fraud-scorer": "acme/fraud"}, environments=("production",)),
        argocd=Sender(services={"fraud-scorer": "fraud-prod"}),
        mlflow=Sender(secrets=SECRETS, services={"fraud-scorer": "fraud"}, aliases=("champion",)),
    ),
)


@pytest.fixture
async def here(service: Service, clock: SteppedClock) -> AsyncIterator[Client]:
    async with client_of(application(service, clock, HERE)) as client:
        yield client


def signed(body: bytes, *, secret: str = SECRETS[0], event: str = "deployment_status") -> dict[str, str]:
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "x-hub-signature-256": f"sha256={signature}", "x-github-event": event, "x-github-delivery": "d-1",
        "content-type": "application/json",
    }  # fmt: skip


def signed_by_mlflow(body: bytes, *, at: datetime, secret: str = SECRETS[0]) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), f"d-1.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "x-mlflow-signature": f"v1,{base64.b64encode(digest).decode()}", "x-mlflow-timestamp": stamp,
        "x-mlflow-delivery-id": "d-1", "content-type": "application/json",
    }  # fmt: skip


async def stored(store: Store) -> list[Change]:
    return await store.changes.of("fraud-scorer", since=AT)


@pytest.mark.parametrize("secret", SECRETS)
async def test_a_deployment_is_stored_once_however_often_it_is_delivered(
    here: Client, store: Store, secret: str
) -> None:
    for _ in range(3):
        answer = await here.post("/changes/github", content=DEPLOYED, headers=signed(DEPLOYED, secret=secret))
        assert (answer.status_code, answer.json()) == (202, {"accepted": 1})
    (change,) = await stored(store)
    assert (change.version, change.by, change.source) == ("v42", "ana", "github")


async def test_a_signature_of_another_secret_or_of_other_bytes_is_refused(here: Client, store: Store) -> None:
    for headers, body in (
        (signed(DEPLOYED, secret="guessed"), DEPLOYED),
        (signed(DEPLOYED), DEPLOYED.replace(b"v42", b"v66")),
        ({"x-github-event": "deployment_status"}, DEPLOYED),
        (signed(DEPLOYED) | {"x-hub-signature-256": "sha1=00"}, DEPLOYED),
        (BEARER, DEPLOYED),
    ):
        assert (await here.post("/changes/github", content=body, headers=headers)).status_code == 401
    assert await stored(store) == []


async def test_a_ping_is_answered_and_stores_nothing(here: Client, store: Store) -> None:
    answer = await here.post("/changes/github", content=b"{}", headers=signed(b"{}", event="ping"))
    assert (answer.status_code, answer.json()["accepted"]) == (202, 0)
    assert await stored(store) == []


async def test_without_a_secret_the_webhook_is_closed_and_says_what_to_write(web: Client) -> None:
    answer = await web.post("/changes/github", content=DEPLOYED, headers=signed(DEPLOYED))
    assert answer.status_code == 503
    assert "changes.github.secrets" in said(answer)


async def test_a_notification_of_argo_cd_is_stored_once_and_needs_the_token(here: Client, store: Store) -> None:
    assert (await here.post("/changes/argocd", content=SYNCED)).status_code == 401
    assert (await here.post("/changes/argocd", content=b"{}", headers=BEARER)).status_code == 400
    for _ in range(2):
        answer = await here.post("/changes/argocd", content=SYNCED, headers=BEARER)
        assert (answer.status_code, answer.json()) == (202, {"accepted": 1})
    (change,) = await stored(store)
    assert (change.version, change.source, change.about) == ("42", "argocd", "fraud-prod")


async def test_an_alias_that_mlflow_tells_of_is_stored_once_with_what_it_named_before(
    here: Client, store: Store, clock: SteppedClock
) -> None:
    for version in ("42", "42", "43"):
        body = MOVED.replace(b'"42"', f'"{version}"'.encode())
        answer = await here.post("/changes/mlflow", content=body, headers=signed_by_mlflow(body, at=clock.now()))
        assert (answer.status_code, answer.json()) == (202, {"accepted": 1})
    found = {(change.version, change.previous, change.about) for change in await stored(store)}
    assert found == {("42", "", "champion"), ("43", "42", "champion")}


async def test_what_mlflow_did_not_sign_or_long_ago_is_refused(
    here: Client, web: Client, store: Store, clock: SteppedClock
) -> None:
    for headers in (
        signed_by_mlflow(MOVED, at=clock.now(), secret="guessed"),
        signed_by_mlflow(MOVED, at=clock.now() - timedelta(minutes=6)),
        BEARER,
    ):
        assert (await here.post("/changes/mlflow", content=MOVED, headers=headers)).status_code == 401
    closed = await web.post("/changes/mlflow", content=MOVED, headers=signed_by_mlflow(MOVED, at=clock.now()))
    assert (closed.status_code, "changes.mlflow.secrets" in said(closed)) == (503, True)
    assert await stored(store) == []


async def test_a_posted_change_with_an_id_is_there_once(web: Client, store: Store) -> None:
    for version in ("42", "42", "43"):
        body = {"service": "fraud-scorer", "version": version, "source": "ci", "id": 881, "at": AT.isoformat()}
        assert (await web.post("/changes", json=body, headers=BEARER)).status_code == 202
    (change,) = await stored(store)
    assert (change.version, change.source) == ("42", "ci")


async def test_a_source_that_does_not_say_what_was_before_is_taken_at_its_own_last_word(
    web: Client, store: Store
) -> None:
    for hour, source, version in ((1, "ci", "41"), (2, "flags", "7"), (3, "ci", "42"), (4, "ci", "42")):
        body = {"service": "fraud-scorer", "version": version, "source": source, "id": hour,
                "at": f"2026-11-22T0{hour}:00:00Z"}  # fmt: skip
        await web.post("/changes", json=body, headers=BEARER)
    told = [(change.version, change.previous) for change in await stored(store)]
    assert told == [("42", ""), ("42", "41"), ("7", ""), ("41", "")]
