"""Files that were uploaded, in memory."""

from __future__ import annotations

from typing import Final

import msgspec

from bot.sandbox.workspace.pictures import size_of
from bot.sandbox.workspace.stamps import Stamps
from bot.sandbox.workspace.values import File, Json, SlackSays

LARGEST: Final = 20_000_000
_LONGEST_NAME: Final = 255


class Files:
    """Files by id. ``base`` is the address of the server that has them, once there is one."""

    def __init__(self, stamps: Stamps) -> None:
        self._stamps = stamps
        self._by_id: dict[str, File] = {}
        self.base = "http://127.0.0.1"

    def expect(self, name: str, *, user: str, alt: str = "") -> File:
        """A new file, whose content is to follow."""
        named = name.replace("/", "_")[:_LONGEST_NAME]
        file = File(id=self._stamps.id("F"), name=named, user=user, alt=alt, created=self._stamps.now())
        return self._keep(file)

    def get(self, file_id: str) -> File:
        """The file; ``file_not_found`` if there is none."""
        try:
            return self._by_id[file_id]
        except KeyError:
            raise SlackSays("file_not_found") from None

    def named(self, slack_file: Json) -> File | None:
        """The file that an image block names by its id or by its private address."""
        address = str(slack_file.get("url", ""))
        file_id = str(slack_file.get("id") or address.removeprefix(self.base).removeprefix("/files/").split("/")[0])
        return self._by_id.get(file_id)

    def fill(self, file_id: str, content: bytes) -> File:
        """The content has arrived; ``file_upload_size_restricted`` if it is too large."""
        if len(content) > LARGEST:
            raise SlackSays("file_upload_size_restricted")
        width, height = size_of(content)
        return self._keep(msgspec.structs.replace(self.get(file_id), content=content, width=width, height=height))

    def complete(self, file_id: str, *, title: str) -> File:
        """The file can be shown; ``file_not_found`` if its content never came."""
        file = self.get(file_id)
        if file.content is None:
            raise SlackSays("file_not_found")
        return self._keep(msgspec.structs.replace(file, title=title or file.name, shared=True))

    def delete(self, file_id: str) -> None:
        """The file is gone; messages that showed it keep its name."""
        del self._by_id[self.get(file_id).id]

    def address(self, file: File) -> str:
        """Slack's ``url_private``."""
        return f"{self.base}{file.path}"

    def _keep(self, file: File) -> File:
        self._by_id[file.id] = file
        return file
