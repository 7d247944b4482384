"""The ``connectors`` of evenkeel.yaml, and whether what the services name exists among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.config.operations import OPERATIONS
from bot.config.secret import Secret
from bot.config.settings import CONNECTOR_KINDS, Connector, Operation
from bot.runbooks.reading import texts
from bot.runbooks.schema import Action, Compare, DoneWhen, Query
from bot.yaml.reader import Section, suggestion

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s?#]*")
#: Where a service that is everybody's lives, for those who do not run their own.
DEFAULT_URLS = {"github": "https://api.github.com"}
#: The kinds that list versions.
REGISTRIES = ("mlflow", "http", "unleash", "github")
#: Sources that need no connector.
BUILT_IN = ("changes",)


def read_connectors(section: Section) -> dict[str, Connector]:
    """Every connector by name; problems are noted."""
    found = {}
    for name, inner in section.sections("connectors", "connector"):
        if name in BUILT_IN:
            inner.problems.add(inner.place, f"{name!r} is built in and cannot be the name of a connector")
        found[name] = _connector(name, inner)
        inner.close()
    return found


def _connector(name: str, section: Section) -> Connector:
    kind: Any = section.one_of("kind", CONNECTOR_KINDS, required=True) or "http"
    folder, environment = section.text("folder"), section.text("environment")
    _only_for(section, "folder", kind, ("evaluator",))
    _only_for(section, "environment", kind, ("github",))
    token = section.text("token")
    timeout = section.duration("timeout", 10.0)
    if not 0 < timeout <= 60:
        section.problem("timeout", "'timeout' is longer than 0s and at most 60s")
    headers = section.section("headers", "'headers'")
    return Connector(
        name=name, kind=kind, url=_url(section, kind, folder=folder if kind == "evaluator" else ""),
        token=Secret(token) if token else None,
        headers={key: Secret(headers.text(key)) for key in headers.keys()} if headers else {},  # noqa: SIM118
        timeout=timeout, private=section.boolean("private"), folder=folder,
        services=_services(section, kind),
        environment=environment,
        operations=_operations(section, kind),
    )  # fmt: skip


def _only_for(section: Section, key: str, kind: str, kinds: tuple[str, ...]) -> None:
    """A problem is noted if the key stands there and means nothing for a connector of this kind."""
    if key in section and kind not in kinds:
        section.problem(key, f"a connector of kind {kind!r} has no {key!r}; that is for {' and '.join(kinds)}")


def _url(section: Section, kind: str, *, folder: str) -> str:
    default = DEFAULT_URLS.get(kind, "")
    url = section.text("url", default, required=kind != "evaluator" and not default)
    if folder and url:
        section.problem("url", f"{section.name}: either 'url' or 'folder', not both")
    if kind == "evaluator" and not folder and not url:
        section.problem("kind", f"{section.name} needs 'url', or a 'folder' of predictions")
    if url and not _ADDRESS.fullmatch(url):
        section.problem("url", f"{section.name}: 'url' is not an address without a query; it begins with https://")
    return url.rstrip("/")


def _services(section: Section, kind: str) -> dict[str, str]:
    """Service -> what it is called there: a model, or the repository OWNER/NAME."""
    _only_for(section, "services", kind, ("mlflow", "github"))
    inner = section.section("services", "'services'")
    found = {key: inner.text(key) for key in inner.keys()} if inner else {}  # noqa: SIM118
    for service, there in found.items():
        if kind == "github" and inner is not None and not _REPOSITORY.fullmatch(there):
            inner.problem(service, f"{there!r} is not a repository; write OWNER/NAME")
    return found


def _operations(section: Section, kind: str) -> dict[str, Operation]:
    operations = {}
    for key, inner in section.sections("operations", "operation"):
        operations[key] = _operation(inner)
        inner.close()
    if operations and kind != "http":
        built_in = f"its own are {', '.join(OPERATIONS[kind])}" if kind in OPERATIONS else "only 'http' has"
        section.problem("operations", f"a connector of kind {kind!r} has no operations of yours; {built_in}")
    return operations


def _operation(section: Section) -> Operation:
    method = section.text("method", "GET").upper()
    if method not in METHODS:
        section.problem("method", f"'method: {method}' is not known; one of {', '.join(METHODS)}")
    query = texts.structure(section, "query", None)
    return Operation(
        method=method,
        path=texts.path(section, "path", None, required=True) or "/",
        body=texts.json_structure(section, "body", None),
        query={key: str(value) for key, value in query.items()},
        value=texts.expression(section, "value", {"body": None}),
        status=_statuses(section),
    )


def _statuses(section: Section) -> tuple[int, ...]:
    found = []
    for at, word in section.placed_texts("status"):
        if not (word.isdecimal() and 200 <= int(word) <= 299):
            section.problems.add(at, f"'status: {word}' is not one of success; they lie between 200 and 299")
        else:
            found.append(int(word))
    return tuple(found)


def names_used(definition: Query | Compare | Action | DoneWhen) -> Iterator[str]:
    """The connectors (``flags``) and operations (``flags.set``) that a definition names."""
    if isinstance(definition, Action):
        yield definition.call
        calls = [
            definition.read,
            definition.undo.call,
            *(call for one in definition.also for call in (one.call, one.read)),
        ]
        yield from (call for call in calls if call)
        if definition.done_when.source:
            yield definition.done_when.source
        if definition.rehearse is not None and definition.rehearse.check is not None:
            yield definition.rehearse.check.source
    else:
        yield definition.source


def unknown(name: str, connectors: Mapping[str, Connector]) -> str | None:
    """What is wrong with the name of a connector or operation, or None."""
    source, _, operation = name.partition(".")
    if not name or source in BUILT_IN:
        return None
    if source not in connectors:
        return f"there is no connector {source!r}{suggestion(source, connectors)}"
    kind = connectors[source].kind
    known = OPERATIONS.get(kind, connectors[source].operations)
    if operation and operation not in known:
        return f"connector {source!r} has no operation {operation!r}{suggestion(operation, known)}"
    return None


def wrong_arguments(action: Action, connectors: Mapping[str, Connector]) -> Iterator[str]:
    """What an action passes to an operation that is built in, and must not, or does not pass, and must."""
    source, _, operation = action.call.partition(".")
    kind = connectors[source].kind if source in connectors else ""
    found = OPERATIONS.get(kind, {}).get(operation)
    if found is None:
        return
    if not found.writes:
        written = [key for key, one in OPERATIONS[kind].items() if one.writes]
        yield f"{action.call} only reads; an action calls {' or '.join(written) or 'another connector'}"
    for missing in (key for key in found.required if key not in action.arguments):
        yield f"{action.call} needs {missing!r} under 'with'"
    for extra in action.arguments:
        if extra not in found.arguments and extra != "service":
            hint = suggestion(extra, found.arguments) or f"; it takes {', '.join(found.arguments)}"
            yield f"{action.call} does not take {extra!r}{hint}"


def misfit(definition: Query | Compare | Action | DoneWhen, connectors: Mapping[str, Connector]) -> str | None:
    """What is wrong where a definition asks a connector in a language that its kind does not speak, or None."""
    if isinstance(definition, Action):
        return None
    known = connectors.get(definition.source)
    if known is None:
        return None
    wanted = _spoken_by(definition)
    if not wanted or known.kind in wanted:
        return None
    return (
        f"connector {known.name!r} is of kind {known.kind!r}; {_asks(definition)} is asked of {' or '.join(wanted)}"
    )


def _spoken_by(definition: Query | Compare | DoneWhen) -> tuple[str, ...]:
    """The kinds that understand what the definition asks."""
    if isinstance(definition, Compare):
        return ("evaluator",)
    return {"promql": ("prometheus",), "graphite": ("graphite",), "get": ("http",)}.get(_asks(definition), ())


def _asks(definition: Query | Compare | DoneWhen) -> str:
    if isinstance(definition, Compare):
        return "a comparison"
    return next((key for key in ("promql", "graphite", "get") if getattr(definition, key, None)), "")
