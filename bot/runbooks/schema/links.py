"""Where a person reads on: an address, or a search in a log store."""

from __future__ import annotations

from typing import Literal

from bot.runbooks.schema.values import Seconds, Template, Value

LogStore = Literal["loki", "kibana", "cloudwatch"]


class LogSearch(Value, frozen=True, tag="logs"):
    """A search in the log store whose pages are at ``url``.

    ``query`` is in the store's own language, with values only between double quotes. ``source`` is what is searched:
    the id of Grafana's data source, Kibana's data view, CloudWatch's log group. ``region`` is CloudWatch's.
    """

    store: LogStore
    url: str
    query: Template
    title: str = "Logs"
    source: str = ""
    region: str = ""
    range: Seconds = 3600.0


#: An address with ``{{ }}`` in it, or a search.
Link = Template | LogSearch
