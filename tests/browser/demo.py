"""The demo as a process of its own, and a browser in front of it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@contextmanager
def running_demo(folder: Path, *, scenario: str = "fraud-recall-drop") -> Iterator[str]:
    """What ``evenkeel demo`` says to open, run in ``folder``; the demo ends well when it is told to."""
    command = [sys.executable, "-m", "bot.cli", "demo", "--port", "0", "--no-browser", "--scenario", scenario]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as demo:
        try:
            assert demo.stdout is not None
            yield next(match[1] for line in demo.stdout if (match := re.search(r"Open\s+(http\S+)", line)))
        finally:
            demo.terminate()
            assert demo.wait(timeout=15) == 0


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()
