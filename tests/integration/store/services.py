"""Services and alerts to write about."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from bot.alerts.alert import Alert
from bot.config import Settings
from bot.runbooks.loading import Library, load_library
from bot.service import Service
from bot.store import Store
from tests.conftest import START
from tests.routes import EVERYTHING_OPENS

RUNBOOK = """
schema: runbook/v1
id: generic
version: 1
title: Something is wrong
failure_mode: generic
owner: ml-oncall
summary: Look.
match:
  - failure_mode: generic
phases:
  check:
    - {id: look, task: Look at it.}
"""
LIBRARY: Library = load_library({"generic.yaml": RUNBOOK})


def service(store: Store, *, owner: str | None = None, **settings: Any) -> Service:
    """A service with one runbook; ``settings`` are those that differ from the defaults. Every alert opens."""
    settings = {"routes": EVERYTHING_OPENS} | settings
    return Service(store, settings=Settings(**settings), library=LIBRARY, owner=owner)


def alert(
    fingerprint: str = "f1", *, status: Literal["firing", "resolved"] = "firing", name: str = "ModelRecallDrop",
    starts_at: datetime = START, ends_at: datetime | None = None, **labels: str,
) -> Alert:  # fmt: skip
    """An alert of fraud-scorer, unless ``labels`` say otherwise."""
    return Alert(
        source="alertmanager", fingerprint=fingerprint, status=status, name=name, starts_at=starts_at,
        ends_at=ends_at, labels={"service": "fraud-scorer"} | labels, summary="recall below 0.8",
    )  # fmt: skip
