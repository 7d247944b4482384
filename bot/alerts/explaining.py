"""Why an alert goes where it goes, in sentences: what ``evenkeel route`` prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.alerts.alert import Alert
from bot.alerts.quiet import Window, quiet_labels, why_quiet
from bot.alerts.routing import (
    OPENS,
    SAFETY,
    UNKNOWN_SERVICE,
    Labels,
    Opening,
    Route,
    Routed,
    Rules,
    matched_labels,
    misfits,
    route,
    service_of,
    severity_said,
)
from bot.runbooks.matching import failure_mode_of, fits
from bot.runbooks.schema import FAILURE_MODES
from bot.yaml.durations import spoken

#: a longer value is cut before a pattern sees it
_MOST_COMPARED = 1000


def explained(alert: Alert, rules: Rules, *, windows: Sequence[Window], at: datetime) -> list[str]:
    """A line for each thing that was decided, with what decided it; ``at`` is when the alert came."""
    labels, about = matched_labels(alert), route(alert, rules)
    chosen = next((one for one in rules.routes if one.name == about.route and not misfits(one.match, labels)), None)
    lines = [
        f"{alert.name or alert.fingerprint}, {alert.status}",
        *_routes(labels, rules, chosen),
        f"  service       {about.service}: {_service(labels, rules, chosen)}",
        f"  failure mode  {about.failure_mode}: {_mode(labels, rules, chosen)}",
        f"  severity      {about.severity or 'not said'}: {_severity(labels, rules, chosen)}",
        f"  so it         {opens(about.opening)}: {_opening(labels, rules, chosen, about)}",
        *_belongings(about),
    ]
    quiet = why_quiet(quiet_labels(alert, about), at, mutes=(), windows=windows)
    if quiet:
        lines.append(f"  but now       nothing happens: {quiet}")
    if alert.status == "resolved":
        lines.append("  but           an alert that is over opens nothing")
    return lines


def opens(opening: Opening) -> str:
    """What an alert brings about, as within a sentence."""
    if opening.how == "after":
        return f"opens an incident after {opening.count} alerts within {spoken(opening.within)}"
    return "opens an incident" if opening.how == "now" else "is announced with a button"


def _routes(labels: Labels, rules: Rules, chosen: Route | None) -> Iterator[str]:
    for one in rules.routes:
        where = f" ({one.place})" if one.place else ""
        if one is chosen:
            yield f"  route         {one.name}{where} fits: {_fit(one, labels)}"
            return
        key = misfits(one.match, labels)
        wanted = " or ".join(one.match[key])
        why = " (capitals count)" if _but_for_capitals(one.match[key], labels.get(key, "")) else ""
        yield f"  not           {one.name}{where}: {key} is {labels.get(key) or 'not there'}, not {wanted}{why}"
    yield "  route         none fits, the default counts" if rules.routes else "  route         none is configured"


def _but_for_capitals(patterns: Sequence[str], value: str) -> bool:
    wanted = [p[1:] if p.startswith("~") else re.escape(p) for p in patterns if not p.startswith("!")]
    return any(re.fullmatch(pattern, value[:_MOST_COMPARED], re.IGNORECASE) for pattern in wanted)


def _fit(one: Route, labels: Labels) -> str:
    return ", ".join(f"{key} is {labels.get(key) or 'not there'}" for key in one.match) or "it fits every alert"


def _service(labels: Labels, rules: Rules, chosen: Route | None) -> str:
    if chosen is not None and chosen.service:
        return "the route says so"
    label, name = service_of(labels, rules)
    asked = ", ".join(rules.service_labels)
    return f"none of the labels {asked} is there" if name == UNKNOWN_SERVICE and not label else f"label {label}"


def _mode(labels: Labels, rules: Rules, chosen: Route | None) -> str:
    if chosen is not None and chosen.failure_mode:
        return "the route says so"
    if labels.get("failure_mode", "") in FAILURE_MODES:
        return "label failure_mode"
    mode = failure_mode_of(labels, rules.failure_modes)
    for rule in rules.failure_modes:
        if rule.failure_mode == mode and all(fits(p, labels.get(key, "")) for key, p in rule.match.items()):
            return f"{_words(rule.match)} fits the rule for {mode}"
    return "no rule of failure_modes fits"


def _words(match: dict[str, tuple[str, ...]]) -> str:
    return " and ".join(match)


def _severity(labels: Labels, rules: Rules, chosen: Route | None) -> str:
    said = labels.get("severity", "").strip()
    if chosen is not None and chosen.severity:
        return "the route says so"
    meant = severity_said(labels, chosen or Route(name=""), rules)
    if meant is not None:
        own = chosen is not None and said.lower() in chosen.severity_labels
        return f"label severity is {said}" + (", which the route translates" if own else "")
    told = f"label severity is {said}, which severity_labels does not know" if said else "there is no label severity"
    return f"{told}; default_severity" if rules.default_severity else told


def _opening(labels: Labels, rules: Rules, chosen: Route | None, about: Routed) -> str:
    if chosen is not None and chosen.opening is not None:
        return "the route says so"
    said = severity_said(labels, chosen or Route(name=""), rules)
    if said is None:
        return "nobody said how bad it is, and unknown is not harmless"
    if said in OPENS:
        return f"{said} opens"
    return "whatever is about safety opens" if about.failure_mode == SAFETY else f"{said} waits for a person"


def _belongings(about: Routed) -> Iterator[str]:
    told = {
        "runbook": about.runbook, "announced in": about.channel, "invites": ", ".join(about.people),
        "channel is": "private" if about.private else "",
    }  # fmt: skip
    for name, value in told.items():
        if value:
            yield f"  {name:<13} {value}"
