"""Replays of the shipped example, with some of its files changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.config.files import SHIPPED
from bot.replay.command import Format, replay_files

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "replay"
RUNBOOK = SHIPPED / "model-performance-drop.yaml"


class Outcome(msgspec.Struct, frozen=True):
    """What was printed, and whether all went as the answers say."""

    text: str
    fine: bool

    @property
    def told(self) -> dict[str, Any]:
        """The JSON."""
        found: dict[str, Any] = json.loads(self.text)
        return found

    def step(self, step_id: str) -> dict[str, Any]:
        """Where a step ended."""
        return next(step for step in self.told["steps"] if step["id"] == step_id)


class Folder:
    """A copy of the example whose files a test may write anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.answers = (EXAMPLE / "answers.yaml").read_text(encoding="utf-8")
        self.alert = (EXAMPLE / "alert.yaml").read_text(encoding="utf-8")
        self.runbook = RUNBOOK.read_text(encoding="utf-8")
        self.config = (EXAMPLE / "evenkeel.yaml").read_text(encoding="utf-8")

    def replay(self, kind: Format = "json", *, answers: bool = True) -> Outcome:
        """The files as they are now, replayed."""
        written = {"book.yaml": self.runbook, "alert.yaml": self.alert, "answers.yaml": self.answers,
                   "evenkeel.yaml": self.config}  # fmt: skip
        for name, text in written.items():
            (self.path / name).write_text(text, encoding="utf-8")
        text, fine = replay_files(
            self.path / "book.yaml", alert=self.path / "alert.yaml",
            answers=self.path / "answers.yaml" if answers else None,
            environment={"EVENKEEL_CONFIG": str(self.path / "evenkeel.yaml")}, kind=kind,
        )  # fmt: skip
        return Outcome(text, fine)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)
