"""Ways out of the process: short messages (短信) and e-mail. The only place that talks to either.

Which adapter serves is a matter of settings: ``SMS_URL`` (a gateway that takes a JSON POST) and ``MAIL_URL``
(``smtp://user:password@host:587``). Without them a development installation prints what it would have sent and keeps
nothing; a production one refuses, because a one-time code has no business in a log.
"""

from __future__ import annotations

import json
import logging
import smtplib
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol, cast
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

from flask import current_app

TIMEOUT_SECONDS = 10
log = logging.getLogger(__name__)
_background = ThreadPoolExecutor(max_workers=2, thread_name_prefix="channel")


class Undeliverable(Exception):  # noqa: N818 - says what happened to the message
    """The message did not leave; worth another try later."""


class Sender(Protocol):
    """Sends one text to one address (a mobile number or an e-mail address). Raises :class:`Undeliverable`."""

    is_external: bool

    def send(self, address: str, subject: str, text: str) -> None: ...


@dataclass(frozen=True)
class Console:
    """Development: prints the message to standard error and keeps nothing."""

    kind: str
    is_external: bool = False

    def send(self, address: str, subject: str, text: str) -> None:
        sys.stderr.write(f"[{self.kind}] {address}: {subject} {text}\n")


@dataclass(frozen=True)
class Nowhere:
    """Production without a gateway: nothing can be sent, and nothing secret is printed."""

    kind: str
    is_external: bool = False

    def send(self, address: str, subject: str, text: str) -> None:
        raise Undeliverable(f"no {self.kind} gateway is set up")


@dataclass(frozen=True)
class Webhook:
    """A gateway that takes ``POST {"mobile", "text"}`` and answers 2xx."""

    url: str
    is_external: bool = True

    def send(self, address: str, subject: str, text: str) -> None:
        body = json.dumps({"mobile": address, "text": text}).encode()
        request = Request(self.url, body, {"Content-Type": "application/json"})  # noqa: S310 - scheme checked in sms()
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 - as above
                return
        except OSError as error:
            raise Undeliverable(str(error)[:200]) from error


@dataclass(frozen=True)
class Smtp:
    """Plain SMTP with STARTTLS where the server offers it (``smtps://`` for TLS from the first byte)."""

    url: str
    is_external: bool = True

    def send(self, address: str, subject: str, text: str) -> None:
        parts = urlsplit(self.url)
        message = EmailMessage()
        message["From"] = unquote(parts.username or "") or f"no-reply@{parts.hostname}"
        message["To"], message["Subject"] = address, subject
        message.set_content(text)
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        try:
            with kind(parts.hostname or "localhost", parts.port or 0, timeout=TIMEOUT_SECONDS) as server:
                if parts.scheme == "smtp" and server.has_extn("starttls"):
                    server.starttls()
                if parts.password:
                    server.login(unquote(parts.username or ""), unquote(parts.password))
                server.send_message(message)
        except OSError as error:  # smtplib's own exceptions are OSErrors
            raise Undeliverable(str(error)[:200]) from error


def sms() -> Sender:
    """The short message sender of this installation."""
    return _sender("sms", current_app.config.get("SMS_URL"), ("http", "https"), Webhook)


def mail() -> Sender:
    """The e-mail sender of this installation."""
    return _sender("mail", current_app.config.get("MAIL_URL"), ("smtp", "smtps"), Smtp)


def send_soon(sender: Sender, address: str, subject: str, text: str) -> None:
    """Send without making the caller wait: how long an answer takes must not tell whether the address is known.

    What is printed rather than sent is printed at once.
    """
    if sender.is_external:
        _background.submit(_send_or_log, sender, address, subject, text)
    else:
        _send_or_log(sender, address, subject, text)


def _send_or_log(sender: Sender, address: str, subject: str, text: str) -> None:
    try:
        sender.send(address, subject, text)
    except Undeliverable as error:
        log.warning("message not sent: %s", error)


def _sender(kind: str, url: str | None, schemes: tuple[str, ...], adapter: type[Webhook] | type[Smtp]) -> Sender:
    chosen = current_app.extensions.get(f"channel_{kind}")
    if chosen is None:
        if url and urlsplit(url).scheme not in schemes:
            raise RuntimeError(f"{kind.upper()}_URL must begin with one of {', '.join(schemes)}")
        quiet = current_app.config.get("PRODUCTION", False)
        chosen = adapter(url) if url else Nowhere(kind) if quiet else Console(kind)
        current_app.extensions[f"channel_{kind}"] = chosen
    return cast("Sender", chosen)
