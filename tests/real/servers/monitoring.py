"""Prometheus and Alertmanager."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from tests.real.servers import installed
from tests.real.servers.process import Running, server

_CONFIG = """
global: {{scrape_interval: {interval}, scrape_timeout: {interval}, evaluation_interval: {interval}}}
rule_files: [rules.yaml]
alerting: {{alertmanagers: [{{static_configs: [{{targets: {alertmanagers}}}]}}]}}
scrape_configs:
{jobs}
"""
_JOB = "  - {{job_name: {name}, static_configs: [{{targets: [{target}]}}]}}"
_ROUTES = """
route: {{receiver: evenkeel, group_by: [alertname, service], group_wait: 100ms, group_interval: 1s}}
receivers:
  - name: evenkeel
    webhook_configs:
      - url: {url}
        send_resolved: true
        http_config: {{authorization: {{credentials: {token}}}}}
"""


@contextlib.contextmanager
def prometheus(
    folder: Path,
    *,
    targets: dict[str, str],
    rules: Sequence[dict[str, object]] = (),
    alertmanager: str = "",
    interval: str = "1s",
    port: int = 0,
) -> Iterator[Running]:
    """Scrapes the addresses of ``targets`` (by job) every ``interval``, and evaluates the alerting rules as often."""
    program = installed.program("prometheus")
    folder.mkdir(parents=True, exist_ok=True)
    jobs = "\n".join(_JOB.format(name=name, target=_bare(url)) for name, url in targets.items()) or "  []"
    alertmanagers = f"[{_bare(alertmanager)}]" if alertmanager else "[]"
    (folder / "prometheus.yaml").write_text(
        _CONFIG.format(interval=interval, alertmanagers=alertmanagers, jobs=jobs), encoding="utf-8"
    )
    groups = {"groups": [{"name": "evenkeel", "rules": list(rules)}]} if rules else {}
    (folder / "rules.yaml").write_bytes(msgspec.yaml.encode(groups) if groups else b"")

    def command(at: int) -> Sequence[str | Path]:
        return (
            program, f"--config.file={folder / 'prometheus.yaml'}", f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{at}", "--web.enable-admin-api",
        )  # fmt: skip

    with server("prometheus", command, folder=folder, ready="/-/ready", port=port) as running:
        yield running


@contextlib.contextmanager
def alertmanager(folder: Path, *, webhook: str, token: str) -> Iterator[Running]:
    """Posts what fires to ``webhook`` with the bearer ``token``."""
    program = installed.program("prometheus-alertmanager")
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "alertmanager.yaml"
    config.write_text(_ROUTES.format(url=webhook, token=token), encoding="utf-8")

    def command(at: int) -> Sequence[str | Path]:
        return (
            program, f"--config.file={config}", f"--storage.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{at}", "--cluster.listen-address=",
        )  # fmt: skip

    with server("alertmanager", command, folder=folder, ready="/-/ready") as running:
        yield running


def _bare(url: str) -> str:
    return url.removeprefix("http://")
