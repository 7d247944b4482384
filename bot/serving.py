"""The long-running processes: ``evenkeel serve`` (web, with or without controller) and ``evenkeel work``.

What is wrong with the settings is said before the rest of the program is imported.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import structlog

from bot.config import Settings, require_slack
from bot.config.files import config_path, read_settings, readable_runbooks, runbook_folder
from bot.logs import set_up_logs
from bot.runbooks.loading import Library, load_library

if TYPE_CHECKING:
    from bot.wiring import Evenkeel

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
    texts, unreadable = readable_runbooks(runbook_folder(environment))
    library = load_library(texts)
    return settings, msgspec.structs.replace(library, problems=(*unreadable, *library.problems))


async def serve(environment: Mapping[str, str], *, controller: bool) -> int:
    """Until SIGTERM or SIGINT. The port is taken before the database is opened."""
    settings, library = load(environment)
    if not controller and _is_sqlite(settings):
        sys.stderr.write(ONE_PROCESS)
        return WRONG_USAGE
    from bot.listening import answer, take_port
    from bot.wiring import Evenkeel, running

    set_up_logs(json=not sys.stderr.isatty())
    with take_port(settings.host, settings.port) as bound:
        port = int(bound.getsockname()[1])
        if port != settings.port:  # PORT=0: only now is known which
            public = settings.public_url
            public = f"{public.removesuffix('0')}{port}" if public.endswith(":0") else public
            settings = msgspec.structs.replace(settings, port=port, public_url=public)
        async with running(Evenkeel(settings, library, controls=controller)) as evenkeel:
            bound.listen()  # whoever reads the line below and comes at once waits, and is not refused
            _tell(settings, evenkeel.library, config=config_path(environment))
            asking = asyncio.create_task(_ask_slack(evenkeel))
            _set_apart_what_stays()
            await answer(evenkeel.web, bound)
            asking.cancel()
            log.info("stopping")
    return 0


async def work(environment: Mapping[str, str]) -> int:
    """The controller alone, until SIGTERM or SIGINT."""
    settings, library = load(environment)
    if _is_sqlite(settings):
        sys.stderr.write(ONE_PROCESS)
        return WRONG_USAGE
    from bot.listening import ended_by_signal
    from bot.wiring import Evenkeel, running

    set_up_logs(json=not sys.stderr.isatty())
    asked_to_stop = asyncio.Event()
    async with running(Evenkeel(settings, library, controls=True, listens=False)) as evenkeel:
        with ended_by_signal(asked_to_stop.set):
            _name_problems(evenkeel.library)
            _set_apart_what_stays()
            log.info("working", database=settings.database_url.split(":", 1)[0])
            await asked_to_stop.wait()
            log.info("stopping")
    return 0


def _set_apart_what_stays() -> None:
    """Modules and what was built at the start stay: Python looks no more for garbage in them.

    It would do so now and then, and everybody would wait a tenth of a second for it.
    """
    gc.freeze()


async def _ask_slack(evenkeel: Evenkeel) -> None:
    """A wrong token is said at the start, not found out at three; alerts are taken meanwhile."""
    check = await evenkeel.vitals.slack()
    if not check.ok:
        log.error("Slack does not know this bot", because=check.text)


def _is_sqlite(settings: Settings) -> bool:
    return settings.database_url.startswith("sqlite")


def _tell(settings: Settings, library: Library, *, config: Path | None) -> None:
    """What whoever starts it wants to know: where it is, what it read, and what is missing."""
    log.info(
        "serving", address=f"http://{settings.host}:{settings.port}", public=settings.public_url,
        slack="Socket Mode" if settings.app_token else f"{settings.public_url}/slack/events",
        database=settings.database_url.split(":", 1)[0], config=str(config or "defaults; there is no evenkeel.yaml"),
        services=len(settings.services), runbooks=len(library.runbooks),
    )  # fmt: skip
    if not settings.alert_tokens:
        log.warning(
            "ALERT_TOKEN is not set: /changes, and sources without secrets of their own, answer 503 until it is"
        )
    _name_problems(library)


def _name_problems(library: Library) -> None:
    for problem in library.problems:
        log.error("a runbook was left out", problem=problem)
