"""What Slack says to a call, whether it refuses or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient


async def said(client: AsyncWebClient, method: str, **given: Any) -> Mapping[str, Any]:
    """Slack's answer, whether it refuses or not."""
    try:
        answer: Any = await client.api_call(method, params=given)
    except SlackApiError as refused:
        answer = refused.response
    return dict(answer.data)


async def code(client: AsyncWebClient, method: str, **given: Any) -> str:
    """Slack's word for its refusal, empty for none."""
    return str((await said(client, method, **given)).get("error", ""))
