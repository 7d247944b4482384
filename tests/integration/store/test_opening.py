"""Opening the store: whose it is, what it is, and what is wrong with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.errors import DatabaseAway, Mistake
from bot.store import Store
from bot.store.migrating import HEAD, is_current
from bot.store.tables import METADATA
from tests.conftest import Opener
from tests.integration.store.logs import open_incident


def test_the_migrations_make_the_tables_that_the_program_uses(store: Store) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))

    assert store.writer.read_blocking(differences) == []


def test_the_newest_migration_is_the_one_that_the_start_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


async def test_what_was_written_is_there_after_opening_again(database_url: str, opened: Opener) -> None:
    first = opened(database_url)
    number = await open_incident(first)
    first.close()
    again = opened(database_url)
    head = await again.writer.read(lambda connection: again.log.head(connection, number))
    assert head.key == "INC-1"


def test_alembic_is_not_imported_where_the_schema_is_current(sqlite_url: str, opened: Opener) -> None:
    opened(sqlite_url).close()
    opens = "import sys; from bot.store import open_store; open_store(sys.argv[1]).close()"
    program = f"{opens}; print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program, sqlite_url], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_newer_schema_is_left_alone_because_migrations_only_expand(database_url: str, opened: Opener) -> None:
    store = opened(database_url)
    store.writer.submit_blocking(
        lambda connection, _: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")).close()
    )
    store.close()
    assert is_current(opened(database_url).writer._writing)


def test_a_second_process_on_sqlite_is_told_who_has_it_and_what_to_do(sqlite_url: str, opened: Opener) -> None:
    opened(sqlite_url)
    program = "import sys; from bot.store import open_store; open_store(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", program, sqlite_url], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"in use by process {os.getpid()}" in done.stderr
    assert "PostgreSQL" in done.stderr
    with pytest.raises(Mistake, match="SQLite serves one process"):
        opened(sqlite_url)


async def test_one_may_look_beside_a_running_process_but_not_write(database_url: str, opened: Opener) -> None:
    await open_incident(opened(database_url))
    looking = opened(database_url, read_only=True)
    count = looking.writer.read_blocking(lambda c: c.execute(text("SELECT count(*) FROM incidents")).scalar())
    assert count == 1
    with pytest.raises(Exception, match=r"(?i)read-?only"):
        await open_incident(looking)


def test_sqlite_is_set_up_to_survive_a_power_cut(sqlite_url: str, opened: Opener) -> None:
    store = opened(sqlite_url, durable=True)

    def pragmas(connection: Connection, _: object) -> tuple[object, object]:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        return mode, connection.exec_driver_sql("PRAGMA synchronous").scalar()

    assert store.writer.submit_blocking(pragmas) == ("wal", 2)


def test_a_relative_file_is_taken_from_the_current_folder(
    tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    opened("sqlite:///here.db")
    assert (tmp_path / "here.db").exists()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://root@localhost/x", "names “mysql”"),
        ("nonsense", "cannot be read"),
        ("sqlite://", "names no file"),
        ("sqlite:///no/such/folder/x.db", "there is no folder no/such/folder"),
    ],
)
def test_a_wrong_address_is_told_with_what_to_say(url: str, said: str, opened: Opener) -> None:
    with pytest.raises(Mistake, match=said):
        opened(url)


def test_looking_at_a_database_that_does_not_exist_is_a_mistake(sqlite_url: str, opened: Opener) -> None:
    with pytest.raises(Mistake, match="there is no database"):
        opened(sqlite_url, read_only=True)


def test_a_database_that_is_away_is_said_without_its_password(opened: Opener) -> None:
    with pytest.raises(DatabaseAway) as away:
        opened("postgresql://me:s3cret@127.0.0.1:9/x")
    assert "127.0.0.1" in str(away.value)
    assert "s3cret" not in str(away.value)
