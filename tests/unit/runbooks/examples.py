"""A service and runbooks that the tests share."""

from __future__ import annotations

from pathlib import Path

from bot.config import Settings, load_settings
from bot.runbooks.loading import Library, load_library, load_runbook
from bot.runbooks.service import Service
from bot.runbooks.short import ShortRunbook

ROOT = Path(__file__).parents[3]
LIBRARY = ROOT / "bot" / "runbooks" / "library"

HEAD = """\
schema: runbook/v1
id: example
version: 1
title: Example
failure_mode: performance
owner: ml-oncall
summary: An example.
match:
  - failure_mode: performance
phases:
"""


def example_settings() -> Settings:
    """The settings of evenkeel.example.yaml."""
    text = (ROOT / "evenkeel.example.yaml").read_text(encoding="utf-8")
    environment = {"EVALUATOR_TOKEN": "evaluator-s3cret", "FLAGS_TOKEN": "flags-s3cret"}
    return load_settings(text, file="evenkeel.example.yaml", environment=environment, read_secret=str)


def fraud_scorer() -> Service:
    """The service of evenkeel.example.yaml."""
    return example_settings().services["fraud-scorer"]


def shipped() -> Library:
    """The runbooks that come with the program."""
    return load_library({file.name: file.read_text(encoding="utf-8") for file in LIBRARY.glob("*.yaml")})


def shipped_runbook(runbook_id: str) -> ShortRunbook:
    """One of them."""
    found = shipped().get(runbook_id)
    assert found is not None
    return found


def runbook(phases: str) -> ShortRunbook:
    """A runbook with these phases, indented by two spaces."""
    return load_runbook(HEAD + phases, file="example.yaml")
