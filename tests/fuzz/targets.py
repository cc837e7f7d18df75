"""Every parser that reads what a stranger wrote, with seeds and what it may say.

A target takes bytes, as they would come, and hands them to one parser. It may return,
or raise what the parser's docstring names; anything else is a finding.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared import code, ids
from cordee_shared.canonical import b64, read_canonical, unb64
from cordee_shared.code import Code
from cordee_shared.errors import (
    CodeMistyped,
    CordeeError,
    FrameTooLarge,
    MalformedFrame,
    NameRefused,
    PairingFailed,
    Tampered,
    UnexpectedMessage,
)
from cordee_shared.journal.act import read_act
from cordee_shared.journal.checkpoint import TlogProof, read_checkpoint
from cordee_shared.journal.entry import read_entry, verify_fact
from cordee_shared.journal.notice import NoticeKind, read_notice, write_notice
from cordee_shared.journal.receipt import Receipt
from cordee_shared.journal.receipt_check import check
from cordee_shared.pairing.channel import SealedChannel
from cordee_shared.pairing.schedule import Role
from cordee_shared.session.extra import Extra
from cordee_shared.session.offer import Attestation, Offer, Signed
from cordee_shared.signing import Label, sign
from cordee_shared.wire import clipboard, control, files, frames, picture, still, talk
from cordee_shared.wire import input as hands
from cordee_shared.wire.filename import safe_name
from tests.receipts import SIGNER, evident, receipt_of
from tests.shared.journals import helped
from tests.shared.pairing.ends import agent, console, keys, paired

VECTORS: Final = Path(__file__).parents[2] / "shared" / "vectors"
_KEY: Final = Ed25519PrivateKey.from_private_bytes(b"\x05" * 32)
_PK: Final = _KEY.public_key().public_bytes_raw()

#: What is wrong with bytes.
_BYTES: Final = (MalformedFrame, FrameTooLarge)


@dataclass(frozen=True)
class Target:
    """One parser."""

    name: str
    parse: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    #: The errors that its docstring names.
    may_raise: tuple[type[CordeeError], ...]


def _vectors(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return found


def _hexes(of: str, *lists: str) -> tuple[bytes, ...]:
    vectors = _vectors(of)
    return tuple(
        bytes.fromhex(one["hex"] if isinstance(one, dict) else one)
        for name in lists
        for one in vectors[name]
    )


def _text(data: bytes) -> str:
    """Return bytes as the text that a WebSocket or a file would give."""
    return data.decode("utf-8", "replace")


def _reading(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(_text(data))


def _decoding(decoder: msgspec.json.Decoder[Any]) -> Callable[[bytes], object]:
    return lambda data: control.decode(_text(data), decoder)


def _wide(data: bytes) -> str:
    """Return text that may hold halves of characters, as JavaScript's may."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return _text(data)


def _messages() -> tuple[bytes, ...]:
    """Return one message of each kind, filled as the wire would have it."""
    filled: dict[type, object] = {str: "AQID", int: 3, bool: True}
    seeds = []
    for kind in control.Message.__subclasses__():
        fields = msgspec.structs.fields(kind)
        values = {f.name: filled[f.type] for f in fields if f.type in filled}
        try:
            made = kind(**values)
        except TypeError:
            continue  # holds another structure: those come from the pairing's vectors
        seeds.append(control.encode(made).encode())
    for exchange in _vectors("pairing")["exchanges"]:
        seeds += [msgspec.json.encode(message) for message in exchange["messages"]]
    return tuple(seeds)


def _about_files() -> tuple[bytes, ...]:
    found = _vectors("files")["messages"]
    said = [json.dumps(one).encode() for one in found["good"]]
    return (
        *said,
        *(bytes.fromhex(one["hex"]) for one in (*found["bad"], *found["pieces"])),
        files.encode_piece(1, 0, b"piece"),
    )


def _signed(label: Label, read: Callable[[Signed], object], data: bytes) -> object:
    """Read a statement that the relay really signed, whatever it says."""
    text = data.decode("ascii", "replace").encode("ascii", "replace")
    return read(Signed(text.decode(), b64(sign(_KEY, label, text))))


def _picture(data: bytes) -> object:
    layout = picture.decode(bytes.fromhex(_picture_screen()), None)
    assert isinstance(layout, picture.Layout)
    return picture.decode(data, layout)


@cache
def _picture_screen() -> str:
    return str(_vectors("picture")["screen"])


def _pairing(role: str, data: bytes) -> object:
    """Hand one end a message that the relay made up, at its first turn."""
    message: control.Message
    if role == "agent":
        message = control.decode(_text(data), control.to_agent)
    else:
        message = control.decode(_text(data), control.to_console)
    end = agent() if role == "agent" else console()
    end.receive(paired())
    return end.receive(message)


_OPENING: Final = keys("fuzz")
_RECORDS: Final = SealedChannel(Role.CONSOLE, _OPENING, now=0)


def _record(data: bytes) -> object:
    return SealedChannel(Role.AGENT, _OPENING, now=0).open(data)


def _receipt(data: bytes) -> object:
    return check(Receipt.read(data), SIGNER.public)


def _proof(data: bytes) -> object:
    return TlogProof.read(_text(data))


def _fact(data: bytes) -> object:
    entry = read_entry(data)
    if entry.act is None:
        verify_fact(entry, _PK)
    return entry


def targets() -> tuple[Target, ...]:
    """Return every parser with its seeds; built when asked for."""
    journal = helped(60)
    entries = tuple(entry.raw for entry in journal.entries)
    acts = tuple(entry.act.raw for entry in journal.entries if entry.act is not None)
    raw = receipt_of(evident(), evident(2)).write()
    receipt = Receipt.read(raw)
    consent = _vectors("consent")
    statements = tuple(
        consent[name]["text"].encode() for name in ("statement", "asking_statement")
    )
    attested = Attestation("Aide & Cie", "Claire", "A" * 43, 2**40).signed(_KEY)
    told = write_notice(3, 1_000, NoticeKind.ERASED, {"customer": "c-1"}, _KEY)
    words = _vectors("talk")
    names = _vectors("filename")["names"]
    made = [
        Target(
            f"control.decode({side})",
            _decoding(decoder),
            _messages(),
            _BYTES,
        )
        for side, decoder in (
            ("from_agent", control.from_agent),
            ("from_console", control.from_console),
            ("to_agent", control.to_agent),
            ("to_console", control.to_console),
        )
    ]
    made += [
        Target(
            f"pairing({role})",
            partial(_pairing, role),
            _messages(),
            (*_BYTES, PairingFailed, UnexpectedMessage),
        )
        for role in ("agent", "console")
    ]
    made += [
        Target(
            f"still({coding})",
            partial(still.still_size, coding),
            _hexes("still", "sizes", "refused"),
            (MalformedFrame,),
        )
        for coding in ("WEBP", "LOSSLESS", "PNG", "JPEG")
    ]
    made += [
        Target(
            "frames.read_header",
            frames.read_header,
            (_RECORDS.seal(frames.Channel.CHAT, b"bonjour", 0), b"\x01\x00\x01" * 9),
            _BYTES,
        ),
        Target(
            "channel.open",
            _record,
            (
                SealedChannel(Role.CONSOLE, _OPENING, now=0).seal(
                    frames.Channel.INPUT, b"abc", 0
                ),
            ),
            (*_BYTES, Tampered, UnexpectedMessage),
        ),
        Target(
            "picture.decode",
            _picture,
            _hexes("picture", "messages", "refused", "beforeLayout"),
            _BYTES,
        ),
        Target(
            "picture.decode before a layout",
            lambda data: picture.decode(data, None),
            (*_hexes("picture", "messages"), bytes.fromhex(_picture_screen())),
            (*_BYTES, UnexpectedMessage),
        ),
        Target(
            "picture.decode_ack",
            picture.decode_ack,
            _hexes("picture", "acks", "refusedAcks"),
            _BYTES,
        ),
        Target(
            "picture.decode_takes",
            picture.decode_takes,
            _hexes("picture", "takes", "refusedTakes"),
            _BYTES,
        ),
        Target(
            "input.decode_batch",
            hands.decode_batch,
            (
                b'[{"t":"k","code":"KeyA","key":"a","loc":0,"down":1,"mods":0,"rep":0},'
                b'{"t":"p","mon":0,"cfg":1,"x":5,"y":65535},{"t":"r"},'
                b'{"t":"w","mon":0,"cfg":1,"x":5,"y":9,"dx120":0,"dy120":-120},'
                b'{"t":"b","mon":0,"cfg":1,"x":5,"y":9,"btn":0,"down":1}]',
            ),
            _BYTES,
        ),
        Target(
            "files.decode",
            files.decode,
            _about_files(),
            _BYTES,
        ),
        Target(
            "talk.from_console",
            talk.from_console,
            tuple(one["text"].encode() for one in words["console"]),
            _BYTES,
        ),
        Target(
            "talk.from_agent",
            talk.from_agent,
            tuple(one["text"].encode() for one in words["agent"]),
            _BYTES,
        ),
        Target(
            "clipboard.read_text",
            clipboard.read_text,
            ("déjà\tvu\n".encode(), b"\xff", b"x" * 100),
            _BYTES,
        ),
        Target(
            "filename.safe_name",
            lambda data: safe_name(_wide(data)),
            tuple(one["announced"].encode("utf-8", "surrogatepass") for one in names),
            (NameRefused,),
        ),
        Target(
            "canonical.read_canonical",
            read_canonical,
            tuple(one["text"].encode() for one in _vectors("canonical")["canonical"]),
            (MalformedFrame,),
        ),
        Target("canonical.unb64", lambda d: unb64(_text(d)), (b"AQID", b"-_8"), _BYTES),
        Target(
            "code.read_code",
            lambda d: code.read_code(_text(d)),
            (Code(ids.Nameplate("482"), "91307").spoken.encode(),),
            (CodeMistyped,),
        ),
        Target(
            "act.read_act",
            lambda d: read_act(d, bytes(64)),
            acts,
            (MalformedFrame, UnexpectedMessage),
        ),
        Target(
            "entry.read_entry",
            _fact,
            entries,
            (MalformedFrame, UnexpectedMessage, Tampered),
        ),
        Target("notice.read_notice", read_notice, (told.raw,), (MalformedFrame,)),
        Target(
            "checkpoint",
            lambda d: read_checkpoint(_text(d), SIGNER.public),
            (TlogProof.read(receipt.proof).checkpoint.encode(),),
            (MalformedFrame, Tampered),
        ),
        Target("tlog proof", _proof, (receipt.proof.encode(),), (MalformedFrame,)),
        Target("receipt", _receipt, (raw,), (MalformedFrame, Tampered)),
        Target(
            "offer",
            partial(_signed, Label.OFFER, lambda s: Offer.read(s, _PK)),
            statements,
            (MalformedFrame, Tampered),
        ),
        Target(
            "attestation",
            partial(_signed, Label.ATTESTATION, lambda s: Attestation.read(s, _PK, 0)),
            (attested.text.encode(),),
            (MalformedFrame, Tampered),
        ),
        Target(
            "extra",
            lambda d: Extra.read(read_canonical(d)),
            (b'{"label":"x","price_cents":100}',),
            (MalformedFrame,),
        ),
    ]
    for name, read in (
        ("session", ids.read_session_id),
        ("engagement", ids.read_engagement_id),
        ("nameplate", ids.read_nameplate),
    ):
        made.append(
            Target(
                f"ids.{name}",
                _reading(read),
                (b"482", b"e-0123456789abcdef", b"luc", b"0" * 32),
                (MalformedFrame,),
            )
        )
    return tuple(made)
