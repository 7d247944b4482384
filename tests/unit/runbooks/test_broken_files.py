"""Every mistake in a runbook is told with its place: ``broken/NAME.yaml`` and, beside it, what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.runbooks.loading import load_library, load_runbook

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
LIBRARY = Path(__file__).parents[3] / "bot" / "runbooks" / "library"


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_mistake_is_told_with_its_line_and_column(file: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_runbook(file.read_text(encoding="utf-8"), file="runbooks/it.yaml")

    said = [line.removeprefix("runbooks/it.yaml:") for line in refused.value.problems]
    assert said == file.with_suffix(".txt").read_text(encoding="utf-8").splitlines()


def test_a_broken_file_takes_no_good_one_down() -> None:
    files = {file.name: file.read_text(encoding="utf-8") for file in BROKEN}
    good = {file.name: file.read_text(encoding="utf-8") for file in LIBRARY.glob("*.yaml")}

    library = load_library(files | good)

    assert sorted(runbook.file for runbook in library.runbooks) == sorted(good)
    assert {problem.partition(":")[0] for problem in library.problems} == set(files)


def test_the_same_version_with_another_text_is_refused() -> None:
    text = (LIBRARY / "generic.yaml").read_text(encoding="utf-8")
    first = load_library({"generic.yaml": text})
    edited = text.replace("Three questions", "Four questions")

    beside = load_library({"a.yaml": text, "b.yaml": edited})
    pinned = load_library({"b.yaml": edited}, pinned=[first.runbooks[0].head])
    raised = load_library({"b.yaml": edited.replace("version: 1", "version: 2")}, pinned=[first.runbooks[0].head])

    assert [runbook.file for runbook in beside.runbooks] == ["a.yaml"]
    assert beside.problems == (
        "b.yaml:1:1: 'generic' version 1 differs from what a.yaml has; raise 'version' when the text changes",
    )
    assert pinned.runbooks == ()
    assert "differs from what an incident has" in pinned.problems[0]
    assert raised.problems == ()


def test_the_newest_version_of_a_runbook_is_the_one_that_counts() -> None:
    text = (LIBRARY / "generic.yaml").read_text(encoding="utf-8")
    library = load_library({"old.yaml": text, "new.yaml": text.replace("version: 1", "version: 12")})

    found = library.get("generic")

    assert found is not None
    assert found.head.version == 12
