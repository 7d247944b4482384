"""What evenkeel.yaml says about the sources of alerts."""

from __future__ import annotations

import pytest

from bot.alerts.sources import SourceSettings
from tests.unit.config.test_settings import problems, settings


def test_without_the_key_nothing_is_set() -> None:
    assert settings("installation: x").sources == {}


def test_secrets_headers_window_topics_and_the_mapping_are_read() -> None:
    found = settings(
        """
sources:
  grafana: {secrets: [new, old], signature_header: X-Sig, timestamp_header: X-Time, window: 1m}
  cloudwatch: {topics: ["arn:aws:sns:eu-west-1:1:ml"]}
  generic:
    secrets: one
    mapping: {title: $.title, severity: $.level}
    values: {severity: {P1: SEV1}}
"""
    ).sources
    assert found["grafana"] == SourceSettings(
        secrets=("new", "old"), signature_header="x-sig", timestamp_header="x-time", window=60.0
    )
    assert found["cloudwatch"].topics == ("arn:aws:sns:eu-west-1:1:ml",)
    assert found["generic"].secrets == ("one",)
    assert found["generic"].mapping == {"title": "$.title", "severity": "$.level"}
    assert found["generic"].values == {"severity": {"P1": "SEV1"}}


def test_a_secret_is_not_shown_by_accident() -> None:
    assert "s3cret" not in repr(settings("sources: {sentry: {secrets: [s3cret]}}"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sources: {grafanna: {secrets: [x]}}", "there is no source 'grafanna'; did you mean 'grafana'?"),
        ("sources: {nagios: {secrets: [x]}}", "there is no source 'nagios'; one of alertmanager, cloudevents"),
        ("sources: {grafana: {secret: [x]}}", "unknown key 'secret' in source 'grafana'; did you mean 'secrets'?"),
        ("sources: {grafana: {topics: [x]}}", "unknown key 'topics' in source 'grafana'"),
        ("sources: {grafana: {secrets: []}}", "'secrets' holds none"),
        ('sources: {grafana: {secrets: [""]}}', "'secrets' holds none"),
        ("sources: {grafana: {secrets: [x], signature_header: X Sig}}", "'signature_header: X Sig' is not the name"),
        ("sources: {grafana: {window: soon}}", "'window: soon' is not a duration"),
        ("sources: {generic: {values: {severity: P1}}}", "'severity' must be a mapping"),
        ("sources: {cloudwatch: {topics: ['*']}}", "'*' is no ARN of an SNS topic"),
        ("sources: {cloudwatch: {topics: ['arn:aws:sqs:eu-west-1:1:ml']}}", "is no ARN of an SNS topic"),
        ("sources: [grafana]", "'sources' must be a mapping"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    (line,) = problems(text)
    assert said in line
    assert line.startswith("evenkeel.yaml:1:")
