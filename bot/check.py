"""What ``evenkeel check`` says: every mistake of evenkeel.yaml and of the runbooks, and runbooks written out in full.

Reads files and nothing else. Beyond what loading finds, it holds each runbook against the configuration: connectors,
operations and audiences that it names must exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.config.connectors import names_used, unknown
from bot.config.files import config_path, read_runbooks, read_secret, read_text, runbook_folder
from bot.config.loading import load_settings
from bot.config.settings import Settings
from bot.errors import ConfigurationError
from bot.runbooks.catalogue import expand
from bot.runbooks.loading import Library, load_library
from bot.runbooks.printing import print_runbook
from bot.runbooks.schema import Action, Compare, Queries, Query, Update
from bot.runbooks.short import ShortRunbook, ShortStep, ShortWatch
from bot.yaml_reader import suggestion


def check(paths: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Every problem as ``file:line:column: message``, in the order of the files; none means all is well.

    ``paths`` are files or folders. A file without ``schema:`` that is called evenkeel... or has a key of it is a
    configuration, any other a runbook. Without paths: what ``evenkeel serve`` would read here.
    """
    try:
        configs, runbooks = _files(paths, environment)
    except ConfigurationError as error:
        return error.problems
    problems: list[str] = []
    settings: Settings | None = None
    for file, text in (configs or {"evenkeel.yaml": None}).items():
        try:
            settings = load_settings(text, file=file, environment=environment, read_secret=read_secret)
        except ConfigurationError as error:
            problems += [line for line in error.problems if text is not None or not line.startswith("environment:")]
    library = load_library(runbooks)
    problems += library.problems
    if settings is not None and (configs or not paths):
        for runbook in library.runbooks:
            problems += _against(runbook, settings)
    return problems


def expand_yaml(paths: Sequence[str], environment: Mapping[str, str], *, service: str | None = None) -> str:
    """Every runbook in its long form, for one service or for each of the catalogue, as YAML documents.

    Raises ConfigurationError if anything cannot be read, or if there is no such service.
    """
    configs, runbooks = _files(paths, environment)
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


def _files(paths: Sequence[str], environment: Mapping[str, str]) -> tuple[dict[str, str | None], dict[str, str]]:
    """Configuration files and runbook files, name -> text."""
    if not paths:
        path = config_path(environment)
        configs: dict[str, str | None] = {} if path is None else {str(path): read_text(path)}
        return configs, read_runbooks(runbook_folder(environment))
    configs = {}
    runbooks: dict[str, str] = {}
    for path in _expanded(paths):
        text = read_text(path)
        if _is_configuration(path, text):
            configs[str(path)] = text
        else:
            runbooks[str(path)] = text
    return configs, runbooks


def _expanded(paths: Sequence[str]) -> Iterator[Path]:
    for written in paths:
        path = Path(written)
        if path.is_dir():
            yield from sorted(path.glob("*.yaml"))
        elif path.is_file():
            yield path
        else:
            raise ConfigurationError([f"{written}:1:1: there is no such file or folder"])


def _is_configuration(path: Path, text: str) -> bool:
    keys = {line.partition(":")[0] for line in text.splitlines()}
    known = path.name.startswith("evenkeel") or not keys.isdisjoint(Settings.__struct_fields__)
    return known and "schema" not in keys


def _against(runbook: ShortRunbook, settings: Settings) -> Iterator[str]:
    """What a runbook names and the configuration does not have."""
    for step in runbook.steps:
        for message in _unknown_names(step, settings):
            yield f"{runbook.file}:{step.place[0]}:{step.place[1]}: {message}"


def _unknown_names(step: ShortStep, settings: Settings) -> Iterator[str]:
    spec = step.spec
    definitions: list[Query | Compare | Action] = []
    if isinstance(spec, Query | Compare | Action):
        definitions = [spec]
    elif isinstance(spec, Queries):
        definitions = list(spec.queries)
    elif isinstance(spec, ShortWatch):
        definitions = [item for item in spec.checks if isinstance(item, Query)]
    for name in dict.fromkeys(name for definition in definitions for name in names_used(definition)):
        if message := unknown(name, settings.connectors):
            yield message
    if isinstance(spec, Update):
        for audience in spec.audience:
            if audience != "stakeholders" and audience not in settings.audiences:
                yield f"there is no audience {audience!r}{suggestion(audience, settings.audiences)}"
