"""By day the doctor sees a disk that will be full at night."""

from __future__ import annotations

import shutil

import pytest

from bot.store import open_store
from tests.integration.cli.conftest import Shell


@pytest.mark.parametrize(
    ("free", "told"),
    [(3 * 1024**2, "MEND  database     3 MiB are free where evenkeel.db lies"), (10**12, "ok    database")],
)
async def test_the_doctor_says_where_there_is_too_little_room(
    inside: Shell, monkeypatch: pytest.MonkeyPatch, free: int, told: str
) -> None:
    size = shutil.disk_usage(inside.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: size._replace(free=free))
    open_store(f"sqlite:///{inside.folder}/evenkeel.db").close()
    assert told in (await inside.run("doctor")).out
