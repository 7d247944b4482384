"""The demo as a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: how long its end may take, in seconds; less than one on a machine that has nothing else to do
_PATIENCE = 90


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
            try:
                code = demo.wait(timeout=_PATIENCE)
            finally:
                demo.kill()  # what does not end would be waited for without an end
        assert code == 0
