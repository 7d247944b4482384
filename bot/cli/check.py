"""What ``evenkeel check`` says: every mistake of evenkeel.yaml and of the runbooks, and runbooks written out in full.

Reads files and nothing else. Beyond what loading finds, it holds each runbook against the configuration: connectors,
operations and audiences that it names must exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.cli.check_names import not_there, routes_lead_nowhere
from bot.cli.check_report import Checked
from bot.config.advice import advice
from bot.config.files import config_path, read_secret, read_text, readable_runbooks, runbook_folder
from bot.config.loading import load_settings
from bot.config.settings import Settings
from bot.errors import ConfigurationError
from bot.runbooks.catalogue import expand
from bot.runbooks.lint import lint
from bot.runbooks.loading import Library, load_library
from bot.runbooks.printing import print_runbook
from bot.yaml.reader import suggestion

T = TypeVar("T")
_ID = re.compile(r"^id:\s*['\"]?([a-z0-9][a-z0-9_-]*)", re.MULTILINE)


def check(paths: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """The mistakes alone, as ``examine`` finds them; none means that everything can be read and run."""
    found = examine(paths, environment, today=date.min)
    return found.problems + [finding.text for finding in found.findings if finding.level == "error"]


def examine(paths: Sequence[str], environment: Mapping[str, str], *, today: date) -> Checked:
    """Every problem in the order of the files, and the advice of the lint rules for the day ``today``.

    ``paths`` are files or folders. A file without ``schema:`` that is called evenkeel... or has a key of it is a
    configuration, any other a runbook. Without paths: what ``evenkeel serve`` would read here.
    """
    problems: list[str] = []
    configs, runbooks = _files(paths, environment, problems)
    settings: Settings | None = None
    for file, text in (configs or {"evenkeel.yaml": None}).items():
        try:
            settings = load_settings(text, file=file, environment=environment, read_secret=read_secret)
        except ConfigurationError as error:
            problems += [line for line in error.problems if text is not None or not line.startswith("environment:")]
    library = load_library(runbooks)
    problems += library.problems
    beside = _beside(runbooks)
    for runbook in library.runbooks:
        problems += not_there(runbook, settings if configs or not paths else None, runbooks=beside)
    if settings is not None and beside:
        problems += routes_lead_nowhere(settings, runbooks=beside)
    advised = advice(settings, today=today) if settings is not None else []
    linted = [finding for runbook in library.runbooks for finding in lint(runbook, today=today)]
    return Checked(problems, advised + linted)


def expand_yaml(paths: Sequence[str], environment: Mapping[str, str], *, service: str | None = None) -> str:
    """Every runbook in its long form, for one service or for each of the catalogue, as YAML documents.

    Raises ConfigurationError if anything cannot be read, or if there is no such service.
    """
    unreadable: list[str] = []
    configs, runbooks = _files(paths, environment, unreadable)
    if unreadable:
        raise ConfigurationError(unreadable)
    if not configs and paths and (found := config_path(environment)) is not None:
        configs = {str(found): read_text(found)}
    file, text = next(iter(configs.items()), ("evenkeel.yaml", None))
    settings = load_settings(text, file=file, environment=environment, read_secret=read_secret)
    if service is not None and service not in settings.services:
        raise ConfigurationError(
            [f"{file}:1:1: there is no service {service!r}{suggestion(service, settings.services)}"]
        )
    library = load_library(runbooks)
    if library.problems:
        raise ConfigurationError(list(library.problems))
    return "\n---\n".join(_documents(library, settings, service)) + "\n"


def _documents(library: Library, settings: Settings, service: str | None) -> Iterator[str]:
    chosen = [service] if service is not None else list(settings.services)
    for runbook in library.runbooks:
        for name in chosen:
            yield f"# {runbook.id} for {name}\n{print_runbook(expand(runbook, settings.services[name])).rstrip()}"
        if not chosen:
            yield f"# {runbook.id}, no service described\n{print_runbook(expand(runbook, None)).rstrip()}"


def _files(
    paths: Sequence[str], environment: Mapping[str, str], problems: list[str]
) -> tuple[dict[str, str | None], dict[str, str]]:
    """Configuration files and runbook files, name -> text; what cannot be read is added to ``problems``."""
    configs: dict[str, str | None] = {}
    runbooks: dict[str, str] = {}
    if not paths:
        configuration = _tried(lambda: config_path(environment), problems)
        if configuration is not None and (text := _tried(lambda: read_text(configuration), problems)) is not None:
            configs[str(configuration)] = text
        folder = _tried(lambda: runbook_folder(environment), problems)
        if folder is not None:
            runbooks, unreadable = readable_runbooks(folder)
            problems += unreadable
        return configs, runbooks
    for path in _expanded(paths, problems):
        text = _tried(partial(read_text, path), problems)
        if text is None:
            continue
        if _is_configuration(path, text):
            configs[str(path)] = text
        else:
            runbooks[str(path)] = text
    return configs, runbooks


def _tried(read: Callable[[], T], problems: list[str]) -> T | None:
    """What ``read`` returns; one file that cannot be read does not hide what is wrong with the others."""
    try:
        return read()
    except ConfigurationError as error:
        problems += error.problems
        return None


def _expanded(paths: Sequence[str], problems: list[str]) -> Iterator[Path]:
    for written in paths:
        path = Path(written)
        if path.is_dir():
            found = sorted(path.glob("*.yaml"))
            if not found:
                problems.append(f"{written}:1:1: there is no .yaml file in this folder")
            yield from found
        elif path.is_file():
            yield path
        else:
            problems.append(f"{written}:1:1: there is no such file or folder")


def _is_configuration(path: Path, text: str) -> bool:
    keys = {line.partition(":")[0] for line in text.splitlines()}
    known = path.name.startswith("evenkeel") or not keys.isdisjoint(Settings.__struct_fields__)
    return known and "schema" not in keys


def _beside(runbooks: Mapping[str, str]) -> set[str]:
    """The ids of the runbooks, and of those that lie in the same folders: a hook checks one file at a time."""
    texts = dict(runbooks)
    for folder in {Path(file).parent for file in runbooks}:
        texts |= readable_runbooks(folder)[0]
    return {found[1] for text in texts.values() if (found := _ID.search(text))}
