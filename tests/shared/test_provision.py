"""What a file may tell the agent about its relay, and what it may not."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.canonical import b64, canonical
from cordee_shared.errors import MalformedFrame, Tampered
from cordee_shared.provision import SIDECAR_MAX, Provision, from_file_name
from cordee_shared.signing import Label, sign

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PK = b64(KEY.public_key().public_bytes_raw())
OURS = Provision("https://aide.micro-alpes.fr", PK, "Micro-Alpes", "04 50 00 00 00")


@pytest.mark.parametrize(
    "origin", ["https://aide.example.fr", "https://aide.example.fr:8443", "https://h"]
)
@pytest.mark.parametrize("program", ["cordee-agent.exe", "cordee-agent", "Aide.app"])
def test_a_file_name_tells_the_relay_that_was_written_into_it(
    origin: str, program: str
) -> None:
    name = Provision(origin, PK).file_name(program)
    assert from_file_name(name) == Provision(origin, PK)
    assert ":" not in name


@pytest.mark.parametrize("again", [" (1)", "(2)", " - Copie", " copy"])
def test_a_browser_that_saves_it_twice_changes_nothing(again: str) -> None:
    stem = OURS.file_name("cordee-agent.exe").removesuffix(".exe")
    told = from_file_name(stem + again + ".exe")
    assert told == Provision(OURS.origin, PK)


@pytest.mark.parametrize(
    "name",
    [
        "cordee-agent.exe",
        "cordee-agent@aide.fr.exe",
        f"cordee-agent@aide.fr@{PK[:-1]}.exe",
        f"cordee-agent@aide.fr@{PK}A.exe",
        f"cordee-agent@aide.fr_99999@{PK}.exe",
        f"cordee-agent@../etc@{PK}.exe",
        f"cordee-agent@-x-@{PK}.exe",
        f"cordee-agent@a b@{PK}.exe",
    ],
)
def test_a_name_that_tells_no_relay_tells_none(name: str) -> None:
    assert from_file_name(name) is None


@pytest.mark.parametrize("origin", ["http://localhost:8080", "https://[::1]"])
def test_what_cannot_stand_in_a_name_is_said(origin: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in a file's name"):
        Provision(origin, PK).file_name("cordee-agent.exe")


def test_a_sidecar_reads_back_as_it_was() -> None:
    assert Provision.read_sidecar(OURS.sidecar(KEY)) == OURS


@pytest.mark.parametrize("field", ["origin", "organisation", "phone", "key"])
def test_a_sidecar_with_one_word_changed_is_refused(field: str) -> None:
    outer = json.loads(OURS.sidecar(KEY))
    inner = json.loads(outer["statement"])
    inner[field] = b64(bytes(32)) if field == "key" else inner[field] + "x"
    outer["statement"] = canonical(inner).decode()
    with pytest.raises((Tampered, MalformedFrame)):
        Provision.read_sidecar(canonical(outer))


def test_a_signature_for_another_purpose_is_none() -> None:
    outer = json.loads(OURS.sidecar(KEY))
    outer["sig"] = b64(sign(KEY, Label.OFFER, outer["statement"].encode()))
    with pytest.raises(Tampered):
        Provision.read_sidecar(canonical(outer))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"statement":1,"sig":""}',
        b'{"statement":"{}","sig":""}',
        '{"statement":"é","sig":""}'.encode(),
        b'{"statement":"{\\"v\\":1}","sig":"AA"}',
        b" " * (SIDECAR_MAX + 1),
    ],
)
def test_what_is_no_sidecar_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(MalformedFrame):
        Provision.read_sidecar(data)
