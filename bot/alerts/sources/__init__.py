"""One file per alerting system: is the request genuine, and what does it say?

A source verifies the raw bytes before it reads them, and raises ``BadRequest`` with the place of what it cannot read.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.alerts.sources import (
    alertmanager,
    cloudevents,
    cloudwatch,
    datadog,
    evidently,
    generic,
    grafana,
    opsgenie,
    pagerduty,
    sentry,
)
from bot.alerts.sources.source import Headers, Request, Source, SourceSettings

__all__ = ["SOURCES", "Headers", "Request", "Source", "SourceSettings"]

SOURCES: Mapping[str, Source] = {
    "alertmanager": alertmanager.SOURCE,
    "cloudevents": cloudevents.SOURCE,
    "cloudwatch": cloudwatch.SOURCE,
    "evidently": evidently.SOURCE,
    "generic": generic.SOURCE,
    "grafana": grafana.SOURCE,
    "pagerduty": pagerduty.SOURCE,
    "datadog": datadog.SOURCE,
    "sentry": sentry.SOURCE,
    "opsgenie": opsgenie.SOURCE,
}
