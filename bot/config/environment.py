"""The environment: variables that are settings of their own, and ``${NAME}`` and ``${file:PATH}`` inside values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from bot.config.secret import Secret
from bot.yaml.source import Entry, Node, Problems, resolve

#: Reads the file of ``${file:PATH}``; raises OSError or UnicodeDecodeError.
ReadSecret = Callable[[str], str]

_REFERENCE = re.compile(r"\$\{(file:[^}]*|[A-Za-z_][A-Za-z0-9_]*)\}")
_DATABASES = ("sqlite:///", "postgresql://")


def substitute(node: Node, environment: Mapping[str, str], read_secret: ReadSecret, problems: Problems) -> Node:
    """The node with every reference replaced; a missing one is noted with its place. Done once, never again."""
    if isinstance(node.value, dict):
        replaced = {
            key: Entry(entry.place, substitute(entry.node, environment, read_secret, problems))
            for key, entry in node.value.items()
        }
        return Node(node.place, replaced)
    if isinstance(node.value, tuple):
        return Node(node.place, tuple(substitute(item, environment, read_secret, problems) for item in node.value))
    if "${" not in node.text:
        return node

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if not name.startswith("file:"):
            if name not in environment:
                problems.add_unknown(node.place, f"the environment variable {name} is not set")
            return environment.get(name, "")
        try:
            return read_secret(name[5:]).strip()
        except (OSError, UnicodeDecodeError):
            problems.add_unknown(node.place, f"the file {name[5:]!r} cannot be read")
            return ""

    text = _REFERENCE.sub(value, node.text)
    return Node(node.place, resolve(text) if node.plain else text, text, node.plain)


class _Variables(msgspec.Struct, frozen=True):
    """Variables with a value, blanks trimmed; an empty variable counts as not set."""

    values: Mapping[str, str]
    problems: list[str]

    def text(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def secret(self, name: str, prefix: str = "") -> Secret | None:
        found = self.text(name)
        if found and not found.startswith(prefix):
            self.wrong(name, f"does not begin with {prefix}; copy it from the app's settings page again")
        return Secret(found) if found else None

    def wrong(self, name: str, message: str) -> None:
        self.problems.append(f"environment: {name} {message}")


def from_environment(environment: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
    """The settings that come from variables, by their name in ``Settings``; problems are appended."""
    variables = _Variables(environment, problems)
    found: dict[str, Any] = {
        "bot_token": variables.secret("SLACK_BOT_TOKEN", "xoxb-"),
        "signing_secret": variables.secret("SLACK_SIGNING_SECRET"),
        "app_token": variables.secret("SLACK_APP_TOKEN", "xapp-"),
        "alert_tokens": tuple(
            Secret(token.strip()) for token in variables.text("ALERT_TOKEN").split(",") if token.strip()
        ),
        "host": variables.text("HOST") or "127.0.0.1",
        "port": _port(variables),
    }
    shown = "127.0.0.1" if found["host"] in ("0.0.0.0", "::") else found["host"]  # noqa: S104 - compared, not bound
    local = f"http://[{shown}]:{found['port']}" if ":" in shown else f"http://{shown}:{found['port']}"
    found["public_url"] = _address(variables, "PUBLIC_URL").rstrip("/") or local
    found["slack_api_url"] = (_address(variables, "SLACK_API_URL") or "https://slack.com/api").rstrip("/") + "/"
    found["database_url"] = _database(variables)
    return found


def _port(variables: _Variables) -> int:
    written = variables.text("PORT") or "8000"
    if not written.isdecimal() or not 0 <= int(written[:9]) <= 65535:
        variables.wrong("PORT", f"is {written!r}, which is not a port number")
        return 8000
    return int(written)


def _address(variables: _Variables, name: str) -> str:
    written = variables.text(name)
    if written and not re.match(r"https?://[^/\s]+", written):
        variables.wrong(name, "is not an address; it begins with https:// or http://")
    return written


def _database(variables: _Variables) -> Secret:
    written = variables.text("DATABASE_URL") or "sqlite:///evenkeel.db"
    if written.startswith("postgres://"):
        written = "postgresql://" + written.removeprefix("postgres://")
    if not written.startswith(_DATABASES):
        variables.wrong("DATABASE_URL", "must begin with sqlite:/// or postgresql://")
    return Secret(written)
