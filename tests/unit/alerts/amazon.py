"""Messages as Amazon SNS would sign them, with a certificate of our own making."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.unit.alerts.requests import NOW, recorded

TOPIC = "arn:aws:sns:eu-west-1:123456789012:ml-alarms"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5cacd23014631ec1136.pem"
_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


@cache
def key(name: str = "amazon") -> rsa.RSAPrivateKey:
    """The private key of that name, made once; only as long as a test needs."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate(name: str = "amazon", *, begins: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> bytes:
    """The certificate of that key, good for a year, as PEM."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key(name).public_key())
        .serial_number(1).not_valid_before(begins).not_valid_after(begins + timedelta(days=365))
        .sign(key(name), hashes.SHA256())
    )  # fmt: skip
    return made.public_bytes(Encoding.PEM)


def signed(fixture: str, *, by: str = "amazon", at: datetime = NOW, **changed: Any) -> bytes:
    """The recorded message, changed and then signed by that key; a field of None is left out."""
    sent = msgspec.json.decode(recorded("cloudwatch", fixture)) | {"Timestamp": f"{at:%Y-%m-%dT%H:%M:%S.000Z}"}
    sent = {name: value for name, value in (sent | changed).items() if value is not None}
    names = _NOTIFICATION if sent["Type"] == "Notification" else _CONFIRMATION
    text = "".join(f"{name}\n{sent[name]}\n" for name in names if name in sent)
    method = hashes.SHA256() if sent["SignatureVersion"] == "2" else hashes.SHA1()  # noqa: S303 - as Amazon does
    signature = key(by).sign(text.encode(), padding.PKCS1v15(), method)
    return msgspec.json.encode(sent | {"Signature": b64encode(signature).decode()})
