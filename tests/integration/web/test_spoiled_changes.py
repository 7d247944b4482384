"""What pipelines say of changes, spoiled in every place: taken, or refused with a sentence."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.changes.settings import ChangeSettings
from bot.clock import SteppedClock
from bot.config import Settings
from bot.config.secret import Secret
from bot.service import Service
from tests.integration.web.conftest import BEARER, application, client_of, said
from tests.integration.web.test_spoiled_interactions import spoiled

FIXTURES = Path(__file__).parents[2] / "fixtures" / "changes"
POSTED = {
    "service": "fraud-scorer", "kind": "deploy", "version": "42", "previous": "41", "by": "ana", "source": "ci",
    "url": "https://ci.example.com/1", "at": "2026-11-21T02:51:00Z", "id": "1", "about": "model",
}  # fmt: skip


def settings() -> Settings:
    """With a secret of GitHub's."""
    plain = ChangeSettings()
    github = type(plain.github)(secrets=(Secret("hub"),))
    return Settings(alert_tokens=(Secret("new-token"),), changes=ChangeSettings(github=github))


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/changes", POSTED),
        ("/changes/argocd", msgspec.json.decode((FIXTURES / "argocd_deployed.json").read_bytes())),
        ("/changes/github", msgspec.json.decode((FIXTURES / "github_deployment_status.json").read_bytes())),
    ],
)
async def test_a_spoiled_change_is_answered(
    service: Service, clock: SteppedClock, address: str, sent: dict[str, Any]
) -> None:
    async with client_of(application(service, clock, settings())) as web:
        for odd in spoiled(sent):
            body = msgspec.json.encode(odd)
            signature = hmac.new(b"hub", body, hashlib.sha256).hexdigest()
            headers = BEARER | {"x-hub-signature-256": f"sha256={signature}", "x-github-event": "deployment_status"}
            answer = await web.post(address, content=body, headers=headers)
            assert answer.status_code in (202, 400), (odd, answer.text)
            if answer.status_code == 400:
                assert 0 < len(said(answer)) < 600
