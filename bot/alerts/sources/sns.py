"""What Amazon's Simple Notification Service sends: the envelope, and whether Amazon signed it.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html. The certificate is fetched, over
HTTPS whose chain is checked, from a host of Amazon's and from nowhere else; it holds the key that made the signature.
Anybody with an account there can have a message signed: so the topic has to be one that evenkeel.yaml names, or the
request carries a token as the password of its address.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from datetime import timedelta
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from bot.alerts.sources.reading import moment_or
from bot.alerts.sources.source import Request
from bot.alerts.sources.tokens import carries_token, opening
from bot.errors import Unauthenticated

_HOST = re.compile(r"sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?")
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[A-Za-z0-9]{1,80}\.pem")
#: which of its fields are signed, in this order
_SIGNED = ("Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_ONLY_TO_CONFIRM = ("SubscribeURL", "Token")
#: SNS tries for up to an hour to deliver what it signed once
_TRIES = timedelta(hours=1)


class Envelope(msgspec.Struct, frozen=True, rename="pascal"):
    """A message of SNS; what is in it stands in ``message``."""

    type: Literal["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]
    message_id: str
    topic_arn: str
    message: str
    timestamp: str
    signature: str
    signing_cert_url: str = msgspec.field(name="SigningCertURL")
    signature_version: str = "1"
    subject: str | None = None
    token: str | None = None
    subscribe_url: str | None = msgspec.field(name="SubscribeURL", default=None)


_decoder = msgspec.json.Decoder(Envelope)


def envelope(body: bytes) -> Envelope | None:
    """The envelope, of which nothing is known to be true yet; None if the body is none."""
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def certificate_address(request: Request, sent: Envelope) -> str:
    """Where its certificate lies. Raises ``Unauthenticated`` for a topic that may not send, or another host."""
    _demand_topic(request, sent)
    if not _is_amazons(sent.signing_cert_url, _CERTIFICATE):
        raise Unauthenticated("SigningCertURL is no address of a certificate of Amazon SNS.")
    return sent.signing_cert_url


def demand_genuine(request: Request, sent: Envelope) -> None:
    """Raises ``Unauthenticated`` unless Amazon signed it for a topic that may send, and not long ago."""
    certificate_address(request, sent)
    if not _is_signed(request, sent):
        raise Unauthenticated("The signature is not one of Amazon SNS.")
    sent_at = moment_or(sent.timestamp, request.at.replace(year=1))
    if not -request.settings.window <= (request.at - sent_at).total_seconds() <= _TRIES.total_seconds():
        raise Unauthenticated("The signature is not of now: SNS tries for an hour to deliver a message.")


def subscription(sent: Envelope) -> str:
    """The address that confirms the subscription, if the message is about one; Amazon's own, or none."""
    address = sent.subscribe_url or ""
    if sent.type != "SubscriptionConfirmation" or not _is_amazons(address, re.compile(r"/?")):
        return ""
    return address if parse_qs(urlsplit(address).query).get("Action") == ["ConfirmSubscription"] else ""


def _demand_topic(request: Request, sent: Envelope) -> None:
    topics = request.settings.topics
    if topics and sent.topic_arn not in topics:
        raise Unauthenticated(f"The topic {sent.topic_arn[:200]} is not among `topics` of `sources: cloudwatch`.")
    if not topics and not carries_token(request.headers, opening(request)):
        raise Unauthenticated(
            "Name the topic under `topics` of `sources: cloudwatch`, or send the token as the address's password.",
            scheme='Basic realm="Evenkeel"',
        )


def _is_amazons(address: str, path: re.Pattern[str]) -> bool:
    if len(address) > 2000 or not address.isascii() or not address.isprintable() or "\\" in address:
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = parts.netloc.removesuffix(":443")
    return (
        parts.scheme == "https"
        and port in (None, 443)
        and bool(_HOST.fullmatch(host))
        and bool(path.fullmatch(parts.path))
        and not parts.fragment
    )


def _is_signed(request: Request, sent: Envelope) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate(request.certificate)
        key, signature = certificate.public_key(), b64decode(sent.signature, validate=True)
        if not certificate.not_valid_before_utc <= request.at <= certificate.not_valid_after_utc:
            return False
        if not isinstance(key, RSAPublicKey):
            return False
        key.verify(signature, _signed_text(sent), padding.PKCS1v15(), _hash(sent.signature_version))
    except (InvalidSignature, NotBase64, ValueError):
        return False
    return True


def _hash(version: str) -> hashes.HashAlgorithm:
    if version == "2":
        return hashes.SHA256()
    if version == "1":
        return hashes.SHA1()  # noqa: S303 - what topics of version 1 are signed with; see the page above
    raise ValueError(version)


def _signed_text(sent: Envelope) -> bytes:
    fields = {
        "Message": sent.message, "MessageId": sent.message_id, "Subject": sent.subject, "Timestamp": sent.timestamp,
        "SubscribeURL": sent.subscribe_url, "Token": sent.token, "TopicArn": sent.topic_arn, "Type": sent.type,
    }  # fmt: skip
    if sent.type == "Notification":
        names = [name for name in _SIGNED if name not in _ONLY_TO_CONFIRM]
    else:
        names = [name for name in _SIGNED if name != "Subject"]
    return "".join(f"{name}\n{fields[name]}\n" for name in names if fields[name] is not None).encode()
