"""The thread that hears other replicas' notifications on PostgreSQL."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable

import psycopg
from sqlalchemy.engine import URL

from bot.store.wakeups import CHANNEL

AGAIN_SECONDS = 1.0


class Listener:
    """Listens until ``close``; a lost connection is made again, and everybody looks, as something may be missed."""

    def __init__(self, url: URL, *, heard: Callable[[str], None], missed: Callable[[], None]) -> None:
        """``heard`` gets every payload, ``missed`` is called after every connection; both in this thread."""
        self._conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._heard, self._missed = heard, missed
        self._stop_read, self._stop_write = os.pipe()
        self._thread = threading.Thread(target=self._work, name="evenkeel-listener", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops listening."""
        os.close(self._stop_write)
        self._thread.join()
        os.close(self._stop_read)

    def _work(self) -> None:
        while not self._stopped(0.0):
            try:
                self._listen()
            except psycopg.OperationalError:
                self._stopped(AGAIN_SECONDS)

    def _listen(self) -> None:
        options = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
        with psycopg.connect(self._conninfo, autocommit=True, **options) as connection:  # type: ignore[arg-type]
            connection.execute(f"LISTEN {CHANNEL}")
            self._missed()
            while True:
                for notification in connection.notifies(timeout=0):
                    self._heard(notification.payload)
                if self._stopped(None, connection.fileno()):
                    return

    def _stopped(self, seconds: float | None, *also: int) -> bool:
        """Waits for the stop, or for something to read on ``also``, at most ``seconds``; True for the stop."""
        ready, _, _ = select.select([self._stop_read, *also], [], [], seconds)
        return self._stop_read in ready
