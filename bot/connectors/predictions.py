"""Predictions that lie as files in a folder: what each version made of the same labelled cases, a file each.

``SERVICE/VERSION.jsonl`` (or ``.csv``, ``.json``) below the configured folder. Names come from labels of metrics, so
they are taken for names and never for paths; what is no plain file inside the folder is not read. The bytes are read
in a thread and parsed by the process that compares them.
"""

from __future__ import annotations

import asyncio
import re
import stat
from pathlib import Path
from typing import get_args

from bot.connectors.failures import NotConnected, SourceRefused
from bot.statistics.rows import Format, Rows, Table

FORMATS: tuple[Format, ...] = get_args(Format)
#: About two million rows; more than this is not read.
MOST_BYTES = 256 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9_][\w.+-]{0,99}")


class Predictions:
    """The files below ``folder``; ``name`` is what people call the connector."""

    def __init__(self, name: str, folder: str) -> None:
        self._name = name
        self._folder = Path(folder)

    async def rows(self, service: str, a: str, b: str) -> Rows:
        """The tables of both versions. Raises SourceRefused for one that is not there or cannot be read."""
        one, other = await asyncio.gather(self._table(service, a), self._table(service, b))
        return Rows(a=one, b=other)

    def problem(self) -> str | None:
        """What is wrong with the folder, or None."""
        return None if self._folder.is_dir() else f"{self._folder} is not a folder that can be read"

    async def _table(self, service: str, version: str) -> Table:
        for word in (service, version):
            if not _NAME.fullmatch(word):
                raise NotConnected(f"{self._name}: {word[:60]!r} cannot be the name of a file")
        return await asyncio.to_thread(self._read, service, version)

    def _read(self, service: str, version: str) -> Table:
        spelt = (version, version.removeprefix("v"), f"v{version}")
        for name in dict.fromkeys(spelt):
            for kind in FORMATS:
                path = self._folder / service / f"{name}.{kind}"
                if path.exists():
                    return Table(self._bytes(path), kind)
        wanted = f"{service}/{version}.{'|.'.join(FORMATS)}"
        raise SourceRefused(
            f"{self._name} has no predictions of {version}: {wanted} is not in its folder", again=True
        )

    def _bytes(self, path: Path) -> bytes:
        shown = f"{path.parent.name}/{path.name}"
        if not path.resolve().is_relative_to(self._folder.resolve()):
            raise SourceRefused(f"{self._name}: {shown} leads out of its folder")
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                raise SourceRefused(f"{self._name}: {shown} is no file")
            if found.st_size > MOST_BYTES:
                raise SourceRefused(f"{self._name}: {shown} is larger than {MOST_BYTES // 2**20} MiB; sample it")
            if found.st_size == 0:
                raise SourceRefused(f"{self._name}: {shown} is empty", again=True)
            return path.read_bytes()
        except OSError as error:
            raise SourceRefused(f"{self._name}: {shown} cannot be read: {error.strerror}") from None
