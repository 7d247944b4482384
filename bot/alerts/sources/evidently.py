"""What Evidently and NannyML found: results that a job posts when it has run, since neither of them sends any itself.

The body is a report of Evidently (0.7: ``snapshot.json()``; or what earlier versions wrote), bare or as
``{"service": ..., "report": {...}}``; or the rows of a result of NannyML (``to_df(multilevel=False)``) as
``{"service": ..., "nannyml": [...]}``. Each test, or each value that is watched, is an alert of its own, which begins
with the first run that finds it and ends with the first that does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from bot.alerts.alert import Alert, Batch
from bot.alerts.sources import paths
from bot.alerts.sources.drift import Result, inner, measured, number, of_metric, text
from bot.alerts.sources.reading import decoded, demand_no_nul, fingerprint, labels, may_hold_nul
from bot.alerts.sources.several import each
from bot.alerts.sources.source import Request, Source
from bot.alerts.sources.tokens import demand_token
from bot.errors import BadRequest

NAME = "evidently"
_CALLED = "a report of Evidently or a result of NannyML"
_FIRES = ("FAIL", "ERROR")
_ENDS = ("SUCCESS", "WARNING")
_ALERT = "_alert"

_decoder = msgspec.json.Decoder(dict[str, Any])


class _About(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for all that one run found."""

    service: str
    dataset: str
    url: str
    labels: Mapping[str, Any]
    request: Request


def parse(request: Request) -> Batch:
    """An alert for each test or watched value that can be read. Raises ``BadRequest`` if none can."""
    body = decoded(request.body, _decoder, called=_CALLED)
    paths.demand_small(body)
    nul = may_hold_nul(request.body)
    rows, report, about = body.get("nannyml"), body.get("report", body), _about(body, request)
    if rows is not None:
        if nul:
            demand_no_nul(rows, called=_CALLED, place="$.nannyml")
        results = list(_watched(rows))
    elif isinstance(report, dict) and isinstance(report.get("tests", report.get("metrics")), list):
        if tests := report.get("tests"):
            return each(tests, lambda place, test: _alert(_tested(place, test, nul=nul), about))
        results = list(measured(report.get("metrics") or []))
    else:
        raise BadRequest(f"not {_CALLED}: there are neither `tests`, `metrics` nor `nannyml` in it")
    return Batch(tuple(_alert(result, about) for result in results))


def _about(body: Mapping[str, Any], request: Request) -> _About:
    report = body.get("report")
    metadata = report.get("metadata") if isinstance(report, dict) else body.get("metadata")
    said: dict[str, Any] = {**metadata, **body} if isinstance(metadata, dict) else dict(body)
    texts = {name: said[name] if isinstance(said.get(name), str) else "" for name in ("service", "dataset", "url")}
    more = body.get("labels")
    return _About(
        service=texts["service"], dataset=texts["dataset"], url=texts["url"], request=request,
        labels=more if isinstance(more, dict) else {},
    )  # fmt: skip


def _tested(place: int, test: Any, *, nul: bool) -> Result:
    """A test of a report: a failed one fires, and one that could not be made fires too."""
    if not isinstance(test, dict) or not isinstance(test.get("name"), str):
        raise BadRequest(f"not {_CALLED}: a test is an object with a name - at `$.tests[{place}]`")
    if nul:
        demand_no_nul(test, called=_CALLED, place=f"$.tests[{place}]")
    status = str(test.get("status", "")).rpartition(".")[2].upper()
    if status not in _FIRES + _ENDS:
        raise BadRequest(f"not {_CALLED}: `status` is one of FAIL, ERROR, SUCCESS - at `$.tests[{place}]`")
    config = inner(test, "metric_config")
    params = inner(config, "params") or inner(test, "parameters")
    critical = inner(test, "test_config").get(
        "is_critical", inner(inner(test, "bound_test"), "test").get("is_critical")
    )
    return Result(
        key=(str(config.get("metric_id", "")), str(test.get("id", "")), test["name"]), name=test["name"],
        found=status in _FIRES, summary=text(test.get("description")) or test["name"],
        labels=of_metric(params) | ({"severity": "warning"} if critical is False else {}),
    )  # fmt: skip


def _watched(rows: Any) -> Iterator[Result]:
    """The last chunk that is not of the reference; each of its ``NAME_alert`` is a value that is watched."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadRequest(f"not {_CALLED}: `nannyml` is the list of its rows, to_df(multilevel=False) as records")
    analysed = [row for row in rows if "reference" not in (row.get("chunk_period"), row.get("period"))]
    last = analysed[-1] if analysed else {}
    names = [key.removesuffix(_ALERT) for key in last if key.endswith(_ALERT) and key != _ALERT]
    if rows and analysed and not names:
        raise BadRequest(f"not {_CALLED}: no column of the last row ends in {_ALERT}")
    chunk = last.get("chunk_key") or last.get("key") or ""
    for name in names:
        value, low, high = (
            number(last.get(f"{name}_{part}")) for part in ("value", "lower_threshold", "upper_threshold")
        )
        bounds = f"between {'-∞' if low is None else f'{low:.4g}'} and {'∞' if high is None else f'{high:.4g}'}"
        yield Result(
            key=("nannyml", name), name=f"{name} is out of its range", found=last[f"{name}{_ALERT}"] is True,
            summary=f"{name} is {'unknown' if value is None else f'{value:.4g}'}; expected {bounds} (chunk {chunk})",
            labels={"metric": name, "chunk": chunk},
        )  # fmt: skip


def _alert(result: Result, about: _About) -> Alert:
    at = about.request.at
    status: Literal["firing", "resolved"] = "firing" if result.found else "resolved"
    said = {"alertname": result.name, "service": about.service, "dataset": about.dataset}
    return Alert(
        source=NAME, fingerprint=fingerprint(about.service, about.dataset, *result.key), status=status,
        name=result.name, starts_at=at, ends_at=None if result.found else at, dated=False,
        labels=labels(said, result.labels, about.labels), url=about.url, summary=result.summary,
    )  # fmt: skip


SOURCE = Source(verify=demand_token, parse=parse)
