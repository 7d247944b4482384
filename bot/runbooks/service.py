"""One service of the catalogue in evenkeel.yaml: who owns it, how it is measured, and how it is changed.

Runbooks say what to do; a ``Service`` says how for one service, once. Its definitions are kept in the long form of
``schema.py``, so expanding a runbook only has to put them in.
"""

from __future__ import annotations

import msgspec

from bot.runbooks.names import SHAPE
from bot.runbooks.reading import texts
from bot.runbooks.reading.actions import read_action
from bot.runbooks.reading.experiments import read_experiments
from bot.runbooks.reading.measures import read_compare, read_query
from bot.runbooks.reading.people_steps import read_watch_times
from bot.runbooks.reading.proof import read_serving
from bot.runbooks.schema import SEVERITIES, Action, Compare, DoneWhen, Query, Registered, Value
from bot.runbooks.schema.experiment import Experiment
from bot.runbooks.short import WatchTimes
from bot.yaml.reader import Section


class Model(Value, frozen=True):
    """A model that the service answers with: what the registry (a connector) calls it, and its serving alias.

    Without ``alias`` every alias of it counts as serving.
    """

    name: str
    registry: str = ""
    alias: str = ""


class Service(Value, frozen=True):
    """A service and its definitions by name. ``place`` is ``file:line:column`` of its definition."""

    name: str
    owner: str = ""
    tier: int | None = None
    consumers: tuple[str, ...] = ()
    stakeholders: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    models: tuple[Model, ...] = ()
    metrics: dict[str, Query] = msgspec.field(default_factory=dict)
    serving: DoneWhen | None = None
    versions: Registered | None = None
    compare: dict[str, Compare] = msgspec.field(default_factory=dict)
    actions: dict[str, Action] = msgspec.field(default_factory=dict)
    watch: WatchTimes = WatchTimes()
    links: dict[str, str] = msgspec.field(default_factory=dict)
    dashboard: str = ""
    readiness: Query | None = None
    escalation: tuple[str, ...] = ()
    page: str = ""
    place: str = ""

    @property
    def all_links(self) -> dict[str, str]:
        """Title -> address, the dashboard among them."""
        return ({"Dashboard": self.dashboard} if self.dashboard else {}) | self.links


def read_service(name: str, section: Section) -> Service:
    """The service described by a section; every problem is noted there."""
    serving_section = section.section("serving", "'serving'")
    serving = None
    if serving_section is not None:
        serving = read_serving(serving_section, SHAPE)
        serving_section.close()
    metrics = {}
    for key, inner in section.sections("metrics", "metric"):
        metrics[key] = read_query(inner, SHAPE, name=key)
        inner.close()
    comparisons = {}
    for key, inner in section.sections("compare", "comparison"):
        comparisons[key] = read_compare(inner, SHAPE, name=key)
        inner.close()
    watch_section = section.section("watch", f"the watch of {name}")
    watch = WatchTimes()
    if watch_section is not None:
        watch = read_watch_times(watch_section)
        watch_section.close()
    readiness_section = section.section("readiness", "'readiness'")
    readiness = None
    if readiness_section is not None:
        readiness = read_query(readiness_section, SHAPE, name="readiness", judged=False)
        readiness_section.close()
    tier = section.integer("tier", 0, minimum=1)
    at = section.place
    found = Service(
        name=name, owner=section.text("owner"), tier=tier or None, consumers=section.texts("consumers"),
        stakeholders=section.texts("stakeholders"), dependencies=_dependencies(name, section),
        experiments=read_experiments(section), models=_models(section), metrics=metrics,
        serving=serving, versions=_versions(section),
        compare=comparisons, actions=_actions(name, section, serving), links=_links(section), watch=watch,
        dashboard=_address(section, "dashboard"), readiness=readiness,
        escalation=texts.people(section, "escalation"), page=_page(section),
        place=f"{section.problems.file}:{at.line}:{at.column}",
    )  # fmt: skip
    section.close()
    return found


def _page(section: Section) -> str:
    """From which severity on the opening pages somebody: SEV1 to SEV4, ``never``, or nothing said."""
    said = section.one_of("page", [*(severity.lower() for severity in SEVERITIES), "never"])
    return said if said in ("", "never") else said.upper()


def _actions(name: str, section: Section, serving: DoneWhen | None) -> dict[str, Action]:
    """``actions: {NAME: ...}``, and ``rollback: ...`` for the one that most services have."""
    written = section.sections("actions", "action")
    rollback = section.section("rollback", "action 'rollback'")
    if rollback is not None:
        if "rollback" in dict(written):
            section.problem("rollback", "action 'rollback' is also defined under 'actions'")
        written.append(("rollback", rollback))
    found = {}
    for key, inner in written:
        found[key] = read_action(inner, SHAPE, name=key, service=name, serving=serving)
        inner.close()
    return found


def _dependencies(name: str, section: Section) -> tuple[str, ...]:
    """What it needs to answer: other services, in the catalogue or not."""
    found = section.texts("dependencies")
    if name in found:
        section.problem("dependencies", f"{name} depends on itself; name what else it needs to answer")
    return tuple(one for one in dict.fromkeys(found) if one != name)


def _models(section: Section) -> tuple[Model, ...]:
    """``models: [fraud]``, or ``{fraud: {registry: mlflow, alias: champion}}``."""
    node = section.take("models")
    if node is None or not isinstance(node.value, dict):
        return tuple(Model(name=name) for name in dict.fromkeys(section.texts("models")))
    found = []
    for name, inner in section.sections("models", "model"):
        found.append(Model(name=name, registry=inner.text("registry"), alias=inner.text("alias")))
        inner.close()
    return tuple(found)


def _versions(section: Section) -> Registered | None:
    inner = section.section("versions", "'versions'")
    if inner is None:
        return None
    found = Registered(
        registry=inner.text("registry", required=True), name=inner.text("name", required=True),
        passed=inner.text("passed"), alias=inner.text("alias"),
    )  # fmt: skip
    inner.close()
    return found


def _links(section: Section) -> dict[str, str]:
    inner = section.section("links", "'links'")
    return {key: _address(inner, key) for key in inner.keys()} if inner else {}  # noqa: SIM118


def _address(section: Section, key: str) -> str:
    address = texts.template(section, key, SHAPE)
    if address and not address.startswith(("https://", "http://")):
        section.problem(key, f"'{key}: {address}' is not an address; it begins with https://")
    return address
