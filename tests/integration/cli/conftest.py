"""The installed command, run in an empty folder as people run it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from bot.cli import app
from bot.cli.exits import exit_code
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from tests.patience import PATIENCE

COMMANDS = (
    "demo", "serve", "work", "check", "replay", "replay-alert", "post-results", "route", "redact", "export",
    "incidents", "timeline", "alerts", "changes", "doctor", "manifest",
)  # fmt: skip
COMMAND = (sys.executable, "-c", "from bot.cli import main; main()")
FIXTURES = Path(__file__).parents[2] / "fixtures" / "alertmanager"
TOKEN = "cli-alerts"


class Done(msgspec.Struct, frozen=True):
    """How a command ended."""

    code: int
    out: str
    err: str


class Shell:
    """An empty folder and an environment of which nothing of this machine's settings is left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = ("PATH", "HOME", "LANG", "VIRTUAL_ENV")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ}

    def write(self, name: str, text: str) -> None:
        """A file in the folder."""
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")

    async def start(self, *words: str, **variables: str) -> asyncio.subprocess.Process:
        """``evenkeel WORDS``, running."""
        return await asyncio.create_subprocess_exec(
            *COMMAND, *words, cwd=self.folder, env=self.environment | variables,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip

    async def run(self, *words: str, **variables: str) -> Done:
        """``evenkeel WORDS``, ended; no command may end in a traceback."""
        process = await self.start(*words, **variables)
        return await ended(process)

    async def fails(self, code: int, *words: str, **variables: str) -> str:
        """What it says on standard error, in one or two lines, when it ends with ``code``."""
        done = await self.run(*words, **variables)
        assert (done.code, done.out) == (code, ""), done
        assert 1 <= len(done.err.splitlines()) <= 2, done.err
        return done.err


class Inside(Shell):
    """The same commands in this process, where nothing has to be imported again."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(folder)
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    async def run(self, *words: str, **variables: str) -> Done:
        with self._monkeypatch.context() as patch:
            patch.chdir(self.folder)
            patch.setattr(sys, "argv", ["evenkeel", *words])
            for name in set(os.environ) - set(self.environment):
                patch.delenv(name)
            for name, value in (self.environment | variables).items():
                patch.setenv(name, value)
            code = await asyncio.to_thread(exit_code, app)
        told = self._capsys.readouterr()
        return Done(code, told.out, told.err)


async def ended(process: asyncio.subprocess.Process) -> Done:
    """When it has ended by itself or by a signal."""
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate()
    assert "Traceback" not in err.decode()
    return Done(process.returncode or 0, out.decode(), err.decode())


class Serving:
    """``evenkeel serve`` while it runs."""

    def __init__(self, process: asyncio.subprocess.Process, address: str, lines: list[dict[str, Any]]) -> None:
        self.process = process
        self.address = address
        self.lines = lines
        self.web = httpx.AsyncClient(base_url=address, timeout=PATIENCE, headers={"authorization": f"Bearer {TOKEN}"})

    async def alert(self, name: str = "1_firing") -> dict[str, Any]:
        """What the intake answers to a recorded notification."""
        answer = await self.web.post("/alerts/alertmanager", content=(FIXTURES / f"{name}.json").read_bytes())
        assert answer.status_code == 202
        return dict(answer.json())


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    folder = tmp_path / "empty"
    folder.mkdir()
    return Shell(folder)


@pytest.fixture
def inside(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The same, without a process for each command."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return Inside(folder, capsys, monkeypatch)


@pytest.fixture
async def workspace() -> AsyncIterator[WorkspaceServer]:
    """A workspace with Ana and the incidents channel."""
    server = WorkspaceServer(patience=PATIENCE)
    ana = server.workspace.directory.add_person("ana", "Ana Anders")
    members = (ana.id, server.workspace.app.bot_user)
    server.workspace.channels.create("ml-incidents", creator=ana.id, members=members)
    async with running_workspace(server):
        yield server


@pytest.fixture
def slack(workspace: WorkspaceServer, shell: Shell) -> Shell:
    """The shell, whose environment leads to the workspace."""
    app = workspace.workspace.app
    shell.environment |= {
        "SLACK_BOT_TOKEN": app.bot_token, "SLACK_SIGNING_SECRET": app.signing_secret,
        "SLACK_API_URL": workspace.api_url, "ALERT_TOKEN": TOKEN, "PORT": "0",
    }  # fmt: skip
    return shell


async def sees(workspace: WorkspaceServer, text: str) -> str:
    """The name of the channel in whose messages ``text`` appears."""
    with workspace.workspace.subscribe() as changes:
        async with asyncio.timeout(PATIENCE):
            while True:
                for channel in workspace.workspace.channels.all():
                    for message in workspace.workspace.messages.all_in(channel.id):
                        if text in str(message.blocks) + message.text:
                            return channel.name
                await changes.get()


@asynccontextmanager
async def serving(shell: Shell, *words: str, **variables: str) -> AsyncIterator[Serving]:
    """``evenkeel serve`` answers while the block lasts, and is ended by SIGTERM unless it has ended by then."""
    process = await shell.start("serve", *words, **variables)
    assert process.stderr is not None
    lines: list[dict[str, Any]] = []
    try:
        async with asyncio.timeout(PATIENCE):
            while not lines or lines[-1]["event"] != "serving":
                lines.append(msgspec.json.decode(await process.stderr.readline()))
        running = Serving(process, lines[-1]["address"], lines)
        async with running.web:
            yield running
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await ended(process)
