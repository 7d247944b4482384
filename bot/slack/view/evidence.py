"""The lines that say what is known: from how much, how old, the worst first; and what was not checked."""

from __future__ import annotations

import re

from bot.alerts.routing import MANY_SERVICES
from bot.incidents.incident import Incident
from bot.incidents.walk import measures, standing, unchecked
from bot.runbooks.schema import Compare, Queries, Query, Step, Task, Unconfigured
from bot.slack.view.readiness import readiness
from bot.slack.view.text import at, link, person, said, share, version
from bot.slack.view.wording import by_hand, in_a_sentence, step_name

_TO_ADD = re.compile(r"add (\S+) to evenkeel\.yaml")
_WORST_FIRST = ("bad", "warn", "inconclusive", "ok")
#: More lines than these would push the buttons off a phone's screen.
MOST_LINES = 6
#: those that write their names in another way than we do in addresses
_SENDERS = {
    "pagerduty": "PagerDuty", "cloudwatch": "CloudWatch", "cloudevents": "An event", "generic": "An alert",
}  # fmt: skip


def known(incident: Incident) -> list[str]:
    """One line for each measurement that told something, the worst first; what is normal shares one line."""
    told = [step for step in incident.walk() if measures(step) and _tells(incident, step)]
    told.sort(key=lambda step: _WORST_FIRST.index(incident.state(step.id).verdict or "ok"))
    telling = [step for step in told if not _normal(incident, step)]
    lines = [_told(incident, step) for step in telling if incident.state(step.id).because]
    lines = [*lines[:MOST_LINES], *_serving(incident), *readiness(incident)]
    normal = [in_a_sentence(step_name(step, incident)) for step in told if _normal(incident, step)]
    if normal:
        lines.append(said(f"Normal: {', '.join(normal)}"))
    return lines


def from_before(incident: Incident) -> list[str]:
    """Once the fix is in place: that the lines below are older than it. The watch says how it is now."""
    told = [incident.state(step.id).at for step in incident.walk() if measures(step) and _tells(incident, step)]
    if incident.safe_at is None or not told or any(one is None or one > incident.safe_at for one in told):
        return []
    return [f"_Measured before {at(incident.safe_at)}, when the fix was in place:_"]


def _told(incident: Incident, step: Step) -> str:
    """What the measurement says, and where to read on."""
    state = incident.state(step.id)
    links = [link(address, title) for title, address in state.evidence.get("links", ())]
    jumped = incident.jumps[step.id].because if step.id in incident.jumps else ""
    line = " · ".join([said(_capital(state.because)), *links])
    return f"{line}\n{said(jumped)}" if jumped else line


def _capital(text: str) -> str:
    """A line begins as a sentence does, except with a version's ``v42``."""
    return text if text[1:2].isdigit() else text[:1].upper() + text[1:]


def _tells(incident: Incident, step: Step) -> bool:
    return incident.state(step.id).verdict in _WORST_FIRST and standing(incident, step) != "passed"


def _normal(incident: Incident, step: Step) -> bool:
    """An ok measurement needs no line of its own, except what was released, and that going back would not help."""
    state = incident.state(step.id)
    decides = isinstance(step.spec, Compare) or (isinstance(step.spec, Query) and step.spec.source == "changes")
    return state.verdict == "ok" and not (decides and state.because)


def _serving(incident: Incident) -> list[str]:
    """What serves, where there is something to say about it."""
    seen = incident.versions
    if seen is None:
        return []
    if seen.because:
        return [said(seen.because)]
    says = [said(f"{sentence}.", 300) for sentence in (seen.passed_over, *seen.says) if sentence]
    if says:
        return says
    if len([part for part in seen.shares.values() if part >= 0.01]) > 1:
        parts = sorted(seen.shares.items(), key=lambda item: -item[1])[:4]
        return [said("Serving: " + ", ".join(f"{version(name)} {share(part)}" for name, part in parts))]
    return []


def not_checked(incident: Incident) -> str | None:
    """``Not checked: upstream, feature store``; each with its reason where there is one."""
    missing = [_missing(incident, step) for step in unchecked(incident)]
    missing += [said(in_a_sentence(step_name(step, incident)), 60) for step in _undone_checks(incident)]
    return f"Not checked: {', '.join(missing[:8])}" if missing else None


def _missing(incident: Incident, step: Step) -> str:
    name = said(in_a_sentence(step_name(step, incident)), 60)
    if isinstance(step.spec, Unconfigured):
        return f"{name} (not configured)"
    because = incident.state(step.id).because
    return f"{name} ({said(because, 110)})" if because else name


def _undone_checks(incident: Incident) -> list[Step]:
    """What a person would have to look at and nobody has: open or skipped tasks of the first phases."""
    return [
        step for step in incident.walk()
        if isinstance(step.spec, Task) and step.phase in ("check", "measure")
        and (incident.state(step.id).phase == "skipped" or standing(incident, step) == "open")
    ]  # fmt: skip


def alert(incident: Incident) -> str:
    """Who says what, since when, with a link to where it says so."""
    since = at(incident.began)
    if incident.opened_by.startswith(("U", "W")) and not incident.alert_name:
        words = f"{incident.title}: {incident.alert_text}" if incident.alert_text else incident.title
        return f"{person(incident.opened_by)} says \u201c{said(words, 300)}\u201d since {since}."
    if incident.service == MANY_SERVICES and incident.alert_text:
        return f"{said(incident.alert_text, 200)}, since {since}. Split off what is a matter of its own."
    if incident.source == "slack" and not incident.alert_name:
        return (
            f"Nobody has said what is wrong: the channel's name holds “{said(incident.service, 80)}”, since {since}."
        )
    source = (
        _SENDERS.get(incident.source) or said(incident.source[:1].upper() + incident.source[1:], 40) or "An alert"
    )
    what = said(incident.alert_text or incident.alert_name or incident.title, 200)
    where = link(incident.alert_url, "Source")
    return f"{source} says \u201c{what}\u201d since {since}.{f'  {where}' if where else ''}"


def pending(incident: Incident) -> list[str]:
    """The names of the measurements that are still on their way."""
    return [
        in_a_sentence(step_name(step, incident)) for step in incident.walk()
        if measures(step) and incident.state(step.id).verdict is None and standing(incident, step) == "open"
    ]  # fmt: skip


def blind(incident: Incident) -> bool:
    """Whether nothing was or can be measured: no source of evidence is connected."""
    measured = any(measures(step) and _tells(incident, step) for step in incident.walk())
    return not incident.connected and not measured


def questions(incident: Incident) -> str | None:
    """``By hand: 1 released in the last 24 h?  2 upstream changed?``: what a person looks at instead."""
    asked: dict[str, str] = {}
    for step in incident.walk():
        question = by_hand(step, incident) if _unanswered(incident, step) else None
        if question:
            asked.setdefault(question.split()[0].lower(), said(question, 90))
    if not asked:
        return None
    return "By hand: " + "  ".join(f"{number} {text}" for number, text in enumerate(list(asked.values())[:5], 1))


def _unanswered(incident: Incident, step: Step) -> bool:
    """Whether a step of the first phases has told nothing yet, neither by itself nor through a person."""
    state = incident.state(step.id)
    early = step.phase in ("check", "measure", "triage")
    return (
        early
        and not state.decided
        and state.phase != "skipped"
        and not state.text
        and not (isinstance(step.spec, Task) and state.phase == "done")
    )


def to_add(incident: Incident) -> list[str]:
    """For every step that is not configured, or not wholly: what to add to the configuration."""
    by_name: dict[str, tuple[str, ...]] = {}  # several watches have one line
    for step in incident.walk():
        if missing := _missing_of(step):
            name = said(step_name(step, incident), 60)
            by_name[name] = tuple(dict.fromkeys((*by_name.get(name, ()), *missing)))
    return [f"*{name}*: {_named(missing)}" for name, missing in by_name.items()]


def _named(missing: tuple[str, ...]) -> str:
    """The sentences of the catalogue, shortened to the names in them where they have the usual form."""
    names = dict.fromkeys(match[1] for sentence in missing for match in _TO_ADD.finditer(sentence))
    if _TO_ADD.sub("", "".join(missing)).strip("; "):
        return said("; ".join(missing), 500)
    return ", ".join(f"`{said(name, 120)}`" for name in names)


def _missing_of(step: Step) -> tuple[str, ...]:
    if isinstance(step.spec, Unconfigured):
        return (step.spec.missing,)
    return step.spec.missing if isinstance(step.spec, Queries) else ()
