"""The files behind the settings: evenkeel.yaml, secret files and the folder of runbooks.

The only part of the configuration that touches the disk. Which files are read is said by EVENKEEL_CONFIG and
EVENKEEL_RUNBOOKS; without them, what lies in the current folder, else what was shipped with the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.config.loading import load_settings
from bot.config.settings import Settings
from bot.errors import ConfigurationError

SHIPPED = Path(__file__).parent.parent / "runbooks" / "library"


def config_path(environment: Mapping[str, str]) -> Path | None:
    """evenkeel.yaml, or None if there is none. One that EVENKEEL_CONFIG names must exist: ConfigurationError."""
    named = environment.get("EVENKEEL_CONFIG", "")
    path = Path(named or "evenkeel.yaml")
    if not path.is_file():
        if named:
            raise ConfigurationError([f"environment: EVENKEEL_CONFIG names {named!r}, which is not a file"])
        return None
    return path


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of this environment. Raises ConfigurationError with every problem."""
    path = config_path(environment)
    text = None if path is None else read_text(path)
    return load_settings(text, file=str(path or "evenkeel.yaml"), environment=environment, read_secret=read_secret)


def read_secret(path: str) -> str:
    """The text of ``${file:PATH}``; raises OSError."""
    return Path(path).read_text(encoding="utf-8")


def runbook_folder(environment: Mapping[str, str]) -> Path:
    """Where the runbooks lie. A folder that EVENKEEL_RUNBOOKS names must exist: ConfigurationError."""
    named = environment.get("EVENKEEL_RUNBOOKS", "")
    if named:
        if not Path(named).is_dir():
            raise ConfigurationError([f"environment: EVENKEEL_RUNBOOKS names {named!r}, which is not a folder"])
        return Path(named)
    here = Path("runbooks")
    return here if here.is_dir() else SHIPPED


def read_runbooks(folder: Path) -> dict[str, str]:
    """File name -> text of every ``*.yaml`` in a folder."""
    return {str(path): read_text(path) for path in sorted(folder.glob("*.yaml"))}


def readable_runbooks(folder: Path) -> tuple[dict[str, str], list[str]]:
    """As ``read_runbooks``, without those that are no text, and a problem for each of these."""
    texts: dict[str, str] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            texts[str(path)] = read_text(path)
        except ConfigurationError as error:
            problems += error.problems
    return texts, problems


def read_text(path: Path) -> str:
    """The text of a file. Raises ConfigurationError if it cannot be read as UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError([f"{path}:1:1: cannot be read: {error}"]) from error
