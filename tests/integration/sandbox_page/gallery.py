"""The gallery as channels of a workspace: one for each kind of block, as the page's tests draw them."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.workspace.values import Channel
from tests.gallery import GALLERY
from tests.integration.sandbox_page.story import Story

_CHART = "http://127.0.0.1:9/chart.png"


def hang(story: Story, kind: str, *, picture: str = _CHART) -> Channel:
    """A new channel with the gallery's messages of this kind; their pictures are at ``picture``."""
    workspace, bot = story.workspace, story.workspace.app
    channel = workspace.channels.create(f"gallery-{kind.replace('_', '-')}", creator=story.ana)
    for message in GALLERY[kind]:
        drawn: dict[str, Any] = json.loads(json.dumps(message).replace(_CHART, picture))
        blocks = [{"block_id": f"b{at}"} | block for at, block in enumerate(drawn.get("blocks", ()))]
        workspace.messages.post(
            channel=channel.id,
            user=bot.bot_user,
            bot_id=bot.bot_id,
            text=drawn.get("text", ""),
            blocks=tuple(blocks),
            attachments=tuple(drawn.get("attachments", ())),
        )
    return channel
