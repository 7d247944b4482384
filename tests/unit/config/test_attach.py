"""``attach`` of evenkeel.yaml: what is said wrong has its place."""

from __future__ import annotations

import pytest

from bot.config import load_settings
from bot.errors import ConfigurationError


def settings(text: str) -> list[str]:
    """The problems of the file."""
    environment = {"SLACK_BOT_TOKEN": "xoxb-t", "SLACK_SIGNING_SECRET": "s"}
    try:
        load_settings(text, file="evenkeel.yaml", environment=environment, read_secret=str)
    except ConfigurationError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("channels: ['inc-(']", "evenkeel.yaml:1:21: 'inc-(' is no pattern: "),
        ("tools: {nagios: {secrets: [x]}}", "there is no tool 'nagios'; one of incident-io, rootly, firehydrant"),
        ("tools: {rootly: {}}", "'secrets' is empty; leave the tool out if requests are not to be signed"),
        ("tools: {incident-io: {secrets: ['not base64!']}}", "is no signing secret of incident.io"),
        ("channel: [x]", "unknown key 'channel'"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, problem: str) -> None:
    (said,) = settings(f"attach: {{{text}}}")
    assert problem in said


def test_what_is_right_is_read() -> None:
    assert settings("attach: {channels: ['^inc-'], service: fraud, tools: {rootly: {secrets: [a, b]}}}") == []
