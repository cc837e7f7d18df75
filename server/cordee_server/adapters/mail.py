"""Letters by SMTP, or as ``.eml`` files in a folder for whoever sends them.

Rules:

1. The same letter has the same bytes and the same ``Message-ID``: one that was sent
   twice is shown once.
2. Over SMTP nothing crosses a network in clear: TLS, or STARTTLS that is insisted on;
   ``none`` is for this very machine.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from cordee_shared.errors import Unavailable

from ..papers import Letter
from ..sections import Mail, Security
from .shelf import FileShelf

#: Seconds that a mail server may take for one step.
SMTP_S: Final = 20.0
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def message_of(letter: Letter) -> EmailMessage:
    """Return a letter as an e-mail; always the same bytes."""
    message = EmailMessage(policy=SMTP)
    message["From"] = letter.sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{letter.id}>"
    at = _EPOCH + timedelta(milliseconds=letter.made_ms)
    message["Date"] = format_datetime(at)
    message.set_content(letter.text)
    message.add_attachment(
        letter.file, maintype="application", subtype="pdf", filename=letter.file_name
    )
    message.set_boundary(f"cordee-{letter.id.partition('@')[0]}")
    return message


class FolderPost:
    """Leaves letters in a folder; see :class:`~cordee_server.papers.Post`."""

    def __init__(self, folder: Path) -> None:
        self._shelf = FileShelf(folder)

    async def send(self, letter: Letter) -> None:
        """Write the letter as ``<id>.eml``.

        Raises:
            Unavailable: it cannot be written.
        """
        name = f"{letter.id.partition('@')[0]}.eml"
        await self._shelf.write(name, message_of(letter).as_bytes())


class SmtpPost:
    """Hands letters to a mail server; see :class:`~cordee_server.papers.Post`."""

    def __init__(self, settings: Mail) -> None:
        self._settings = settings

    async def send(self, letter: Letter) -> None:
        """Send the letter; in a thread of its own.

        Raises:
            Unavailable: the server was not reached or did not take it.
        """
        await asyncio.to_thread(self._send, message_of(letter))

    def try_out(self) -> None:
        """Sign in and leave again: what a first letter would find out too late.

        Raises:
            OSError, smtplib.SMTPException: it does not work; says why.
        """
        with self._connect() as server:
            self._sign_in(server)

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if self._settings.security is Security.STARTTLS:
            server.starttls(context=ssl.create_default_context())
        if self._settings.user:
            server.login(self._settings.user, self._password())

    def _send(self, message: EmailMessage) -> None:
        to = self._settings
        try:
            with self._connect() as server:
                self._sign_in(server)
                if to.sender:
                    message.replace_header("From", to.sender)
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            # What a server says may name the customer: the kind of error is enough.
            raise Unavailable(
                f"mail: {to.host}:{to.port} did not take a document "
                f"({type(error).__name__})"
            ) from None

    def _connect(self) -> smtplib.SMTP:
        to = self._settings
        if to.security is Security.TLS:
            return smtplib.SMTP_SSL(
                to.host,
                to.port,
                timeout=SMTP_S,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(to.host, to.port, timeout=SMTP_S)

    def _password(self) -> str:
        file = self._settings.password_file
        return "" if file is None else file.read_text(encoding="utf-8").strip()
