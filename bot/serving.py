"""The long-running processes: ``evenkeel serve`` (web, with or without controller) and ``evenkeel work``."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping

import structlog
import uvicorn

from bot.config import Settings, require_slack
from bot.config.files import read_runbooks, read_settings, runbook_folder
from bot.logs import set_up_logs
from bot.runbooks.loading import Library, load_library
from bot.wiring import Evenkeel, running

log = structlog.get_logger(__name__)

WRONG_USAGE = 2
#: what the Procfile's second process needs, said to whoever runs it on SQLite
ONE_PROCESS = (
    "evenkeel: SQLite serves one process, web and controller together: run `evenkeel serve`."
    " For several processes set DATABASE_URL to a PostgreSQL.\n"
)


def load(environment: Mapping[str, str]) -> tuple[Settings, Library]:
    """Settings and runbooks of this environment; broken runbooks are named in the log, the good ones load."""
    settings = read_settings(environment)
    require_slack(settings)
    library = load_library(read_runbooks(runbook_folder(environment)))
    return settings, library


async def serve(environment: Mapping[str, str], *, controller: bool) -> int:
    """Until SIGTERM or SIGINT."""
    settings, library = load(environment)
    set_up_logs(json=not sys.stderr.isatty())
    if not controller and settings.database_url.startswith("sqlite"):
        sys.stderr.write(ONE_PROCESS)
        return WRONG_USAGE
    _name_problems(library)
    async with running(Evenkeel(settings, library, controls=controller)) as evenkeel:
        config = uvicorn.Config(
            evenkeel.web, host=settings.host, port=settings.port, log_config=None, access_log=False, lifespan="off"
        )
        log.info("serving", address=f"http://{settings.host}:{settings.port}", public=settings.public_url)
        if not settings.alert_tokens:
            log.warning("ALERT_TOKEN is not set: /alerts and /changes answer 503 until it is")
        await uvicorn.Server(config).serve()
    return 0


async def work(environment: Mapping[str, str]) -> int:
    """The controller alone, until SIGTERM or SIGINT."""
    settings, library = load(environment)
    set_up_logs(json=not sys.stderr.isatty())
    if settings.database_url.startswith("sqlite"):
        sys.stderr.write(ONE_PROCESS)
        return WRONG_USAGE
    _name_problems(library)
    asked_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_stop.set)
    async with running(Evenkeel(settings, library, controls=True, listens=False)):
        log.info("working", database=settings.database_url.split(":", 1)[0])
        await asked_to_stop.wait()
    return 0


def _name_problems(library: Library) -> None:
    for problem in library.problems:
        log.error("a runbook was left out", problem=problem)
