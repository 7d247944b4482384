"""A report by a person: typed, or from the modal, whoever opened it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.alerts.reports import KINDS, Report
from bot.incidents.insiders import may_read
from bot.service.reporting import Reported
from bot.slack.interactions.desk import Desk, Place
from bot.slack.view.status import one_line


async def report(desk: Desk, inputs: Mapping[str, str], *, place: Place, delivery: str) -> str:
    """What whoever reported is told. Raises ``Refused`` at the field that is wrong."""
    kind = inputs.get("kind") or "feedback"
    reported = await desk.service.reporting.report(
        Report(
            text=inputs.get("text", ""), service=inputs.get("service", ""), severity=inputs.get("severity") or None,
            kind=kind if kind in KINDS else "feedback", by=place.user, delivery=delivery,
        )
    )  # fmt: skip
    return thanks(reported, place)


def thanks(reported: Reported, place: Place) -> str:
    """That it is counted, and with what, unless that is not for everybody."""
    incident = reported.incident
    if incident is None:
        return "Thank you. It is kept with the reports that came before."
    if incident.private and not may_read(incident, place.user, channel=place.channel):
        return "Thank you. Those who look after it have your report."
    count = "the first report" if reported.report == 1 else f"report {reported.report}"
    return f"Thank you. It is counted as {count} of {one_line(incident)}"
