"""What an operator is told before customers find out."""

import asyncio
import datetime as dt
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from cordee_server import doctor
from cordee_server.doctor import How
from cordee_server.parts import initialise
from cordee_server.settings import Billing, Mail, Settings, Tls, load
from cordee_shared.errors import SettingsError
from tests.server.test_settings import LEAST


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A relay that was made and not started."""
    (tmp_path / "terms.txt").write_text("1 - VALIDITÉ", encoding="utf-8")
    (tmp_path / "cordee.toml").write_text(LEAST, encoding="utf-8")
    made = load(tmp_path / "cordee.toml", {})
    initialise(made)
    return made


@contextmanager
def answering(words: bytes) -> Iterator[int]:
    """Somebody on a port who says the same to everybody."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)

        def say() -> None:
            try:
                link, _ = server.accept()
            except OSError:
                return
            with link:
                link.recv(4096)
                link.sendall(words)

        thread = Thread(target=say, daemon=True)
        thread.start()
        yield server.getsockname()[1]
    thread.join(20)


def test_a_new_relay_is_its_owners_and_its_database_is_whole(
    settings: Settings,
) -> None:
    assert doctor.folder(settings).how is How.WELL
    assert doctor.database(settings).how is How.WELL
    assert doctor.disk(settings).what == "disk"


def test_a_key_that_others_read_is_named(settings: Settings) -> None:
    settings.relay_key_file.chmod(0o644)
    found = doctor.folder(settings)
    assert found.how is How.WRONG
    assert f"chmod go= {settings.relay_key_file}" in found.sentence


def test_a_damaged_database_is_named(settings: Settings) -> None:
    settings.database_file.write_bytes(b"no database" * 500)
    found = doctor.database(settings)
    assert found.how is How.WRONG
    assert "restore a backup" in found.sentence


@pytest.mark.parametrize(
    ("free", "how"), [(10**8, How.WRONG), (10**9, How.SOON), (10**10, How.WELL)]
)
def test_room_is_judged(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, how: How
) -> None:
    class Usage:
        """What the system says."""

    Usage.free = free  # type: ignore[attr-defined]
    monkeypatch.setattr("shutil.disk_usage", lambda _where: Usage)
    assert doctor.disk(settings).how is how


def test_a_relay_that_does_not_answer_is_said(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    there = msgspec.structs.replace(settings, public_origin=f"http://localhost:{port}")
    found = doctor.address(there)
    assert found.how is How.WRONG
    assert "is the relay running" in found.sentence


@pytest.mark.parametrize(
    ("head", "how", "said"),
    [
        ("200 OK", How.WELL, "sessions can begin"),
        ("503 Service Unavailable", How.WRONG, "answers 503"),
        (
            "200 OK\r\nDate: Mon, 01 Jan 2001 00:00:00 GMT",
            How.WRONG,
            "let NTP set both",
        ),
    ],
)
def test_what_answers_is_judged(
    settings: Settings, head: str, how: How, said: str
) -> None:
    with answering(f"HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n".encode()) as port:
        there = msgspec.structs.replace(
            settings, public_origin=f"http://127.0.0.1:{port}"
        )
        found = doctor.address(there)
    assert found.how is how
    assert said in found.sentence


def test_a_certificate_that_cannot_be_used_is_said(
    settings: Settings, tmp_path: Path
) -> None:
    wrong = msgspec.structs.replace(
        settings, tls=Tls(cert=tmp_path / "no.pem", key=tmp_path / "no.key")
    )
    with pytest.raises(SettingsError, match="expected a certificate"):
        doctor.certificate(wrong)
    told = {found.what: found for found in doctor.findings(wrong)}
    assert told["certificate"].how is How.WRONG
    assert doctor.certificate(settings).how is How.WELL


@pytest.mark.parametrize(
    ("days", "how"), [(-1, How.WRONG), (5, How.SOON), (100, How.WELL)]
)
def test_a_certificates_last_days_are_counted(
    settings: Settings, tmp_path: Path, days: int, how: How
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "aide.example.fr")])
    end = dt.datetime.now(dt.UTC) + dt.timedelta(days=days, hours=1)  # noqa: TID251
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(end - dt.timedelta(days=365))
        .not_valid_after(end)
        .sign(key, hashes.SHA256())
    )
    tls = Tls(cert=tmp_path / "cert.pem", key=tmp_path / "key.pem")
    tls.cert.write_bytes(made.public_bytes(Encoding.PEM))
    tls.key.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    found = doctor.certificate(msgspec.structs.replace(settings, tls=tls))
    assert found.how is how


def test_s17_a_relay_in_clear_beyond_this_machine_is_wrong(settings: Settings) -> None:
    open_ = msgspec.structs.replace(
        settings,
        listen=msgspec.structs.replace(settings.listen, address="0.0.0.0"),  # noqa: S104
    )
    assert doctor.certificate(open_).how is How.WRONG
    behind = msgspec.structs.replace(open_, public_origin="https://aide.example.fr")
    assert doctor.certificate(behind).how is How.WELL


def test_a_mail_server_that_is_not_there_is_said(settings: Settings) -> None:
    assert doctor.mail(settings).how is How.SOON
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    set_ = msgspec.structs.replace(settings, mail=Mail(host="127.0.0.1", port=port))
    assert doctor.mail(set_).how is How.WRONG


def test_a_receiver_is_reached_and_nothing_is_sent(settings: Settings) -> None:
    assert doctor.webhook(settings).how is How.WELL
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/hook"
        set_ = msgspec.structs.replace(settings, billing=Billing(webhook_url=url))
        assert doctor.webhook(set_).how is How.WELL
        link, _ = server.accept()
        with link:
            link.settimeout(20)
            assert link.recv(1) == b""
    assert doctor.webhook(set_).how is How.WRONG


async def test_every_look_ends_in_a_line(settings: Settings) -> None:
    found = await asyncio.to_thread(lambda: list(doctor.findings(settings)))
    assert [one.what for one in found] == [
        *("folder", "disk", "database", "certificate"),
        *("address", "documents", "mail", "webhook"),
    ]
    assert all(one.sentence for one in found)
