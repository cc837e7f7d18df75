"""Write the golden vectors that Python and JavaScript both have to reproduce.

Run once, read by a person, then committed::

    python -m tests.make_vectors

Running it again must change nothing. When it does, the protocol has changed: say
so in the changelog, and think of those who have not updated yet. ``cpace.json`` is
not made here: it is the draft's own.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

import msgspec

from cordee_shared.canonical import b64, canonical, lv_cat
from cordee_shared.code import Code, check_digit
from cordee_shared.errors import CordeeError
from cordee_shared.ids import Nameplate
from cordee_shared.limits import (
    PAIRING_MAX,
    RECORD_PLAINTEXT_MAX,
    REKEY_RECORDS,
    REKEY_S,
)
from cordee_shared.pairing.channel import SealedChannel
from cordee_shared.pairing.machine import Agreement, Direction
from cordee_shared.pairing.resume import Resume
from cordee_shared.pairing.schedule import Role
from cordee_shared.wire.frames import Channel, header, read_header
from tests.shared.pairing.ends import (
    Dice,
    agent,
    as_keys,
    console,
    keys,
    paired,
    public_key,
    resumed,
    talk,
)

VECTORS: Final = Path(__file__).parent.parent / "shared" / "vectors"


def code_vectors() -> dict[str, Any]:
    """Codes with their check digits, and what people type."""
    pairs = [("000", "00000"), ("482", "91307"), ("999", "99999"), ("012", "34567")]
    codes = [Code(Nameplate(plate), secret) for plate, secret in pairs]
    good = codes[1].spoken
    digits = good.replace(" ", "")
    typed = [
        good,
        digits,
        f"  {digits[:3]}-{digits[3:6]}.{digits[6:]}\r\n",
        "\u00a0".join(digits),
        f"{digits[:3]}\u202f{digits[3:6]}\u2009{digits[6:]}\t",
    ]
    swapped = digits[:2] + digits[3] + digits[2] + digits[4:]
    return {
        "check_digits": [
            {"digits": d, "digit": check_digit(d)}
            for d in ("", "0", "1", "572", "48291307", "12345678", "98765432")
        ],
        "codes": [
            {"nameplate": c.nameplate, "secret": c.secret, "spoken": c.spoken}
            for c in codes
        ],
        "typed": [{"text": t, "nameplate": "482", "secret": "91307"} for t in typed],
        "mistyped": [
            "",
            "482",
            digits[:-1],
            digits + "0",
            swapped,
            "1" + digits[1:],
            digits[:-1] + "x",
            digits.replace("0", "O"),
            "".join(chr(0x0660 + int(d)) for d in digits),
            digits.replace("1", "\u00b9"),
            digits[:3] + "/" + digits[3:],
        ],
        "secrets": [{"draw": n, "secret": f"{n:05d}"} for n in (0, 7, 91307, 99999)],
    }


def canonical_vectors() -> dict[str, Any]:
    """Values and their one encoding; texts that are no canonical object."""
    values: list[Any] = [
        {},
        {"b": 1, "a": [], "A": {}, "10": 0, "9": -1},
        {"t": True, "f": False, "n": None, "max": 2**53 - 1, "min": -(2**53) + 1},
        {"text": 'quote " backslash \\ slash / \b\f\n\r\t\x00\x1f\x7f'},
        {"text": "déjà vu \u2028 \U0001f9d7 \ufeff"},
        {"nested": [[1, [2, {"z": [], "y": [None, "x"]}]]], "": ""},
        {"__proto__": 1, "constructor": "c", "toString": []},
    ]
    refused = [
        "",
        "1",
        "[]",
        '"a"',
        "null",
        "{",
        "{} ",
        '{"a": 1}',
        '{"b":1,"a":2}',
        '{"a":1,"a":1}',
        '{"a":1,"a":2}',
        '{"a":1.0}',
        '{"a":1.5}',
        '{"a":1e2}',
        '{"a":-0}',
        '{"a":01}',
        '{"a":NaN}',
        '{"a":Infinity}',
        '{"a":9007199254740992}',
        '{"a":' + "9" * 400 + "}",
        '{"a":"\u00e9"}',
        '{"a":"\\u00E9"}',
        '{"a":"\\/"}',
        '{"a":"\\u0041"}',
        '{"\\u00e9":1}',
        "\ufeff{}",
        '{"a":"\x7f"}',
    ]
    parts = [b"", b"1234", bytes(127), bytes(128), bytes(16384)]
    return {
        "canonical": [{"value": v, "text": canonical(v).decode()} for v in values],
        "refused": refused,
        "lv_cat": {
            "sizes": [len(part) for part in parts],
            "parts_sha256": hashlib.sha256(b"".join(parts)).hexdigest(),
            "sha256": hashlib.sha256(lv_cat(*parts)).hexdigest(),
        },
        "b64": [{"hex": d.hex(), "text": b64(d)} for d in map(_spread, range(6))]
        + [{"hex": "fbff", "text": "-_8"}],
        "b64_refused": [
            "A",
            "AA==",
            "AB",
            "AAB",
            "+A",
            "/A",
            "AA AA",
            "AA\n",
            "é",
            "A-_=a",
        ],
    }


def pairing_vectors() -> dict[str, Any]:
    """Whole exchanges: what each end draws, says and holds in the end."""
    return {
        "pairing_max": PAIRING_MAX,
        "exchanges": [
            _exchange("the agent shows the code", "a", "482", "91307", {}, {}),
            _exchange(
                "the console invites",
                "b",
                "007",
                "00000",
                {"files": True, "codecs": ["exact", "photo"]},
                {"clipboard": False, "nested": {"z": 1, "a": [None, -1]}},
            ),
        ],
    }


def channel_vectors() -> dict[str, Any]:
    """Headers, and a conversation over keys that turn."""
    held = keys("channel vectors")
    ends = {
        role: SealedChannel(role, held, now=0, rekey_records=3)
        for role in (Role.AGENT, Role.CONSOLE)
    }
    steps: list[dict[str, Any]] = []
    plan: list[tuple[Role, Channel, bytes, float]] = [
        (Role.AGENT, Channel.CONTROL, b"", 0),
        (Role.AGENT, Channel.SCREEN, _spread(40), 0.25),
        (Role.CONSOLE, Channel.INPUT, b"\x00", 1),
        (Role.AGENT, Channel.CHAT, "à bientôt".encode(), 2),
        # The fourth record of the agent: its first key has sealed three.
        (Role.AGENT, Channel.FILE, _spread(1000), 3),
        # The console's first key is ten minutes old, after one record.
        (Role.CONSOLE, Channel.CLIPBOARD, b"text", REKEY_S),
        (Role.CONSOLE, Channel.INPUT, b"\x01\x02", REKEY_S + 1),
        # Long silence: one turn, not as many as would have fitted.
        (Role.AGENT, Channel.SCREEN, _spread(65536), 10 * REKEY_S),
    ]
    for role, channel, payload, now in plan:
        frame = ends[role].seal(channel, payload, now)
        ends[role.other].open(frame)
        steps.append(_step(role, channel, payload, now, frame))
    close = ends[Role.AGENT].close("customer_ended", 10 * REKEY_S)
    ends[Role.CONSOLE].open(close)
    closed = ends[Role.CONSOLE].closed
    assert closed is not None
    return {
        "limits": {
            "record_plaintext_max": RECORD_PLAINTEXT_MAX,
            "rekey_records": REKEY_RECORDS,
            "rekey_s": REKEY_S,
        },
        "channels": {channel.name: channel.value for channel in Channel},
        "headers": [
            {
                "epoch": epoch,
                "channel": channel.value,
                "hex": header(epoch, channel).hex(),
            }
            for epoch, channel in [
                (0, Channel.CONTROL),
                (9, Channel.CHAT),
                (255, Channel.CLOSE),
            ]
        ],
        # `body` zero bytes follow the header.
        "refused": [
            _refused(head, body)
            for head, body in [
                ("", 0),
                ("010000", 15),
                ("000000", 16),
                ("020000", 16),
                ("010006", 16),
                ("0100fe", 16),
                ("010000", RECORD_PLAINTEXT_MAX + 17),
            ]
        ],
        "conversation": {
            "rekey_records": 3,
            "keys": as_keys(held),
            "steps": steps,
            "close": {
                "by": "agent",
                "now": 10 * REKEY_S,
                "frame": close.hex(),
                "reason": closed.reason,
                "sent": closed.sent,
                "received": closed.received,
            },
        },
    }


def _exchange(
    name: str,
    direction: Direction,
    plate: str,
    secret: str,
    agent_caps: dict[str, Any],
    console_caps: dict[str, Any],
) -> dict[str, Any]:
    dice = {role: Dice(f"{name}: {role}") for role in ("agent", "console")}
    code = Code(Nameplate(plate), secret)
    att = {"text": '{"technician":"Ana\\u00efs"}', "sig": b64(_spread(64))}
    at_agent = agent(
        code=code, direction=direction, entropy=dice["agent"], caps=agent_caps
    )
    at_console = console(
        code=code,
        direction=direction,
        entropy=dice["console"],
        caps=console_caps,
        att=att,
    )
    h0 = paired(plate, direction, Dice(name)(16))
    said = talk(at_agent, at_console, h0)
    first, second = at_agent.agreement, at_console.agreement
    assert first is not None
    assert second is not None
    assert first.keys == second.keys
    return {
        "name": name,
        "direction": direction,
        "nameplate": plate,
        "secret": secret,
        "origin": "https://aide.example",
        "agent": {
            "pk": public_key("agent").hex(),
            "ver": "0.1.0",
            "caps": agent_caps,
            "draws": [drawn.hex() for drawn in dice["agent"].drawn],
        },
        "console": {
            "pk": public_key("console").hex(),
            "att": att,
            "caps": console_caps,
            "draws": [drawn.hex() for drawn in dice["console"].drawn],
        },
        "h0": {"t": "paired", "rs": h0.rs, "np": h0.np, "dir": h0.dir},
        "messages": [msgspec.to_builtins(message) for message in said],
        "th": first.th.hex(),
        "keys": as_keys(first.keys),
        "resume": _resume(name, first, second),
    }


def _resume(name: str, first: Agreement, second: Agreement) -> dict[str, Any]:
    dice = {role: Dice(f"{name}, resumed: {role}") for role in ("agent", "console")}
    at_agent = Resume(first, dice["agent"])
    at_console = Resume(second, dice["console"])
    h0 = resumed(Dice(f"{name}, resumed")(16))
    said = talk(at_agent, at_console, h0)
    after = at_agent.agreement
    assert after is not None
    assert at_console.agreement is not None
    assert after.keys == at_console.agreement.keys
    return {
        "agent": {"draws": [drawn.hex() for drawn in dice["agent"].drawn]},
        "console": {"draws": [drawn.hex() for drawn in dice["console"].drawn]},
        "h0": {"t": "resumed", "rs": h0.rs},
        "messages": [msgspec.to_builtins(message) for message in said],
        "keys": as_keys(after.keys),
    }


def _step(
    role: Role, channel: Channel, payload: bytes, now: float, frame: bytes
) -> dict[str, Any]:
    """Describe one record; the payload is ``_spread`` of its size unless it stands."""
    spread = payload == _spread(len(payload)) and len(payload) > 40
    step: dict[str, Any] = {"by": role.value, "channel": channel.value, "now": now}
    step |= {"spread": len(payload)} if spread else {"payload": payload.hex()}
    long = len(frame) > 2000
    step |= (
        {"sha256": hashlib.sha256(frame).hexdigest()}
        if long
        else {"frame": frame.hex()}
    )
    return step


def _refused(head: str, body: int) -> dict[str, Any]:
    try:
        read_header(bytes.fromhex(head) + bytes(body))
    except CordeeError as error:
        return {"hex": head, "body": body, "error": type(error).__name__}
    raise AssertionError(f"{head} was to be refused")


def _spread(size: int) -> bytes:
    """Return bytes that differ from their neighbours: 7 n + 3 modulo 256."""
    return bytes((7 * at + 3) & 0xFF for at in range(size))


def texts() -> dict[str, str]:
    """Return each file's name and its exact text."""
    made = {
        "code.json": code_vectors(),
        "canonical.json": canonical_vectors(),
        "pairing.json": pairing_vectors(),
        "channel.json": channel_vectors(),
    }
    return {name: json.dumps(value, indent=1) + "\n" for name, value in made.items()}


def main() -> None:
    """Write every file."""
    VECTORS.mkdir(exist_ok=True)
    for name, text in texts().items():
        (VECTORS / name).write_text(text, "ascii")


if __name__ == "__main__":
    main()
