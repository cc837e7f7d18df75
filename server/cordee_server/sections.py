"""The sections of the settings' file: what each key may hold, and what it is without.

What several keys have to be together is checked by :mod:`.settings`, or by the section
itself where only its own keys are concerned.
"""

from __future__ import annotations

import ipaddress
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

import msgspec

from cordee_shared import limits
from cordee_shared.billing.sheet import Dialect
from cordee_shared.billing.webhook import SCHEDULE_S, Envelope

from .origins import HERE

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=limits.TEXT_MAX)]
Hash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Seconds = Annotated[int, msgspec.Meta(ge=1, le=7 * 86_400)]
Port = Annotated[int, msgspec.Meta(ge=1, le=65_535)]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whatever the file may hold: every key known, every value of its type."""


class Listen(Section, frozen=True):
    """Where the relay listens; one port for everything."""

    address: Text = "127.0.0.1"
    port: Port = 8080
    #: Networks of proxies whose ``X-Forwarded-For`` is believed.
    proxies: tuple[str, ...] = ()


class Watch(Section, frozen=True):
    """Where whoever watches over the relay reads its figures; not for the world."""

    #: Port of ``/metrics``; 0: none.
    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 0
    address: Text = "127.0.0.1"


class Tls(Section, frozen=True):
    """The relay's own certificate; without it a proxy in front has one."""

    cert: Path
    key: Path


class Provider(Section, frozen=True):
    """Who the customer deals with, as shown before any consent."""

    organisation: Text
    phone: Text
    #: Where customers can write to with questions (terms, 7.2; R33); may be empty.
    email: Annotated[
        str, msgspec.Meta(max_length=limits.TEXT_MAX, pattern=r"^([^@\s]+@[^@\s]+)?$")
    ] = ""
    #: How customers confirm an engagement: ``phone`` or ``email`` (R01).
    channel: Annotated[str, msgspec.Meta(pattern=r"^(phone|email)$")] = "phone"


class Terms(Section, frozen=True):
    """The general terms in force: their name, and SHA-256 of their text (R09)."""

    version: Text
    hash: Hash
    #: Their text, UTF-8: customers read it before they agree to anything.
    file: Path


class Usual(Section, frozen=True):
    """What an engagement is unless the technician says otherwise: three fields do."""

    #: ``consumer`` or ``professional``; who is not known is protected as a consumer.
    customer: Annotated[str, msgspec.Meta(pattern=r"^(consumer|professional)$")] = (
        "consumer"
    )
    #: The backup question as answered on the phone: ``done`` or ``nothing`` (to lose);
    #: empty: the customer is asked on the screen (R31).
    backup: Annotated[str, msgspec.Meta(pattern=r"^(|done|nothing)$")] = ""
    #: What "please back up first" costs, all taxes included; 0: not offered.
    backup_cents: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)] = 0
    #: How documents travel: ``email`` or ``post`` (B08).
    delivery: Annotated[str, msgspec.Meta(pattern=r"^(email|post)$")] = "email"


class Retention(Section, frozen=True):
    """How long each class of what is kept is kept, in days."""

    #: Who signed in from where, and tries: CNIL's 6 months for logs.
    network_days: Annotated[int, msgspec.Meta(ge=1, le=3660)] = 182
    #: What the journal's entries say; civil claims lapse after 5 years.
    evidence_days: Annotated[int, msgspec.Meta(ge=182, le=36600)] = 1826
    #: Bills and what they rest on; code de commerce, L123-22: 10 years.
    billing_days: Annotated[int, msgspec.Meta(ge=3652, le=36600)] = 3653


class Anchor(Section, frozen=True):
    """Where the journal's newest checkpoint is put once a day; nowhere by itself."""

    #: A folder, better one of another machine; ``None``: off.
    folder: Path | None = None

    def beside(self, folder: Path) -> Anchor:
        """Take a relative path from the settings' folder."""
        mine = self.folder
        return self if mine is None else Anchor(folder=folder / mine)


class Deadlines(Section, frozen=True):
    """How long things may take, in seconds; the reasons are in ``limits.py``."""

    agent_code_s: Seconds = limits.AGENT_CODE_LIFETIME_S
    invitation_s: Seconds = limits.INVITATION_LIFETIME_S
    nameplate_rest_s: Seconds = limits.NAMEPLATE_REST_S
    pairing_s: Seconds = limits.PAIRING_S
    consent_s: Seconds = limits.CONSENT_S
    consent_grace_s: Seconds = limits.CONSENT_GRACE_S
    resume_s: Seconds = limits.RESUME_S
    idle_s: Seconds = limits.IDLE_S
    session_s: Seconds = limits.SESSION_S
    tick_s: Seconds = limits.TICK_S
    heartbeat_s: Seconds = limits.HEARTBEAT_S
    hello_s: Seconds = limits.HELLO_S
    stuck_writer_s: Seconds = limits.STUCK_WRITER_S


class Security(StrEnum):
    """How a mail server is spoken to; ``none`` is for this very machine."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Mail(Section, frozen=True):
    """The mail server that documents go to (B08); without it they go to a folder."""

    host: Text
    port: Port = 587
    security: Security = Security.STARTTLS
    #: Empty: the server wants nobody to sign in.
    user: Annotated[str, msgspec.Meta(max_length=limits.TEXT_MAX)] = ""
    #: Holds the password, one line; it never stands in the settings.
    password_file: Path | None = None
    #: Who letters are from; empty: the provider's address.
    sender: Annotated[str, msgspec.Meta(max_length=limits.TEXT_MAX)] = ""

    def mistake(self) -> tuple[str, str] | None:
        """Return the first key that cannot be so and why, or ``None``."""
        if self.security is Security.NONE and self.host not in HERE:
            return (
                "security",
                "expected starttls or tls: documents would cross the network in clear",
            )
        if bool(self.user) != (self.password_file is not None):
            return "password_file", "expected it together with user, or neither"
        return None


class Billing(Section, frozen=True):
    """How records are handed over, beside the file of JSON Lines."""

    #: Where records are sent: https://…; empty: nowhere.
    webhook_url: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    #: What stands around a record: ``standard`` or ``cloudevents``.
    envelope: Envelope = Envelope.STANDARD
    #: One attempt may take so long (Standard Webhooks: 15 to 30 s).
    timeout_s: Annotated[int, msgspec.Meta(ge=15, le=30)] = 20
    #: Networks besides the public Internet that the receiver may be in (S-47).
    allowed_networks: tuple[str, ...] = ()
    #: Whether the receiver may be reached by http, on this very machine.
    allow_http_localhost: bool = False
    #: Seconds before each attempt; the first is made at once.
    retry_s: Annotated[
        tuple[Annotated[int, msgspec.Meta(ge=0, le=7 * 86_400)], ...],
        msgspec.Meta(min_length=1, max_length=100),
    ] = SCHEDULE_S
    #: A folder that gets one file for each record, instead of a webhook.
    drop_folder: Path | None = None
    #: How the table is written; a French spreadsheet opens it by a double click.
    csv_separator: Annotated[str, msgspec.Meta(pattern=r"^[;,\t|]$")] = ";"
    csv_decimal: Annotated[str, msgspec.Meta(pattern=r"^[,.]$")] = ","
    csv_bom: bool = True

    @property
    def is_sending(self) -> bool:
        """Whether there is another system to send to."""
        return bool(self.webhook_url) or self.drop_folder is not None

    def dialect(self, zone: str) -> Dialect:
        """Return how the table is written."""
        return Dialect(
            separator=self.csv_separator,
            decimal=self.csv_decimal,
            bom=self.csv_bom,
            zone=zone,
        )

    def mistake(self) -> tuple[str, str] | None:
        """Return the first key that cannot be so and why, or ``None``."""
        if self.webhook_url and (why := self._wrong_url()):
            return "webhook_url", why
        if self.webhook_url and self.drop_folder is not None:
            return "drop_folder", "expected a webhook_url or a drop_folder, not both"
        for network in self.allowed_networks:
            try:
                ipaddress.ip_network(network)
            except ValueError:
                return (
                    "allowed_networks",
                    f"expected networks such as 10.0.0.0/8; got {network!r}",
                )
        if self.retry_s[0]:
            return "retry_s", "expected 0 to begin with: the first attempt is at once"
        if self.csv_separator == self.csv_decimal:
            return "csv_decimal", "expected another character than csv_separator"
        return None

    def _wrong_url(self) -> str:
        """Return what is wrong with the webhook's address; it is never quoted."""
        try:
            parts = urlsplit(self.webhook_url)
            _ = parts.port
        except ValueError:
            return "expected https://host/path"
        if parts.username is not None or parts.password is not None:
            return "expected no name and no password in it: the signature is proof"
        if parts.fragment or not parts.hostname:
            return "expected https://host/path"
        return self._wrong_scheme(parts)

    def _wrong_scheme(self, parts: SplitResult) -> str:
        if parts.scheme == "https":
            return ""
        if parts.scheme != "http":
            return "expected https://host/path"
        if parts.hostname not in HERE:
            return "expected https: records hold customers' names"
        if not self.allow_http_localhost:
            return "expected https, or allow_http_localhost for this machine"
        return ""
