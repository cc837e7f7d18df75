import datetime as dt
import json
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cordee_server.adapters.sql.engine import open_sqlite
from cordee_server.adapters.sql.journal import SqlJournal
from cordee_server.serving import listeners, tls_context
from cordee_server.settings import Settings, Tls
from cordee_server.starter import starter
from cordee_shared.canonical import sha256_hex
from cordee_shared.errors import SettingsError
from cordee_shared.session.states import EndReason, Event, Remark
from tests.house import TERMS
from tests.shared.journals import Journal


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A relay that was made and not started."""
    text = starter(
        organisation="Aide & Cie",
        phone="01 23 45 67 89",
        terms_version="2021-11-01",
        terms_hash=sha256_hex(TERMS.encode()),
        price_cents=2500,
        port=free_port(),
    )
    (tmp_path / "terms.txt").write_text(TERMS, encoding="utf-8")
    (tmp_path / "cordee.toml").write_text(text, encoding="utf-8")
    command(tmp_path, "init")
    return tmp_path


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cordee_server", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A relay that listens, and where."""
    log = folder / "relay.log"
    with log.open("a") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "cordee_server", "serve"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Cordée listens at "), log.read_text()
        yield process, line.rpartition(" ")[2].strip()
    finally:
        process.kill()
        process.communicate()


def get(address: str) -> bytes:
    with urlopen(address, timeout=10) as answer:  # noqa: S310 - http, our own relay
        body: bytes = answer.read()
        return body


@pytest.mark.slow
def test_the_relay_serves_its_console_and_stops_when_it_is_told(folder: Path) -> None:
    with running(folder) as (process, origin):
        assert json.loads(get(f"{origin}/healthz")) == {"status": "ok"}
        assert get(origin).startswith(b"<!doctype html>")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    facts = (folder / "relay.log").read_text().splitlines()
    assert [json.loads(line)["event"] for line in facts] == ["listening", "stopping"]


@pytest.mark.slow
def test_a_port_in_use_and_a_folder_in_use_are_each_one_sentence(folder: Path) -> None:
    with running(folder):
        busy = command(folder, "serve")
    assert (busy.returncode, busy.stderr) == (
        2,
        f"cordee: data: {folder / 'data'}: another relay runs on it; stop that first\n",
    )
    port = int((folder / "cordee.toml").read_text().split("port = ")[1].split()[0])
    with socket.create_server(("127.0.0.1", port)):
        busy = command(folder, "serve")
    assert busy.returncode == 2
    assert busy.stderr.splitlines()[-1] == (
        f"cordee: listen.port: 127.0.0.1:{port} is in use by another program; "
        "expected a free one"
    )


@pytest.mark.slow
async def test_what_a_killed_relay_left_is_ended_at_the_next_start(
    folder: Path,
) -> None:
    file = folder / "data" / "cordee.db"
    left = Journal(at_ms=1_700_000_000_000).fact(Remark.CODE_ISSUED)
    with running(folder) as (process, _):
        database = open_sqlite(file)
        await SqlJournal(database).append(left.entries)
        database.close()
        process.kill()
        process.wait(20)
    with running(folder):
        pass
    database = open_sqlite(file)
    (_, last) = await SqlJournal(database).entries_of(left.id)
    database.close()
    assert (last.kind, last.data["reason"]) == (Event.ENDED, EndReason.RELAY_STOPPED)


def certificate(folder: Path) -> Tls:
    """Make a certificate for this machine, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=36_500))
        .sign(key, hashes.SHA256())
    )
    tls = Tls(cert=folder / "cert.pem", key=folder / "key.pem")
    tls.cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    tls.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return tls


def test_a_certificate_of_its_own_is_served_with_modern_tls(
    settings: Settings, tmp_path: Path
) -> None:
    with_tls = msgspec.structs.replace(settings, tls=certificate(tmp_path))
    context = tls_context(with_tls)
    assert context is not None
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert tls_context(settings) is None


def test_a_certificate_that_cannot_be_used_is_said(
    settings: Settings, tmp_path: Path
) -> None:
    tls = certificate(tmp_path)
    tls.key.write_text("not a key")
    for given in (tls, Tls(cert=tmp_path / "none.pem", key=tls.key)):
        with pytest.raises(SettingsError, match="expected a certificate and its key"):
            tls_context(msgspec.structs.replace(settings, tls=given))


@pytest.mark.skipif(sys.platform != "linux", reason="Linux names all three options")
def test_connections_inherit_small_buffers_from_their_listener() -> None:
    (listener,) = listeners("127.0.0.1", 0)
    with listener:
        listener.listen()
        with socket.create_connection(listener.getsockname()[:2]):
            served, _ = listener.accept()
            with served:
                tcp = socket.IPPROTO_TCP
                assert served.getsockopt(tcp, socket.TCP_NOTSENT_LOWAT) == 64 * 1024
                assert served.getsockopt(tcp, socket.TCP_USER_TIMEOUT) == 15_000
                room = served.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
                assert room == 2 * 128 * 1024


def test_an_address_that_cannot_be_had_leaves_no_socket_behind() -> None:
    (held,) = listeners("127.0.0.1", 0)
    with held:
        held.listen()
        with pytest.raises(OSError, match="in use"):
            listeners("127.0.0.1", held.getsockname()[1])


def test_a_name_with_two_addresses_is_listened_on_at_both() -> None:
    bound = listeners("localhost", 0)
    try:
        families = {listener.family for listener in bound}
        assert len(bound) == len(families) >= 1
    finally:
        for listener in bound:
            listener.close()
