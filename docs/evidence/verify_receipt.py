#!/usr/bin/env python3
"""Check a Cordée receipt, with nothing but Python and the package `cryptography`.

    python3 verify_receipt.py RECEIPT [--relay-key KEY]

Written once more from docs/protocol/receipt.md, so that nobody has to believe the
product about itself: it shares no line with it. KEY is the relay's key as the provider
publishes it; without it the receipt is checked against the key that it names. Exits
with 0 when everything fits, else with 1 after naming the first thing that is wrong.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import sys
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

#: state -> event -> state, as docs/protocol/session.md has it.
TABLE = {
    "waiting": {"code_claimed": "pairing", "ended": "ended"},
    "pairing": {
        "keys_confirmed": "consenting",
        "run_failed": "waiting",
        "link_lost": "ended",
        "ended": "ended",
    },
    "consenting": {
        "view_granted": "viewing",
        "link_lost": "consenting",
        "link_restored": "consenting",
        "ended": "ended",
    },
    "viewing": {
        "control_granted": "controlling",
        "paused": "paused",
        "link_lost": "interrupted",
        "ended": "ended",
    },
    "controlling": {
        "control_released": "viewing",
        "reclaimed": "reclaimed",
        "paused": "paused",
        "link_lost": "interrupted",
        "ended": "ended",
    },
    "reclaimed": {
        "control_granted": "controlling",
        "paused": "paused",
        "link_lost": "interrupted",
        "ended": "ended",
    },
    "paused": {
        "continued": "viewing",
        "link_lost": "paused",
        "link_restored": "paused",
        "ended": "ended",
    },
    "interrupted": {
        "link_restored": "viewing",
        "paused": "paused",
        "link_lost": "interrupted",
        "ended": "ended",
    },
    "ended": {},
}
#: Events; whatever else an entry may be called moves nothing.
EVENTS = {event for row in TABLE.values() for event in row}
SHOWN = ("view_granted", "control_granted", "extra_accepted")
FIELDS = {
    "v": int,
    "kind": str,
    "relay": str,
    "session": str,
    "pairing": dict,
    "offer": dict,
    "texts": list,
    "entries": list,
    "leaves": list,
    "withheld": list,
    "proof": str,
    "indexes": list,
    "beside": list,
}
NONE = "0" * 64


class Wrong(Exception):
    """What is wrong, and where."""


def insist(is_so: bool, where: str, why: str) -> None:
    """Stop at the first thing that is wrong."""
    if not is_so:
        raise Wrong(f"{where}: {why}")


def canonical(value: object) -> bytes:
    """Return the one encoding of a value: RFC 8785 without floats, ASCII."""
    return json.dumps(
        value, ensure_ascii=True, sort_keys=True, separators=(",", ":")
    ).encode("ascii")


def read(data: bytes, where: str) -> dict[str, Any]:
    """Decode an object and insist that this is its one encoding."""
    try:
        value = json.loads(data.decode("ascii"))
        if isinstance(value, dict) and canonical(value) == data:
            return value
    except (ValueError, RecursionError):
        pass
    raise Wrong(f"{where}: is not canonical JSON")


def raw(text: object, where: str, *, url: bool = True) -> bytes:
    """Decode base64, strictly: unpadded base64url, or the ordinary kind."""
    if not isinstance(text, str):
        raise Wrong(f"{where}: is no text")
    try:
        if not url:
            data = base64.b64decode(text, validate=True)
            insist(base64.b64encode(data).decode() == text, where, "is not base64")
            return data
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        again = base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    except (binascii.Error, ValueError):
        raise Wrong(f"{where}: is not base64") from None
    insist(again == text, where, "is not base64url")
    return data


def signed(
    key: bytes, label: bytes, data: bytes, sig: bytes, where: str, th: bytes = b""
) -> None:
    """Check an Ed25519 signature over label, zero, binding and SHA-256 of the data."""
    text = label + b"\0" + th + hashlib.sha256(data).digest()
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(sig, text)
    except (InvalidSignature, ValueError):
        raise Wrong(f"{where}: its signature does not fit") from None


def leaf_hash(data: bytes) -> bytes:
    """Hash an entry (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def with_lengths(*parts: bytes) -> bytes:
    """Join byte strings, each with its length in LEB128 before it."""
    out = b""
    for part in parts:
        size = len(part)
        while size > 127:
            out += bytes((size & 127 | 128,))
            size >>= 7
        out += bytes((size,)) + part
    return out


def check(data: bytes, relay_key: str = "") -> dict[str, Any]:
    """Check a receipt; return what it says.

    Raises:
        Wrong: the first thing that is wrong.
    """
    file = read(data.removesuffix(b"\n"), "receipt")
    insist(set(file) == set(FIELDS), "receipt", "a field is missing or unknown")
    for name, kind in FIELDS.items():
        insist(type(file[name]) is kind, name, "is of another type")
    insist(
        (file["v"], file["kind"]) == (1, "cordee receipt"),
        "receipt",
        "is not of version 1",
    )
    relay = raw(file["relay"], "relay")
    insist(len(relay) == 32, "relay", "is no key")
    insist(not relay_key or relay_key == file["relay"], "relay", "is not the key given")
    insist(
        set(file["pairing"]) == {"rs", "ya", "ad_a", "yb", "ad_b"},
        "pairing",
        "a part is missing or unknown",
    )
    pairing = {name: raw(text, "pairing") for name, text in file["pairing"].items()}
    th = hashlib.sha256(
        with_lengths(pairing["ya"], pairing["ad_a"])
        + with_lengths(pairing["yb"], pairing["ad_b"])
    ).digest()
    entries, leaves = check_leaves(file)
    keys, attested = check_people(pairing, relay, entries[0]["at_ms"])
    offer = check_statement(file["offer"], b"ra1 offer", relay, "offer")
    check_acts(file, entries, keys, relay, th)
    check_table(entries)
    check_pairing(file, entries, th)
    check_texts(file, entries)
    size = check_proof(file, leaves, relay)
    insist(
        attested["organisation"] == offer["organisation"],
        "attestation",
        "names another provider than the offer",
    )
    return {"offer": offer, "attestation": attested, "entries": entries, "size": size}


def check_leaves(file: dict[str, Any]) -> tuple[list[dict[str, Any]], list[bytes]]:
    """Read the entries; each has to be what its leaf stands for, and in its place."""
    insist(bool(file["entries"]), "entries", "there are none")
    insist(
        len(file["entries"]) == len(file["leaves"]), "leaves", "are not one an entry"
    )
    entries: list[dict[str, Any]] = []
    leaves = []
    for place, text in enumerate(file["entries"]):
        number = entries[0]["n"] + place if entries else place
        where = f"entry {number}"
        insist(isinstance(text, str) and text.isascii(), where, "is not ASCII")
        leaf = leaf_hash(text.encode())
        insist(
            base64.b64encode(leaf).decode() == file["leaves"][place],
            where,
            "is not what its leaf stands for",
        )
        entry = read(text.encode(), where)
        for name in ("n", "at_ms", "mono_us"):
            insist(
                type(entry.get(name)) is int and entry[name] >= 0,
                where,
                f"{name} is no count",
            )
        insist(
            not entries or entry["n"] == number,
            where,
            "is missing, doubled or out of its place",
        )
        insist(entry["session"] == file["session"], where, "is another session's")
        entries.append(entry)
        leaves.append(leaf)
    return entries, leaves


def check_statement(
    said: object, label: bytes, relay: bytes, where: str
) -> dict[str, Any]:
    """Check a statement of the relay's and return it."""
    if not isinstance(said, dict) or set(said) != {"text", "sig"}:
        raise Wrong(f"{where}: is none")
    insist(
        isinstance(said["text"], str) and said["text"].isascii(), where, "is not ASCII"
    )
    text = str(said["text"]).encode()
    signed(relay, label, text, raw(said["sig"], where), where)
    return read(text, where)


def check_people(
    pairing: dict[str, bytes], relay: bytes, at_ms: int
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return both sides' keys, and who the provider says the technician is."""
    customer = read(pairing["ad_a"], "pairing")
    technician = read(pairing["ad_b"], "pairing")
    keys = {
        "customer": raw(customer.get("pk"), "pairing"),
        "technician": raw(technician.get("pk"), "pairing"),
    }
    attested = check_statement(
        technician.get("att"), b"ra1 attestation", relay, "attestation"
    )
    insist(
        raw(attested.get("pk"), "attestation") == keys["technician"],
        "attestation",
        "is about another key",
    )
    insist(attested["expires"] > at_ms // 1000, "attestation", "had expired")
    return keys, attested


def check_acts(
    file: dict[str, Any],
    entries: list[dict[str, Any]],
    keys: dict[str, bytes],
    relay: bytes,
    th: bytes,
) -> None:
    """Check every signature, and that each side's acts are one chain."""
    chains = {side: (0, NONE) for side in keys}
    known = {NONE}
    peers: list[tuple[str, str]] = []

    def take(text: str, sig: bytes, where: str) -> dict[str, Any]:
        act = read(text.encode(), where)
        side = str(act.get("side"))
        insist(side in keys, where, "is nobody's act")
        signed(keys[side], b"ra1 event", text.encode(), sig, where, th)
        insist(act["session"] == file["session"], where, "is another session's")
        seq, prev = chains[side]
        insist(
            act["seq"] == seq and act["prev"] == prev,
            where,
            "is not the next in its chain",
        )
        name = hashlib.sha256(text.encode()).hexdigest()
        chains[side] = (seq + 1, name)
        known.add(name)
        peers.append((f"act {seq} of the {side}", act["peer"]))
        return act

    for entry in entries:
        where = f"entry {entry['n']}"
        try:
            sig = bytes.fromhex(entry["sig"])
        except (ValueError, TypeError):
            raise Wrong(f"{where}: its signature is none") from None
        if not entry["act"]:
            insist(entry["side"] == "relay", where, "has no act")
            bare = {name: value for name, value in entry.items() if name != "sig"}
            signed(relay, b"ra1 fact", canonical(bare), sig, where)
            continue
        act = take(entry["act"], sig, where)
        for name in ("session", "side", "kind", "data"):
            insist(act[name] == entry[name], where, f"says another {name} than its act")
    for place, said in enumerate(file["withheld"]):
        where = f"withheld act {place}"
        insist(isinstance(said, dict) and set(said) == {"act", "sig"}, where, "is none")
        try:
            take(said["act"], bytes.fromhex(said["sig"]), where)
        except (ValueError, AttributeError, TypeError):
            raise Wrong(f"{where}: cannot be read") from None
    for where, peer in peers:
        insist(peer in known, where, "answers an act that is missing here")


def check_table(entries: list[dict[str, Any]]) -> None:
    """Follow the session through the table."""
    state, at_us = "waiting", 0
    for entry in entries:
        where, kind = f"entry {entry['n']}", entry["kind"]
        if not entry["data"].get("recovered"):
            insist(entry["mono_us"] >= at_us, where, "its clock went backwards")
            at_us = entry["mono_us"]
        if entry["late"]:
            insist(kind not in TABLE[state], where, "is called late and is not")
        elif kind in EVENTS:
            insist(kind in TABLE[state], where, f"cannot be while {state}")
            state = TABLE[state][kind]
        insist(entry["state"] == state, where, "says another state than the table")
    insist(state == "ended", "entries", "the session's end is missing")


def check_pairing(
    file: dict[str, Any], entries: list[dict[str, Any]], th: bytes
) -> None:
    """Check that what was journaled is this pairing."""
    confirmed = False
    for entry in entries:
        if entry["kind"] == "keys_confirmed":
            confirmed = True
            same = {**file["pairing"], "pairing": th.hex()}
            insist(entry["data"] == same, "pairing", "is not what was journaled")
        if entry["kind"] == "bind":
            insist(
                entry["data"] == {"pairing": th.hex()},
                f"entry {entry['n']}",
                "binds to another pairing",
            )
    insist(confirmed, "entries", "the keys were never confirmed")


def check_texts(file: dict[str, Any], entries: list[dict[str, Any]]) -> None:
    """Check that every yes was to words and an offer that stand here."""
    offered = hashlib.sha256(file["offer"]["text"].encode()).hexdigest()
    texts = {hashlib.sha256(canonical(text)).hexdigest() for text in file["texts"]}
    wanted = set()
    for entry in entries:
        if entry["kind"] not in SHOWN:
            continue
        name = entry["data"].get("text")
        wanted.add(name)
        insist(
            name in texts,
            f"text of entry {entry['n']}",
            "is not what was agreed to",
        )
        insist(
            entry["kind"] == "extra_accepted" or entry["data"].get("offer") == offered,
            f"entry {entry['n']}",
            "agrees to another offer",
        )
    insist(texts == wanted, "texts", "one was never agreed to")


def check_proof(file: dict[str, Any], leaves: list[bytes], relay: bytes) -> int:
    """Check that the entries are in the journal whose head the relay signed."""
    top, mark, note = file["proof"].partition("\n\n")
    first, *lines = top.split("\n")
    insist(
        bool(mark) and first == "c2sp.org/tlog-proof@v1" and bool(lines),
        "proof",
        "is none",
    )
    word, _, number = lines[0].partition(" ")
    insist(
        word == "index" and number.isdecimal() and str(int(number)) == number,
        "proof",
        "has no index",
    )
    index = int(number)
    path = [raw(line, "proof", url=False) for line in lines[1:]]
    size, top_hash = check_note(note, relay)
    insist(0 <= index < size, "proof", "its index is not below the size")
    insist(all(len(one) == 32 for one in path), "proof", "a hash is not 32 bytes")
    at, last, found = index, size - 1, leaves[-1]
    for step in path:
        insist(last > 0, "proof", "has too many hashes")
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    insist(last == 0 and found == top_hash, "proof", "does not lead to the root")
    places = file["indexes"]
    insist(
        all(type(one) is int for one in places)
        and len(places) == len(leaves)
        and places == sorted(set(places))
        and places[0] >= 0
        and places[-1] == index,
        "indexes",
        "are not the entries' places",
    )
    wanted: dict[int, bytes] = dict(zip(places, leaves, strict=True))
    beside = iter([raw(one, "beside", url=False) for one in file["beside"]])

    def over(low: int, high: int) -> bytes:
        if not any(low <= one < high for one in wanted):
            step = next(beside, b"")
            insist(len(step) == 32, "beside", "has too few hashes")
            return step
        if high - low == 1:
            return wanted[low]
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        left = over(low, middle)
        return node_hash(left, over(middle, high))

    insist(over(0, size) == top_hash, "beside", "does not lead to the root")
    insist(next(beside, None) is None, "beside", "has too many hashes")
    return size


def check_note(note: str, relay: bytes) -> tuple[int, bytes]:
    """Check a signed checkpoint (c2sp.org/tlog-checkpoint); return size and root."""
    name = "cordee/" + hashlib.sha256(relay).hexdigest()[:32]
    text, _, signatures = note.rpartition("\n\n")
    lines = text.split("\n")
    insist(len(lines) >= 3 and signatures.endswith("\n"), "checkpoint", "is none")
    insist(lines[0] == name, "checkpoint", "is another journal's")
    insist(
        lines[1].isdecimal() and str(int(lines[1])) == lines[1],
        "checkpoint",
        "has no size",
    )
    wanted = hashlib.sha256(name.encode() + b"\n\1" + relay).digest()[:4]
    for line in signatures[:-1].split("\n"):
        said, _, encoded = line.removeprefix("— ").partition(" ")
        insist(line.startswith("— "), "checkpoint", "a signature line is none")
        sig = raw(encoded, "checkpoint", url=False)
        if said == name and sig[:4] == wanted:
            try:
                key = Ed25519PublicKey.from_public_bytes(relay)
                key.verify(sig[4:], (text + "\n").encode())
            except InvalidSignature:
                raise Wrong("checkpoint: its signature does not fit") from None
            root = raw(lines[2], "checkpoint", url=False)
            insist(len(root) == 32, "checkpoint", "its root is not 32 bytes")
            return int(lines[1]), root
    raise Wrong("checkpoint: the relay has not signed it")


def summary(said: dict[str, Any]) -> str:
    """Say in words what a receipt shows."""

    def at(entry: dict[str, Any]) -> str:
        moment = dt.datetime.fromtimestamp(entry["at_ms"] / 1000, tz=dt.UTC)
        return moment.strftime("%Y-%m-%d %H:%M:%S UTC")

    offer, entries = said["offer"], said["entries"]
    lines = [
        "Everything fits.",
        f"Provider: {offer['organisation']}, {offer['phone']}",
        f"Technician: {said['attestation']['technician']}",
        f"Customer: {offer['customer']}; for: {offer['purpose']}",
        f"Journal: {said['size']} entries under the checkpoint",
    ]
    lines += [
        f"{entry['n']:>5}  {at(entry)}  {entry['side']:<10}  {entry['kind']}"
        + ("  (late: without effect)" if entry["late"] else "")
        for entry in entries
        if entry["kind"] not in ("tick", "checkpoint")
    ]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Check the file that is named; return the exit code."""
    key = ""
    if "--relay-key" in arguments[:-1]:
        place = arguments.index("--relay-key")
        key = arguments[place + 1]
        arguments = arguments[:place] + arguments[place + 2 :]
    if len(arguments) != 1:
        sys.stderr.write("usage: verify_receipt.py RECEIPT [--relay-key KEY]\n")
        return 2
    try:
        with open(arguments[0], "rb") as file:
            sys.stdout.write(summary(check(file.read(), key)))
    except OSError as error:
        sys.stderr.write(f"{arguments[0]}: {error.strerror}\n")
        return 2
    except Wrong as wrong:
        sys.stderr.write(f"WRONG. {wrong}\n")
        return 1
    except (KeyError, TypeError, AttributeError) as error:
        sys.stderr.write(f"WRONG. receipt: cannot be read ({error})\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
