"""What an operator would look at first, looked at: ``cordee doctor``.

Each finding is one line: what was looked at, how it is, and what to do where it is not
well. Nothing is changed, nothing is sent.
"""

from __future__ import annotations

import datetime as dt
import shutil
import smtplib
import socket
import sqlite3
import ssl
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http.client import HTTPConnection, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

from cordee_shared.errors import SettingsError

from .parts import try_mail
from .serving import tls_context
from .settings import Settings

#: Less room than this is worth a word, then a loud one; bytes.
_ROOM_LITTLE: Final = 2_000_000_000
_ROOM_NONE: Final = 200_000_000
#: A certificate is renewed before.
_CERTIFICATE_DAYS: Final = 14
#: Second factors are of 30 s.
_CLOCK_S: Final = 20.0
_PATIENCE_S: Final = 10.0


class How(StrEnum):
    """How something is."""

    WELL = "ok"
    #: It works, and will not for long, or less than it could.
    SOON = "soon"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    how: How
    sentence: str


def findings(settings: Settings) -> Iterator[Finding]:
    """Look at everything, one after the other."""
    looks: tuple[Callable[[Settings], Finding], ...] = (
        folder,
        disk,
        database,
        certificate,
        address,
        documents,
        mail,
        webhook,
    )
    for look in looks:
        try:
            yield look(settings)
        except SettingsError as error:
            yield Finding(look.__name__, How.WRONG, str(error))


def folder(settings: Settings) -> Finding:
    """Keys and customers' names are their owner's only."""
    for file in (settings.data, settings.relay_key_file, settings.seed_key_file):
        try:
            mode = stat.S_IMODE(file.stat().st_mode)
        except OSError as error:
            return _wrong("folder", f"{file}: {error.strerror}; run `cordee init`")
        if mode & 0o077:
            return _wrong("folder", f"{file} can be read by others: chmod go= {file}")
    return _well("folder", f"{settings.data} is its owner's only")


def disk(settings: Settings) -> Finding:
    """A full disk ends sessions: nothing may happen that is not journaled."""
    free = shutil.disk_usage(settings.data).free
    said = f"{free / 1e9:.1f} GB free at {settings.data}"
    if free < _ROOM_NONE:
        return _wrong("disk", f"{said}: make room, or no session can begin")
    if free < _ROOM_LITTLE:
        return Finding("disk", How.SOON, f"{said}: make room")
    return _well("disk", said)


def database(settings: Settings) -> Finding:
    """SQLite's own look at the file; `cordee journal verify` looks deeper."""
    file = settings.database_file
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
            (said,) = opened.execute("pragma quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return _wrong("database", f"{file}: {error}; restore a backup")
    if said != "ok":
        return _wrong("database", f"{file}: {said}; restore a backup")
    return _well("database", f"{file} is whole")


def certificate(settings: Settings) -> Finding:
    """The relay's own certificate, where it has one."""
    if settings.tls is None:
        if settings.is_secure or settings.listen.address in ("127.0.0.1", "::1"):
            return _well("certificate", "none here: a proxy in front has it")
        return _wrong(
            "certificate",
            "none, and the relay listens beyond this machine: set [tls], or "
            "public_origin to the https:// address of the proxy in front",
        )
    tls_context(settings)
    end = x509.load_pem_x509_certificate(settings.tls.cert.read_bytes())
    left = (end.not_valid_after_utc - dt.datetime.now(dt.UTC)).days  # noqa: TID251
    if left < 0:
        return _wrong("certificate", f"{settings.tls.cert} has expired: renew it")
    how = How.SOON if left < _CERTIFICATE_DAYS else How.WELL
    return Finding("certificate", how, f"{settings.tls.cert}: {left} days left")


def address(settings: Settings) -> Finding:
    """The relay as browsers reach it, and the clock beside the one that answers."""
    parts = urlsplit(settings.origin)
    host, port = parts.hostname or "", parts.port
    link: HTTPConnection = (
        HTTPSConnection(host, port, timeout=_PATIENCE_S)
        if parts.scheme == "https"
        else HTTPConnection(host, port, timeout=_PATIENCE_S)
    )
    try:
        with closing(link):
            link.request("GET", "/readyz")
            answer = link.getresponse()
            date = answer.headers.get("Date", "")
    except (OSError, ssl.SSLError) as error:
        return _wrong(
            "address",
            f"{settings.origin} does not answer ({error}): is the relay running, and "
            "is the name, the port and the proxy in front right?",
        )
    if answer.status != 200:
        return _wrong("address", f"{settings.origin}/readyz answers {answer.status}")
    apart = 0.0
    if date:
        now = dt.datetime.now(dt.UTC)  # noqa: TID251 - this is the clock's own check
        apart = abs((now - parsedate_to_datetime(date)).total_seconds())
    if apart > _CLOCK_S:
        return _wrong(
            "address",
            f"the clock of this machine and of {settings.origin} are {apart:.0f} s "
            "apart: second factors fail; let NTP set both",
        )
    return _well("address", f"{settings.origin} answers, and sessions can begin")


def documents(settings: Settings) -> Finding:
    """Who bills: documents are made by it."""
    settings.billing_provider()
    return _well("documents", f"{settings.provider_file} says all that they need")


def mail(settings: Settings) -> Finding:
    """The mail server, up to the point where a letter would be handed over."""
    if settings.mail is None:
        return Finding("mail", How.SOON, "no [mail]: documents wait in data/mail")
    where = f"{settings.mail.host}:{settings.mail.port}"
    try:
        try_mail(settings.mail)
    except (OSError, smtplib.SMTPException) as error:
        return _wrong("mail", f"{where}: {error}")
    return _well("mail", f"{where} lets us in")


def webhook(settings: Settings) -> Finding:
    """The receiver of records, up to a connection; nothing is sent."""
    url = settings.billing.webhook_url
    if not url:
        return _well("webhook", "none set; records are in billing.jsonl")
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((host, port), _PATIENCE_S) as link:
            if parts.scheme == "https":
                context = ssl.create_default_context()
                context.wrap_socket(link, server_hostname=host).close()
    except OSError as error:
        return _wrong("webhook", f"{host}:{port}: {error}; records wait meanwhile")
    return _well("webhook", f"{host}:{port} can be reached")


def _well(what: str, sentence: str) -> Finding:
    return Finding(what, How.WELL, sentence)


def _wrong(what: str, sentence: str) -> Finding:
    return Finding(what, How.WRONG, sentence)
