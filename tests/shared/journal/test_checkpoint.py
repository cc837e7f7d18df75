import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.errors import MalformedFrame, Tampered
from cordee_shared.journal.checkpoint import (
    Head,
    Signer,
    TlogProof,
    log_name,
    read_checkpoint,
)
from cordee_shared.journal.merkle import leaf_hash, node_hash

SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
HEAD = Head(7, leaf_hash(b"seven"))


def test_a_checkpoint_is_a_signed_note_of_three_lines() -> None:
    note = SIGNER.checkpoint(HEAD)
    origin, size, root, empty, signature, end = note.split("\n")
    assert origin == log_name(SIGNER.public)
    assert (size, root) == ("7", base64.b64encode(HEAD.root).decode())
    assert (empty, end) == ("", "")
    assert signature.startswith(f"— {origin} ")
    assert len(base64.b64decode(signature.split(" ")[2])) == 4 + 64
    assert read_checkpoint(note, SIGNER.public) == HEAD


def test_s31_every_changed_character_of_a_checkpoint_is_found() -> None:
    note = SIGNER.checkpoint(HEAD)
    for place in range(len(note)):
        other = "A" if note[place] != "A" else "B"
        with pytest.raises((Tampered, MalformedFrame)):
            read_checkpoint(note[:place] + other + note[place + 1 :], SIGNER.public)


def test_signatures_of_witnesses_are_passed_over() -> None:
    note = SIGNER.checkpoint(HEAD)
    witness = "— witness.example " + base64.b64encode(bytes(68)).decode() + "\n"
    assert read_checkpoint(note + witness, SIGNER.public) == HEAD
    text, _, _ = note.rpartition("\n\n")
    with pytest.raises(Tampered, match="has not signed"):
        read_checkpoint(f"{text}\n\n{witness}", SIGNER.public)


def test_another_relays_checkpoint_is_not_ours() -> None:
    other = Signer(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    with pytest.raises(Tampered, match="another journal"):
        read_checkpoint(other.checkpoint(HEAD), SIGNER.public)


@pytest.mark.parametrize(
    "note",
    ["", "a\n", "a\n1\n\n— a b\n", "a\n01\nAA==\n\n— a AA==\n", "a\n1\nAA==\n\n"],
)
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises((MalformedFrame, Tampered)):
        read_checkpoint(note, SIGNER.public)


def test_a_proof_is_carried_as_text_and_checked_alone() -> None:
    left, right = leaf_hash(b"left"), leaf_hash(b"right")
    note = SIGNER.checkpoint(Head(2, node_hash(left, right)))
    proof = TlogProof(1, (left,), note)
    text = proof.text()
    assert text.startswith("c2sp.org/tlog-proof@v1\nindex 1\n")
    assert TlogProof.read(text) == proof
    assert TlogProof.read(text.replace("index", "extra AAAA\nindex", 1)) == proof
    assert proof.check(right, SIGNER.public).size == 2
    with pytest.raises(Tampered):
        proof.check(left, SIGNER.public)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1\n\n",
        "c2sp.org/tlog-proof@v2\nindex 1\n\nnote",
        "c2sp.org/tlog-proof@v1\nindex 01\n\nnote",
        "c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\nnote",
        "c2sp.org/tlog-proof@v1\nindex 1\n*\n\nnote",
    ],
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(MalformedFrame):
        TlogProof.read(text)
