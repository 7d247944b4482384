"""A toy model service: ``python -m tests.real.model_service PORT ENVIRONMENT REQUESTS_PER_SECOND``.

Which version answers is decided as many teams decide it. The registry's alias ``champion`` names the version that
answers; while the flag is on, its rollout is the share of requests that the alias ``challenger`` answers instead. In
staging the aliases are ``staging-champion`` and ``staging-challenger``. It counts what it predicts, as if it were
asked so many times a second, and how well each version that it serves does on fresh labels.

Addresses come from the environment: MLFLOW_URL, UNLEASH_URL, UNLEASH_TOKEN, MODEL, FLAG. It needs nothing but Python.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: version -> recall on fresh labels: 3 is the release that broke something
RECALL = {"1": 0.82, "2": 0.84, "3": 0.71}
#: seconds between two looks at registry and flags
LOOKS = 0.4


class Model:
    """What serves, and what it has counted."""

    def __init__(self, environment: str, rate: float, settings: Mapping[str, str]) -> None:
        self.environment = environment
        self.shares: dict[str, float] = {}
        self.champion = ""
        self._rate = rate
        self._settings = settings
        self._counted: dict[str, float] = {}
        self._since = time.monotonic()
        self._lock = threading.Lock()

    def look(self) -> None:
        """Serves what registry and flag say now; goes on as before where one of them does not answer."""
        prefix = "" if self.environment == "production" else "staging-"
        try:
            champion, challenger = self._alias(f"{prefix}champion"), self._alias(f"{prefix}challenger")
            share = self._share()
        except (OSError, ValueError, KeyError):
            return
        shares = {champion: 1 - share}
        shares[challenger] = shares.get(challenger, 0.0) + share
        with self._lock:
            self._count()
            self.shares, self.champion = {name: part for name, part in shares.items() if part > 0}, champion

    def metrics(self) -> str:
        """Everything that Prometheus scrapes."""
        with self._lock:
            self._count()
            labels = f'service="fraud-scorer",environment="{self.environment}"'
            lines = [f'model_champion{{{labels},version="{self.champion}"}} 1']
            for version, count in self._counted.items():
                lines.append(f'model_predictions_total{{{labels},version="{version}"}} {count:.3f}')
                lines.append(f'model_recall{{{labels},version="{version}"}} {RECALL[version]}')
                lines.append(f'model_labelled_frauds{{{labels},version="{version}"}} 3180')
            live = sum(RECALL[name] * part for name, part in self.shares.items())
            lines.append(f"model_live_recall{{{labels}}} {live}")
        return "\n".join(lines) + "\n"

    def _count(self) -> None:
        now = time.monotonic()
        for name, part in self.shares.items():
            self._counted[name] = self._counted.get(name, 0.0) + part * self._rate * (now - self._since)
        self._since = now

    def _alias(self, alias: str) -> str:
        path = f"/api/2.0/mlflow/registered-models/alias?name={self._settings['MODEL']}&alias={alias}"
        found = _get(self._settings["MLFLOW_URL"] + path, {})
        return str(found["model_version"]["version"])

    def _share(self) -> float:
        path = f"/api/client/features/{self._settings['FLAG']}"
        found = _get(self._settings["UNLEASH_URL"] + path, {"authorization": self._settings["UNLEASH_TOKEN"]})
        if not found["enabled"]:
            return 0.0
        rollouts = [
            float(one["parameters"]["rollout"]) for one in found["strategies"] if "rollout" in one["parameters"]
        ]
        return max(rollouts, default=100.0) / 100


def _get(url: str, headers: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - addresses that the test has set
    with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
        return found


def handler(model: Model) -> type[BaseHTTPRequestHandler]:
    """Answers ``/predict``, ``/metrics`` and ``/ready``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, "text/plain; version=0.0.4", model.metrics())
            elif self.path == "/predict" and model.shares:
                version = max(model.shares, key=lambda name: model.shares[name])
                self._answer(200, "application/json", json.dumps({"version": version, "shares": model.shares}))
            else:
                self._answer(200 if model.shares else 503, "text/plain", "")

        def _answer(self, status: int, kind: str, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # whoever asked has stopped waiting
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
            """Scrapes are nothing to speak of."""

    return Handler


def main() -> None:
    """Serves until it is stopped."""
    port, environment, rate = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    model = Model(environment, rate, os.environ)
    server = ThreadingHTTPServer(("127.0.0.1", port), handler(model))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while True:
        model.look()
        time.sleep(LOOKS)


if __name__ == "__main__":
    main()
