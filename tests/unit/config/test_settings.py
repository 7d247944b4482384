"""Settings come from the file and the environment, with the same defaults with and without a file."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.config import Secret, Settings, load_settings, require_alert_token, require_slack, who_may_send
from bot.errors import ConfigurationError
from tests.unit.runbooks.examples import example_settings

SLACK = {"SLACK_BOT_TOKEN": "xoxb-t0ken", "SLACK_SIGNING_SECRET": "s1gning"}


def settings(text: str | None = None, environment: Mapping[str, str] | None = None, **files: str) -> Settings:
    def read(path: str) -> str:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    return load_settings(text, file="evenkeel.yaml", environment=environment or {}, read_secret=read)


def problems(text: str | None = None, environment: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        settings(text, environment)
    return refused.value.problems


@pytest.mark.parametrize("text", [None, "", "# nothing but a comment\n", "services:\n"])
def test_nothing_written_means_the_defaults(text: str | None) -> None:
    assert settings(text) == Settings()


def test_the_defaults_are_those_of_the_contract() -> None:
    found = settings()

    assert (found.host, found.port, found.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert found.slack_api_url == "https://slack.com/api/"
    assert found.database_url == "sqlite:///evenkeel.db"
    assert (found.incidents_channel, found.stakeholders_channel) == ("#ml-incidents", "#stakeholders")
    assert found.command == "/incident"
    assert found.service_labels == ("service", "model", "job")
    assert found.grouping_window == 30 * 60
    assert (found.allow_shared_channels, found.invite_guests) == (False, False)
    assert found.update_cadence == {"SEV1": 1200, "SEV2": 1800, "SEV3": 7200, "SEV4": 86400}
    assert found.alert_tokens == ()


def test_nothing_but_a_person_the_word_itself_or_the_first_priority_makes_it_sev1() -> None:
    assert [label for label, severity in settings().severity_labels.items() if severity == "SEV1"] == ["sev1", "p1"]


def test_the_example_is_good_and_holds_everything() -> None:
    found = example_settings()

    assert set(found.connectors) == {"prometheus", "evaluator", "flags", "alertmanager", "registry"}
    assert found.connectors["flags"].operations["set"].body == {"value": "{{ value }}"}
    assert found.connectors["evaluator"].token == "evaluator-s3cret"
    assert found.oncall == {"ml-oncall": ("U0123MLONC",)}
    assert found.failure_modes[0].failure_mode == "performance"
    assert found.severity_labels["critical"] == "SEV2"
    assert found.services["fraud-scorer"].stakeholders == ("risk",)
    assert found.services["fraud-scorer"].place.startswith("evenkeel.example.yaml:")


def test_what_a_severity_label_means_can_be_said_in_any_case() -> None:
    found = settings("severity_labels: {Urgent: sev2, critical: SEV3}\n")

    assert found.severity_labels["urgent"] == "SEV2"
    assert found.severity_labels["critical"] == "SEV3"
    assert found.severity_labels["warning"] == "SEV3"


def test_an_audience_has_its_channel_and_the_stakeholders_have_theirs() -> None:
    found = example_settings()

    assert found.audiences["risk"].channel == "#risk-updates"
    assert found.stakeholders_channel == "#stakeholders"


def test_the_environment_says_where_and_with_which_secrets() -> None:
    found = settings(
        None,
        {
            **SLACK,
            "SLACK_APP_TOKEN": "xapp-t0ken",
            "SLACK_API_URL": "http://127.0.0.1:9999/api",
            "DATABASE_URL": "postgres://bot:pw@db.example/evenkeel",
            "ALERT_TOKEN": "old, new,",
            "HOST": "0.0.0.0",  # noqa: S104 - a value to be read
            "PORT": "9000",
        },
    )

    assert (found.bot_token, found.signing_secret, found.app_token) == ("xoxb-t0ken", "s1gning", "xapp-t0ken")
    assert found.slack_api_url == "http://127.0.0.1:9999/api/"
    assert found.database_url == "postgresql://bot:pw@db.example/evenkeel"
    assert found.alert_tokens == ("old", "new")
    assert found.public_url == "http://127.0.0.1:9000"


def test_the_public_address_may_be_another_one() -> None:
    assert settings(None, {"PUBLIC_URL": "https://bot.example/"}).public_url == "https://bot.example"
    assert settings(None, {"HOST": "::1"}).public_url == "http://[::1]:8000"


def test_an_empty_variable_is_no_variable() -> None:
    assert settings(None, {"PORT": "", "SLACK_BOT_TOKEN": " ", "DATABASE_URL": ""}) == Settings()


def test_every_wrong_variable_is_named_and_no_secret_is_repeated() -> None:
    said = problems(
        "colour: red\n",
        {"PORT": "80a", "SLACK_BOT_TOKEN": "s3cret", "SLACK_APP_TOKEN": "s3cret", "DATABASE_URL": "mysql://s3cret",
         "PUBLIC_URL": "bot.example", "SLACK_API_URL": "slack"},
    )  # fmt: skip

    assert said == [
        "evenkeel.yaml:1:1: unknown key 'colour' in evenkeel.yaml",
        "environment: SLACK_BOT_TOKEN does not begin with xoxb-; copy it from the app's settings page again",
        "environment: SLACK_APP_TOKEN does not begin with xapp-; copy it from the app's settings page again",
        "environment: PORT is '80a', which is not a port number",
        "environment: PUBLIC_URL is not an address; it begins with https:// or http://",
        "environment: SLACK_API_URL is not an address; it begins with https:// or http://",
        "environment: DATABASE_URL must begin with sqlite:/// or postgresql://",
    ]


def test_a_value_may_come_from_a_variable_or_a_file() -> None:
    text = """\
grouping_window: ${WINDOW}
allow_shared_channels: ${SHARED}
connectors:
  api:
    kind: http
    url: https://${HOST_NAME}/v1
    token: ${file:token}
    headers: {X-Key: "key ${KEY}"}
"""
    variables = {"WINDOW": "1h", "SHARED": "true", "HOST_NAME": "api.example", "KEY": "k"}
    found = settings(text, variables, token="f1le-s3cret\n")

    assert found.grouping_window == 3600
    assert found.allow_shared_channels is True
    assert found.connectors["api"].url == "https://api.example/v1"
    assert found.connectors["api"].token == "f1le-s3cret"
    assert found.connectors["api"].headers == {"X-Key": "key k"}


def test_what_was_put_in_is_not_looked_at_again() -> None:
    text = "connectors:\n  api: {kind: http, url: https://api.example, token: '${OUTER}'}\n"
    found = settings(text, {"OUTER": "${INNER}", "INNER": "never"})

    assert found.connectors["api"].token == "${INNER}"


def test_a_variable_in_quotes_stays_text() -> None:
    assert problems("grouping_window: 30m\nallow_shared_channels: '${FLAG}'\n", {"FLAG": "true"}) == [
        "evenkeel.yaml:2:24: 'allow_shared_channels' must be true or false, not 'true'"
    ]


def test_a_secret_is_never_shown() -> None:
    found = settings(
        "connectors:\n  api: {kind: http, url: https://api.example, token: '${T}', headers: {K: '${T}'}}\n",
        {**SLACK, "T": "t0psecret", "ALERT_TOKEN": "al3rt", "DATABASE_URL": "postgresql://u:pa55@db/x"},
    )

    shown = f"{found!r} {found} {vars_of(found)!r}"
    for secret in ("xoxb-t0ken", "s1gning", "t0psecret", "al3rt", "pa55"):
        assert secret not in shown


def vars_of(found: Settings) -> dict[str, object]:
    return {name: getattr(found, name) for name in found.__struct_fields__}


def test_a_secret_is_an_ordinary_text_to_those_who_use_it() -> None:
    secret = Secret("x")

    assert f"Bearer {secret}" == "Bearer x"
    assert secret == "x"
    assert repr(secret) == "'***'"
    assert repr(Secret("")) == "''"


def test_slack_needs_a_token_and_a_secret_and_says_where_they_are() -> None:
    with pytest.raises(ConfigurationError) as refused:
        require_slack(settings())

    assert [line.partition(" ")[0] for line in refused.value.problems] == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]
    assert "OAuth & Permissions" in refused.value.problems[0]
    assert "Basic Information" in refused.value.problems[1]


def test_over_socket_mode_no_signing_secret_is_needed() -> None:
    require_slack(settings(None, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}))
    require_slack(settings(None, SLACK))


def test_without_an_alert_token_the_cure_is_said() -> None:
    with pytest.raises(ConfigurationError, match="choose a long random text"):
        require_alert_token(settings())
    require_alert_token(settings(None, {"ALERT_TOKEN": "x"}))


def test_who_may_send_alerts_is_said_in_a_sentence() -> None:
    assert who_may_send(settings()) == (False, "ALERT_TOKEN is not set: no alert can come in")
    assert who_may_send(settings(None, {"ALERT_TOKEN": "x"})) == (True, "ALERT_TOKEN is set")
    signed = settings("sources: {sentry: {secrets: [x]}, opsgenie: {secrets: [y]}, grafana: {window: 1m}}")
    assert who_may_send(signed) == (True, "ALERT_TOKEN is not set; secrets or topics of their own: opsgenie, sentry")
