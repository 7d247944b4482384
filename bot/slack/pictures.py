"""Puts pictures into Slack: an address is asked for, the bytes go there, and the upload is completed.

Until a message shows it, nobody but the bot sees the file. The bytes go to Slack only: an answer that names another
host is refused.
"""

from __future__ import annotations

import asyncio
import json
from urllib.parse import urlsplit

import aiohttp

from bot.errors import SlackFailed, SlackRefusal, SlackUnknown
from bot.slack.gateway import CALL_LIMIT, Gateway

ASK, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"
#: Pictures go after everything else that waits for a slot.
_RANK = (9,)
#: Slack takes 1,000 characters of alternative text.
_LONGEST_ALT = 1000


class Pictures:
    """Uploads with the gateway's calls and ``session``; ``api_url`` is the base of Slack's Web API."""

    def __init__(self, gateway: Gateway, session: aiohttp.ClientSession, *, api_url: str) -> None:
        self._gateway = gateway
        self._session = session
        self._api = urlsplit(api_url)

    async def __call__(self, picture: bytes, *, name: str, title: str, alt: str) -> str:
        """The file's id, once it can be shown. Raises SlackError."""
        asked = {"filename": name, "length": len(picture), "alt_txt": alt[:_LONGEST_ALT]}
        answer = await self._gateway.call(ASK, lambda: asked, rank=_RANK) or {}
        file = str(answer.get("file_id", ""))
        await self._send(str(answer.get("upload_url", "")), picture)
        files = json.dumps([{"id": file, "title": title[:200]}])
        await self._gateway.call(COMPLETE, lambda: {"files": files}, rank=_RANK)
        return file

    async def _send(self, address: str, picture: bytes) -> None:
        if not self._is_slacks(address):
            raise SlackRefusal("upload", "foreign_address")
        try:
            async with asyncio.timeout(CALL_LIMIT), self._session.post(address, data=picture) as answer:
                if answer.status != 200:
                    raise SlackFailed("upload", f"http_{answer.status}")
        except TimeoutError as error:
            raise SlackUnknown("upload", "timeout") from error
        except aiohttp.ClientError as error:
            raise SlackFailed("upload", "no_connection") from error

    def _is_slacks(self, address: str) -> bool:
        """Slack's own hosts, or where the Web API itself is (a proxy, the sandbox)."""
        to = urlsplit(address)
        if (to.scheme, to.netloc) == (self._api.scheme, self._api.netloc):
            return True
        return to.scheme == "https" and (to.hostname or "").endswith(".slack.com")
