"""The pages of the documentation, read once for the tests about them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


@cache
def text(page: Path) -> str:
    """The whole page."""
    return page.read_text(encoding="utf-8")


def shown(page: Path) -> str:
    """A page without its examples: what stands there explains."""
    return FENCED.sub("", text(page))


def headings(page: Path) -> list[str]:
    """Its headings, of every level."""
    return re.findall(r"^#+ (.*)$", shown(page), re.MULTILINE)
