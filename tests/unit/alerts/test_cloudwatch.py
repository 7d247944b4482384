"""CloudWatch: what Amazon signed for a topic that may send is taken, and nothing else is believed or visited."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from bot.alerts.alert import Alert
from bot.alerts.sources import Request
from bot.alerts.sources.cloudwatch import SOURCE
from bot.errors import BadRequest, Unauthenticated
from tests.unit.alerts.amazon import CERTIFICATE, TOPIC, certificate, signed
from tests.unit.alerts.requests import NOW, TOKEN, bearer, changed, recorded, request

BASIC = {"authorization": "Basic " + base64.b64encode(f"sns:{TOKEN}".encode()).decode()}


def sent(body: bytes, headers: dict[str, str] | None = None, *, by: str = "amazon", **settings: Any) -> Request:
    """The request with the certificate that it asked for; the topic may send unless said."""
    topics = settings.pop("topics", (TOPIC,))
    return replace(request(body, headers, topics=topics, **settings), certificate=certificate(by))


def refused(asked: Request) -> str:
    with pytest.raises(Unauthenticated) as why:
        SOURCE.verify(asked)
    return str(why.value)


# --- who sent it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("fixture", ["1_alarm", "2_ok", "4_subscription", "5_published"])
def test_what_amazon_signed_is_taken(fixture: str, version: str) -> None:
    asked = sent(signed(fixture, SignatureVersion=version))
    assert SOURCE.certificate(asked) == CERTIFICATE
    SOURCE.verify(asked)


@pytest.mark.parametrize("field", ["Message", "MessageId", "Subject", "Timestamp", "TopicArn"])
def test_a_message_that_was_changed_on_its_way_is_refused(field: str) -> None:
    body = changed(signed("1_alarm"), field, to=TOPIC if field == "TopicArn" else "2026-11-21T03:30:01.000Z")
    topics = (TOPIC,)
    if field == "TopicArn":
        body, topics = changed(body, field, to="arn:other"), ("arn:other",)
    assert "signature is not one of Amazon" in refused(sent(body, topics=topics))


def test_a_signature_of_somebody_else_is_refused() -> None:
    assert "signature is not one" in refused(sent(signed("1_alarm", by="mallory")))
    for signature in ("", "!!!", "AAAA", None):
        body = changed(signed("1_alarm"), "Signature", to=signature)
        with pytest.raises(Unauthenticated):
            SOURCE.verify(sent(body))


@pytest.mark.parametrize("pem", [b"", b"no certificate", certificate("amazon", begins=NOW + timedelta(days=1)),
                                 certificate("amazon", begins=NOW - timedelta(days=400))])  # fmt: skip
def test_a_certificate_that_is_none_or_not_of_now_is_refused(pem: bytes) -> None:
    assert "signature is not one" in refused(replace(sent(signed("1_alarm")), certificate=pem))


@pytest.mark.parametrize(
    "address",
    [
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem",
        "https://evil.example/sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-1.pem",
        "https://evil.example#sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://evil.example\\.sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://bucket.s3.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com/?Action=GetTopic&x=/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com/other.pem",
        "https://169.254.169.254/SimpleNotificationService-1.pem",
        "https://sns.eu\r\n-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://[::1/SimpleNotificationService-1.pem", "file:///etc/passwd", "",
    ],
)  # fmt: skip
def test_a_certificate_comes_from_amazon_and_from_nowhere_else(address: str) -> None:
    asked = sent(signed("1_alarm", SigningCertURL=address))
    with pytest.raises(Unauthenticated, match="SigningCertURL"):
        SOURCE.certificate(asked)
    assert "SigningCertURL" in refused(asked)


def test_chinas_regions_are_amazons_too() -> None:
    address = "https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-1a.pem"
    assert SOURCE.certificate(sent(signed("1_alarm", SigningCertURL=address))) == address


def test_a_topic_that_is_not_named_may_not_send_and_nothing_is_fetched_for_it() -> None:
    asked = sent(signed("1_alarm"), BASIC, topics=("arn:aws:sns:eu-west-1:1:other",))
    with pytest.raises(Unauthenticated, match="is not among `topics`"):
        SOURCE.certificate(asked)


def test_without_topics_the_token_is_the_password_and_the_signature_counts_too() -> None:
    SOURCE.verify(sent(signed("1_alarm"), BASIC, topics=()))
    assert "signature is not one" in refused(sent(signed("1_alarm", by="mallory"), BASIC, topics=()))
    with pytest.raises(Unauthenticated, match="Name the topic") as asked_for:
        SOURCE.certificate(sent(signed("1_alarm"), topics=()))
    assert asked_for.value.scheme.startswith("Basic")


def test_an_old_message_is_refused_after_the_hour_in_which_sns_tries() -> None:
    SOURCE.verify(sent(signed("1_alarm", at=NOW - timedelta(minutes=59))))
    for at in (NOW - timedelta(minutes=61), NOW + timedelta(minutes=6)):
        assert "not of now" in refused(sent(signed("1_alarm", at=at)))


def test_eventbridge_needs_the_token() -> None:
    body = recorded("cloudwatch", "6_eventbridge")
    asked = request(body, bearer(TOKEN), topics=(TOPIC,))
    assert SOURCE.certificate(asked) == ""
    SOURCE.verify(asked)
    assert "token" in refused(request(body, topics=(TOPIC,)))


# --- subscriptions ----------------------------------------------------------------------------------------------


def test_a_subscription_is_confirmed_at_amazons_address_only() -> None:
    confirming = sent(signed("4_subscription"))
    assert SOURCE.visit(confirming).startswith("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&")
    assert SOURCE.parse(confirming).alerts == ()
    for address in (
        "https://evil.example/?Action=ConfirmSubscription", "http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription",
        "https://sns.eu-west-1.amazonaws.com/?Action=DeleteTopic", "https://sns.eu-west-1.amazonaws.com/x?Action=ConfirmSubscription",
        "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Action=DeleteTopic",
    ):  # fmt: skip
        assert SOURCE.visit(sent(signed("4_subscription", SubscribeURL=address))) == ""
    assert SOURCE.visit(sent(signed("1_alarm"))) == ""


# --- what it says -----------------------------------------------------------------------------------------------


def told(body: bytes) -> Alert:
    (alert,) = SOURCE.parse(sent(body)).alerts
    return alert


def test_an_alarm_is_named_by_its_arn_and_not_by_its_message() -> None:
    began, ended = told(signed("1_alarm")), told(signed("2_ok"))
    assert began.fingerprint == ended.fingerprint == told(recorded("cloudwatch", "6_eventbridge")).fingerprint
    assert (began.status, ended.status, began.dated) == ("firing", "resolved", False)
    assert ended.ends_at == datetime(2026, 11, 21, 3, 40, 29, 876000, tzinfo=UTC)


@pytest.mark.parametrize("body", [signed("1_alarm"), recorded("cloudwatch", "6_eventbridge")])
def test_its_dimensions_say_which_service(body: bytes) -> None:
    alert = told(body)
    assert alert.name == "fraud-scorer model latency"
    assert alert.labels["service"] == alert.labels["EndpointName"] == "fraud-scorer"
    assert (alert.labels["metric"], alert.labels["region"]) == ("ModelLatency", "eu-west-1")
    assert alert.summary == "p99 of the endpoint is over 300 ms"
    assert alert.url.startswith("https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2")
    assert alert.starts_at == datetime(2026, 11, 21, 3, 29, 29, 876000, tzinfo=UTC)


def test_an_alarm_about_a_band_has_its_metric_in_a_list() -> None:
    alert = told(signed("7_anomaly"))
    assert (alert.labels["service"], alert.labels["metric"]) == ("fraud-scorer", "Invocations")
    assert alert.labels["namespace"] == "AWS/SageMaker"
    assert alert.summary.startswith("Thresholds Crossed: 2 out of the last 3 datapoints")


def test_by_eventbridge_the_first_that_is_measured_counts_and_not_what_is_computed() -> None:
    event = recorded("cloudwatch", "6_eventbridge")
    (metric,) = msgspec.json.decode(event)["detail"]["configuration"]["metrics"]
    computed = {"id": "e1", "expression": "m1 / 1000", "label": "ms", "returnData": True}
    alert = told(changed(event, "detail", "configuration", "metrics", to=[computed, metric]))
    assert (alert.labels["service"], alert.labels["metric"]) == ("fraud-scorer", "ModelLatency")


def test_a_composite_alarm_says_which_alarms_are_behind_it() -> None:
    alert = told(signed("8_composite"))
    assert (alert.name, alert.status) == ("fraud-scorer unwell", "firing")
    assert alert.summary == "Behind it: fraud-scorer model latency"
    assert alert.annotations["alarms"] == "fraud-scorer model latency"


def test_too_few_data_say_nothing() -> None:
    assert SOURCE.parse(sent(signed("3_insufficient_data"))).alerts == ()


def test_whatever_else_is_published_is_an_alert_too() -> None:
    alert = told(signed("5_published"))
    assert (alert.name, alert.labels["topic"]) == ("Training failed", "ml-alarms")
    assert "nightly training" in alert.summary
    assert told(signed("5_published", Message='{"a": 1}')).name == "Training failed"
    assert told(signed("5_published", Subject=None)).name == "The nightly training did not finish."


def test_a_delivery_is_numbered_by_sns_or_eventbridge() -> None:
    assert SOURCE.delivery(sent(signed("1_alarm"))).startswith("a1f0c8f2")
    assert SOURCE.delivery(request(recorded("cloudwatch", "6_eventbridge"))).startswith("c4c1c1c9")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"AlarmName": 7}', b'{"detail-type": "CloudWatch Alarm State Change"}', b"\xff",
     b"[" * 100_000, b'{"AlarmName": "a", "NewStateValue": "ALARM", "Trigger": 7}'],
)  # fmt: skip
def test_what_cannot_be_read_is_told_why(body: bytes) -> None:
    with pytest.raises(BadRequest):
        SOURCE.parse(request(body))


@pytest.mark.parametrize("field", ["AlarmArn", "AlarmDescription", "StateChangeTime", "Trigger", "NewStateReason"])
@pytest.mark.parametrize("value", [..., None, 7, [], {"a": []}, "x" * 5000, "<!channel>\u202e\x07"])
def test_an_alarm_with_odd_fields_is_taken_or_told_why(field: str, value: Any) -> None:
    alarm = changed(msgspec.json.decode(recorded("cloudwatch", "1_alarm"))["Message"].encode(), field, to=value)
    try:
        (alert,) = SOURCE.parse(sent(signed("1_alarm", Message=alarm.decode()))).alerts
    except BadRequest as why:
        assert field in str(why) or field[0].lower() + field[1:] in str(why)
        return
    assert alert.name == "fraud-scorer model latency"
