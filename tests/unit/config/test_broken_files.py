"""Every mistake in evenkeel.yaml is told with its place: ``broken/NAME.yaml`` and, beside it, what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import load_settings
from bot.errors import ConfigurationError

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))


def no_file(path: str) -> str:
    raise FileNotFoundError(path)


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_mistake_is_told_with_its_line_and_column(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load_settings(text, file="evenkeel.yaml", environment={}, read_secret=no_file)

    said = [line.removeprefix("evenkeel.yaml:") for line in refused.value.problems]
    assert said == file.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
