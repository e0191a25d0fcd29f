"""The ways in which people are told: e-mail, text message, webhook, Web Push. Each raises OSError if it did not work.

What leaves the school's machine names nobody and quotes nothing: a number, a severity, a theme, a link.
"""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import smtplib
import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import http_ece
import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from leeward.config import Config
from leeward.console.alerts.models import PushDevice


class Word(NamedTuple):
    """What is said."""

    subject: str
    body: str
    link: str
    facts: dict[str, Any]


class NotSent(OSError):
    """It did not arrive. The message says why, without anything personal."""


class Unset(NotSent):
    """This way is not set up; trying again is of no use before it is."""


def send_mail(config: Config, to: str, word: Word) -> None:
    """By SMTP."""
    mail = config.mail
    if not mail.host:
        raise Unset("no mail server is set: [mail] in leeward.toml")
    if not to:
        raise Unset("no e-mail address is known")
    password = config.path(mail.password_file).read_text().strip() if mail.password_file else ""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = word.subject, mail.sender, to
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=mail.sender.rpartition("@")[2])
    message.set_content(f"{word.body}\n\n{word.link}\n")
    with (
        smtplib.SMTP_SSL(mail.host, mail.port, timeout=mail.seconds, context=_tls())
        if mail.security == "tls"
        else smtplib.SMTP(mail.host, mail.port, timeout=mail.seconds)
    ) as server:
        if mail.security == "starttls":
            server.starttls(context=_tls())
        if mail.user:
            server.login(mail.user, password)
        server.send_message(message)


@cache
def _tls() -> ssl.SSLContext:
    """Made once: reading the system's authorities takes longer than sending a mail."""
    return ssl.create_default_context()


def send_sms(config: Config, to: str, word: Word) -> None:
    """By a web service that sends text messages."""
    if not config.webhooks.sms:
        raise Unset("no service for text messages is set: [webhooks] sms in leeward.toml")
    if not to:
        raise Unset("no phone number is known")
    _post(config, config.webhooks.sms, {"to": to, "text": f"{word.subject} {word.link}".strip()})


def send_webhook(config: Config, to: str, word: Word) -> None:
    """To another system of the school."""
    if not config.webhooks.alerts:
        raise Unset("no webhook is set: [webhooks] alerts in leeward.toml")
    _post(config, config.webhooks.alerts, word.facts | {"link": word.link})


def _post(config: Config, url: str, what: dict[str, Any]) -> None:
    body = json.dumps(what, separators=(",", ":")).encode()
    hooks = config.webhooks
    headers = {"Content-Type": "application/json"}
    if hooks.secret_file:
        secret = config.path(hooks.secret_file).read_bytes().strip()
        headers["Leeward-Signature"] = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    try:
        answer = httpx.post(url, content=body, headers=headers, timeout=hooks.seconds)
    except httpx.HTTPError as error:
        raise NotSent(f"the web service: {type(error).__name__}") from error
    if not answer.is_success:
        raise NotSent(f"the web service answered {answer.status_code}")


def send_push(config: Config, to: str, word: Word) -> None:
    """To every browser that the person chose. `to`: the person's primary key as text."""
    devices = list(PushDevice.objects.filter(person_id=int(to)))
    if not devices:
        raise Unset("no browser was chosen for this")
    faults = [fault for device in devices if (fault := _push(config, device, word))]
    if len(faults) == len(devices):
        raise NotSent(faults[0])


def _push(config: Config, device: PushDevice, word: Word) -> str:
    """A fault in words, or empty. A browser that said good-bye is forgotten (RFC 8030 7.3)."""
    own = ec.generate_private_key(ec.SECP256R1())
    body = json.dumps({"title": word.subject, "link": word.link}).encode()
    data = http_ece.encrypt(
        body, salt=secrets.token_bytes(16), private_key=own, dh=_decoded(device.key),
        auth_secret=_decoded(device.secret), version="aes128gcm",
    )  # fmt: skip
    where = urlsplit(device.endpoint)
    claims = {"aud": f"{where.scheme}://{where.netloc}", "sub": f"mailto:{config.mail.sender}"}
    headers = vapid(config.state_path).sign(claims) | {
        "Content-Encoding": "aes128gcm",
        "TTL": "3600",
        "Urgency": "high",
    }
    try:
        answer = httpx.post(device.endpoint, content=data, headers=headers, timeout=config.webhooks.seconds)
    except httpx.HTTPError as error:
        return f"the browser's service: {type(error).__name__}"
    if answer.status_code in (404, 410):
        device.delete()
    return "" if answer.is_success else f"the browser's service answered {answer.status_code}"


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@cache
def vapid(state: Path) -> Vapid02:
    """The school's key for Web Push, made once."""
    path = state / "push-key.pem"
    if not path.exists():
        made = Vapid02()
        made.generate_keys()
        whole = state / f"push-key.{secrets.token_hex(8)}"
        with os.fdopen(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made.private_pem())
        # A link is made once: of two processes that make a key both use the first, and nobody reads half a one.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(whole)
        whole.unlink()
    return Vapid02.from_file(str(path))


def push_key(state: Path) -> str:
    """The public half, as browsers want it."""
    raw = vapid(state).public_key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


type Way = Callable[[Config, str, Word], None]
WAYS: dict[str, Way] = {"mail": send_mail, "push": send_push, "sms": send_sms, "webhook": send_webhook}
