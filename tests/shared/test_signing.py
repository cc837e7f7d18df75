"""Signatures: one made for one purpose, one pairing, one text passes for no other."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.errors import MalformedFrame, Tampered
from cordee_shared.signing import Label, message, sign, verify
from tests.shared.journals import key, public

KEY = key("somebody")
PK = public(KEY)
TH = bytes(range(32))
TEXT = b'{"v":1}'


@pytest.mark.parametrize("label", Label)
def test_a_signature_fits_what_was_signed(label: Label) -> None:
    verify(PK, label, TEXT, sign(KEY, label, TEXT, TH), TH)


@pytest.mark.parametrize("label", Label)
@pytest.mark.parametrize("other", Label)
def test_a_signature_for_one_purpose_passes_for_no_other(
    label: Label, other: Label
) -> None:
    signature = sign(KEY, label, TEXT)
    if label is other:
        verify(PK, other, TEXT, signature)
    else:
        with pytest.raises(Tampered, match="does not fit"):
            verify(PK, other, TEXT, signature)


@given(at=st.integers(0, 63), bit=st.integers(0, 7))
def test_no_bit_of_a_signature_can_be_changed(at: int, bit: int) -> None:
    signature = bytearray(sign(KEY, Label.EVENT, TEXT, TH))
    signature[at] ^= 1 << bit
    with pytest.raises(Tampered):
        verify(PK, Label.EVENT, TEXT, bytes(signature), TH)


@given(other=st.binary(max_size=64).filter(lambda data: data != TEXT))
def test_a_signature_fits_no_other_text(other: bytes) -> None:
    signature = sign(KEY, Label.FACT, TEXT)
    with pytest.raises(Tampered):
        verify(PK, Label.FACT, other, signature)


def test_a_signature_fits_no_other_pairing_and_no_other_key() -> None:
    signature = sign(KEY, Label.EVENT, TEXT, TH)
    for pk, th in ((PK, bytes(32)), (PK, b""), (public(key("another")), TH)):
        with pytest.raises(Tampered):
            verify(pk, Label.EVENT, TEXT, signature, th)


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65)])
def test_what_is_no_signature_does_not_fit(signature: bytes) -> None:
    with pytest.raises(Tampered):
        verify(PK, Label.EVENT, TEXT, signature, TH)


@pytest.mark.parametrize("pk", [b"", bytes(31), bytes(33)])
def test_what_is_no_key_is_refused_as_such(pk: bytes) -> None:
    with pytest.raises(MalformedFrame, match="public key"):
        verify(pk, Label.EVENT, TEXT, bytes(64), TH)


def test_the_signed_bytes_are_label_binding_and_hash() -> None:
    digest = hashlib.sha256(TEXT).digest()
    assert message(Label.EVENT, TH, TEXT) == b"ra1 event\x00" + TH + digest
    assert message(Label.OFFER, b"", TEXT) == b"ra1 offer\x00" + digest


def test_no_label_begins_with_another() -> None:
    names = [label.value + b"\x00" for label in Label]
    assert not any(a != b and a.startswith(b) for a in names for b in names)
