"""One process per SQLite database: a lock on a file beside it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from bot.errors import Mistake


class OnlyProcess:
    """Holds the lock until ``close`` or the end of the process, however it ends."""

    def __init__(self, database: Path) -> None:
        """Takes the lock. Raises ``Mistake`` with the cure if another process, or this one, has it."""
        beside = database.with_name(f"{database.name}.lock")
        self._file = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._file, 20).decode("ascii", "replace").strip()
            os.close(self._file)
            raise Mistake(
                f"{database} is in use by process {holder or '?'}: SQLite serves one process at a time. Stop that "
                "one, or run several on PostgreSQL (DATABASE_URL=postgresql://...)."
            ) from None
        os.ftruncate(self._file, 0)
        os.write(self._file, f"{os.getpid()}\n".encode())

    def close(self) -> None:
        """Lets go. The file stays, so that two processes never lock different files of one name."""
        os.close(self._file)
