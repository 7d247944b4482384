"""Files that were uploaded, in memory."""

from __future__ import annotations

import mimetypes

import msgspec

from bot.sandbox.workspace.stamps import Stamps
from bot.sandbox.workspace.values import SlackSays

LARGEST = 20_000_000


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file; ``content`` is None until it has been uploaded, ``shared`` false until the upload is completed."""

    id: str
    name: str
    user: str
    title: str = ""
    content: bytes | None = None
    shared: bool = False

    @property
    def mimetype(self) -> str:
        """What the name says that it is."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


class Files:
    """Files by id."""

    def __init__(self, stamps: Stamps) -> None:
        self._stamps = stamps
        self._by_id: dict[str, File] = {}

    def expect(self, name: str, *, user: str) -> File:
        """A new file, whose content is to follow."""
        file = File(id=self._stamps.id("F"), name=name, user=user)
        self._by_id[file.id] = file
        return file

    def get(self, file_id: str) -> File:
        """The file; ``file_not_found`` if there is none."""
        try:
            return self._by_id[file_id]
        except KeyError:
            raise SlackSays("file_not_found") from None

    def fill(self, file_id: str, content: bytes) -> File:
        """The content has arrived."""
        return self._keep(msgspec.structs.replace(self.get(file_id), content=content))

    def complete(self, file_id: str, *, title: str) -> File:
        """The file can be shown; ``file_not_found`` if its content never came."""
        file = self.get(file_id)
        if file.content is None:
            raise SlackSays("file_not_found")
        return self._keep(msgspec.structs.replace(file, title=title or file.name, shared=True))

    def _keep(self, file: File) -> File:
        self._by_id[file.id] = file
        return file
