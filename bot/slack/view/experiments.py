"""The line that names the experiments that ran when the trouble began: half of the users may see something else."""

from __future__ import annotations

from datetime import timedelta

from bot.incidents.experiments import running
from bot.incidents.incident import Incident
from bot.runbooks.schema.experiment import Experiment
from bot.runbooks.verdicts import span
from bot.slack.view.text import link, said

MOST = 4
#: An experiment that began so shortly before is told with when.
YOUNG = timedelta(hours=24)


def experiments(incident: Incident) -> list[str]:
    """``Experiment running: new-ranker (began 3 h before)``; nothing where none ran."""
    found = sorted(running(incident), key=lambda one: -one.since.timestamp() if one.since else 0.0)
    if not found:
        return []
    named = [_named(one, incident) for one in found[:MOST]]
    if len(found) > MOST:
        named.append(f"{len(found) - MOST} more")
    return [f"{'Experiment' if len(found) == 1 else 'Experiments'} running: {', '.join(named)}"]


def _named(one: Experiment, incident: Incident) -> str:
    name = link(one.url, one.name) or said(one.name, 60)
    since = incident.began - one.since if one.since is not None else YOUNG
    return f"{name} (began {span(since.total_seconds())} before)" if since < YOUNG else name
