"""Letters, into a folder and to a mail server that speaks just enough SMTP."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cordee_server.adapters.mail import FolderPost, SmtpPost, message_of
from cordee_server.papers import Letter
from cordee_server.sections import Mail, Security
from cordee_shared.errors import Unavailable
from tests.shared.journals import WALL_MS

LETTER = Letter(
    id="595d0f84@cordee",
    sender="contact@micro-alpes.fr",
    to="martin@example.org",
    subject="Justificatif d’intervention",
    text="Bonjour,\n",
    file_name="justificatif.pdf",
    file=b"%PDF-1.7",
    made_ms=WALL_MS,
)


def read(raw: bytes) -> email.message.EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    return message


def test_a_letter_is_an_e_mail_with_the_document() -> None:
    message = read(message_of(LETTER).as_bytes())
    assert (message["To"], message["From"]) == (LETTER.to, LETTER.sender)
    assert message["Subject"] == LETTER.subject
    assert message["Message-ID"] == "<595d0f84@cordee>"
    assert message["Date"] == "Mon, 23 Nov 2026 09:00:00 +0000"
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "justificatif.pdf"
    assert attached.get_content() == LETTER.file


async def test_in_a_folder_the_same_letter_is_one_file(tmp_path: Path) -> None:
    post = FolderPost(tmp_path / "mail")
    await post.send(LETTER)
    first = (tmp_path / "mail" / "595d0f84.eml").read_bytes()
    await post.send(LETTER)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.read_bytes() == first


@dataclass
class Server:
    """A mail server on this machine."""

    port: int = 0
    refuses: bool = False
    said: list[str] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Speak SMTP with one client."""

        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        say("220 here")
        while line := (await reader.readline()).decode().strip():
            self.said.append(line)
            verb = line.split()[0].upper()
            if verb == "EHLO":
                say("250-here")
                say("250 AUTH PLAIN")
            elif verb == "AUTH":
                say("235 welcome")
            elif verb == "DATA":
                say("354 go on")
                self.letters.append(await reader.readuntil(b"\r\n.\r\n"))
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                break
            else:
                say("550 no" if self.refuses and verb == "RCPT" else "250 ok")
        writer.close()


@asynccontextmanager
async def server(*, refuses: bool = False) -> AsyncIterator[Server]:
    """Run a mail server."""
    here = Server(refuses=refuses)
    running = await asyncio.start_server(here.serve, "127.0.0.1", 0)
    here.port = running.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        running.close()
        await running.wait_closed()


async def test_a_mail_server_gets_the_letter(tmp_path: Path) -> None:
    word = tmp_path / "word"
    word.write_text("geheim\n")
    async with server() as here:
        mail = Mail(
            host="127.0.0.1",
            port=here.port,
            security=Security.NONE,
            user="u",
            password_file=word,
            sender="facturation@micro-alpes.fr",
        )
        await SmtpPost(mail).send(LETTER)
    assert any(line.startswith("AUTH PLAIN") for line in here.said)
    (letter,) = here.letters
    assert read(letter)["From"] == "facturation@micro-alpes.fr"
    assert read(letter)["Message-ID"] == "<595d0f84@cordee>"


async def test_a_server_that_does_not_take_it_is_tried_again_later() -> None:
    async with server(refuses=True) as here:
        mail = Mail(host="127.0.0.1", port=here.port, security=Security.NONE)
        with pytest.raises(Unavailable, match="did not take a document") as refused:
            await SmtpPost(mail).send(LETTER)
    assert LETTER.to not in str(refused.value)


async def test_no_letter_goes_in_clear_where_starttls_was_wanted() -> None:
    async with server() as here:
        mail = Mail(host="127.0.0.1", port=here.port)
        with pytest.raises(Unavailable):
            await SmtpPost(mail).send(LETTER)
    assert here.letters == []
