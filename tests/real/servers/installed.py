"""Where the real servers are that ``.ci/servers`` installs, or why a test that needs one cannot run."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest

LOCKS = Path(__file__).parent.parent / "locks"
REQUIRE_ALL = os.environ.get("EVENKEEL_REQUIRE_ALL") == "1"


def program(name: str) -> str:
    """The path of a program that one of Debian's packages brings."""
    return shutil.which(name) or _missing(f"{name} is not installed")


def mlflow() -> Path:
    """The Python of MLflow's own environment."""
    return _cached("mlflow", LOCKS / "mlflow.lock") / "bin" / "python"


def unleash() -> Path:
    """The script that Node.js runs."""
    program("node")
    folder = _cached("unleash", LOCKS / "unleash" / "package-lock.json")
    return folder / "node_modules" / "unleash-server" / "dist" / "server.js"


def debian_python(package: str) -> Path:
    """Debian's own Python, which has the package."""
    python = Path("/usr/bin/python3")
    if not python.exists() or not Path("/usr/lib/python3/dist-packages", package).is_dir():
        _missing(f"Debian's {package} is not installed")
    return python


def _cached(name: str, lock: Path) -> Path:
    usual = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "evenkeel"
    cache = Path(os.environ.get("EVENKEEL_SERVERS") or usual)
    folder = cache / f"{name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    if not (folder / ".installed").exists():
        _missing(f"{name} is not installed")
    return folder


def _missing(what: str) -> str:
    what = f"{what}: `make servers` installs the real servers"
    if REQUIRE_ALL:
        pytest.fail(what)
    pytest.skip(what)
