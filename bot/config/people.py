"""Who is on call: ``oncall`` of evenkeel.yaml, and whether the people that services name are there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from bot.config.connectors import unknown
from bot.config.settings import Connector
from bot.incidents.rota import Rota, RotaSource
from bot.runbooks.service import Service
from bot.yaml.reader import Section, suggestion

_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
_GROUP = re.compile(r"S[A-Z0-9]{2,}")
_SOURCES = ("users", "slack_group", "pagerduty", "pagerduty_policy", "opsgenie", "http")
#: Kinds of connectors that ring by themselves; an ``http`` one rings by an operation.
PAGERS = ("pagerduty", "opsgenie")


def read_people(section: Section, key: str) -> tuple[str, ...]:
    """Slack user ids; anything else is noted."""
    found = section.placed_texts(key)
    for at, person in found:
        if not _PERSON.fullmatch(person):
            section.problems.add(
                at, f"{person!r} is not the id of a Slack user, such as U0123ABCD; a group stands under 'slack_group'"
            )
    return tuple(person for _, person in found)


def read_oncall(
    section: Section, connectors: Mapping[str, Connector]
) -> tuple[dict[str, tuple[str, ...]], dict[str, Rota]]:
    """Users by name, and where the others are found and what rings for them."""
    users: dict[str, tuple[str, ...]] = {}
    rotas: dict[str, Rota] = {}
    outer = section.section("oncall")
    for name in outer.keys() if outer else ():
        node = outer.take(name) if outer else None
        if outer is None or node is None or not isinstance(node.value, dict):
            users[name] = read_people(outer, name) if outer else ()
            continue
        inner = Section(node, outer.problems, f"oncall {name!r}")
        rotas[name] = _rota(inner, connectors)
        users[name] = read_people(inner, "users")
        inner.close()
    return users, rotas


def _rota(section: Section, connectors: Mapping[str, Connector]) -> Rota:
    written = [source for source in _SOURCES if source in section]
    if len(written) != 1:
        several = f"has {' and '.join(map(repr, written))}" if written else "does not say who it is"
        section.problems.add(section.place, f"{section.name} {several}; it needs one of {', '.join(_SOURCES)}")
    source = cast("RotaSource", written[0] if written else "users")
    names = {key: section.text(key, required=key == source) for key in _SOURCES if key != "users"}
    name = names.get(source, "")
    if source == "slack_group" and name and not _GROUP.fullmatch(name):
        section.problem(source, f"{name!r} is not the id of a user group, such as S0123ABCD")
    connector = _asked(section, source, name, connectors)
    return Rota(source=source, name=name, connector=connector, pager=_pager(section, connectors))


def _asked(section: Section, source: str, name: str, connectors: Mapping[str, Connector]) -> str:
    """The connector that knows who is on call: the one that is named, or the only one of its kind."""
    named = section.text("connector")
    if source == "http":
        connector, _, operation = name.partition(".")
        _check_http(section, "http", name, connectors)
        return connector if operation else ""
    kind = {"pagerduty_policy": "pagerduty"}.get(source, source)
    if kind not in PAGERS:
        return ""
    known = [one.name for one in connectors.values() if one.kind == kind]
    if named and named not in known:
        section.problem("connector", f"there is no connector {named!r} of kind {kind!r}{suggestion(named, known)}")
    if not named and len(known) != 1:
        what = f"several connectors are of kind {kind!r}: say which" if known else f"no connector is of kind {kind!r}"
        section.problems.add(section.at(source), f"{what}, with 'connector'" if known else f"{what}; add one")
    return named or next(iter(known), "")


def _pager(section: Section, connectors: Mapping[str, Connector]) -> str:
    pager = section.text("pager")
    connector = connectors.get(pager)
    if pager and "." in pager:
        _check_http(section, "pager", pager, connectors)
    elif pager and (connector is None or connector.kind not in PAGERS):
        known = [one.name for one in connectors.values() if one.kind in PAGERS]
        hint = suggestion(pager, known) or "; name one of kind pagerduty or opsgenie, or an operation of http"
        section.problem("pager", f"{pager!r} is no pager{hint}")
    return pager


def _check_http(section: Section, key: str, name: str, connectors: Mapping[str, Connector]) -> None:
    connector, _, operation = name.partition(".")
    if not name:
        return
    if not operation or (connector in connectors and connectors[connector].kind != "http"):
        section.problem(key, f"'{key}: {name}' must be connector.operation of a connector of kind http")
    elif message := unknown(name, connectors):
        section.problem(key, message)


def check_people(service: Service, section: Section, oncall: Mapping[str, Any]) -> None:
    """Whether every ``oncall:NAME`` of a service's actions and escalation is there."""
    actions = service.actions.values()
    approvers = [who for action in actions for who in (action.approval.approvers if action.approval else ())]
    for who in dict.fromkeys((*approvers, *service.escalation)):
        kind, _, name = who.partition(":")
        if kind == "oncall" and name not in oncall:
            at = section.find(who) or section.place
            section.problems.add(at, f"{name!r} is not under 'oncall'{suggestion(name, oncall)}")
