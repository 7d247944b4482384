"""Whatever an alert says, nothing of it rings in Slack, leads a link astray, or runs on a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from bot.service import Service
from bot.slack.app import workplace_of
from bot.slack.view import view
from tests.integration.web.conftest import BEARER, SETTINGS, Client

HOSTILE = (
    "<!channel> <!here> <!everyone> @everyone @channel <@U0123ABCD> <!subteam^S0123> <#C0123|x> "
    "<https://evil.example|reset your password> <script>alert(1)</script> \u202e\x07 {{ 7 * 7 }} `*_~ &lt;!here&gt;"
)
#: what Slack would act on, had it come through as it was written
RINGS = ("<!channel", "<!here", "<!everyone", "<@U0123ABCD", "<!subteam^S0123", "<#C0123", "<https://evil.example")


def formatted(drawn: Any) -> Iterator[str]:
    """Every text in it that Slack reads signs in: in plain text and in values it reads none."""
    if isinstance(drawn, dict):
        if drawn.get("type") != "plain_text":
            yield from (
                text for key, below in drawn.items() if key not in ("value", "name") for text in formatted(below)
            )
    elif isinstance(drawn, list):
        yield from (text for below in drawn for text in formatted(below))
    elif isinstance(drawn, str):
        yield drawn


@pytest.mark.parametrize("severity", ["SEV1", "SEV4", HOSTILE])
async def test_nothing_that_an_alert_says_rings(web: Client, service: Service, severity: str) -> None:
    body = {
        "title": HOSTILE, "summary": HOSTILE * 3, "service": HOSTILE, "severity": severity, "metric": HOSTILE,
        "url": "https://source.example/?<!channel>|x>", "dedupe_key": HOSTILE, "labels": {HOSTILE: HOSTILE},
    }  # fmt: skip
    answer = await web.post("/alerts/generic", content=msgspec.json.encode(body), headers=BEARER)
    assert answer.status_code == 202
    for incident in await service.listing():
        drawn = [msgspec.to_builtins(surface, enc_hook=repr) for surface in view(incident, workplace_of(SETTINGS))]
        told = "\n".join(formatted(drawn))
        assert "everyone" in told
        assert not [ring for ring in RINGS if ring in told], told
        assert "\x07" not in told
        for page in (f"/incidents/{incident.key}", "/incidents"):
            shown = await web.get(page, headers={"accept": "text/html"})
            assert shown.status_code == 200
            assert "<script>alert(1)" not in shown.text
    assert await service.listing()
