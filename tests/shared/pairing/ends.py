"""Two ends of a pairing for tests: dice that repeat, and messages carried by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from cordee_shared.canonical import b64
from cordee_shared.code import Code
from cordee_shared.ids import Nameplate
from cordee_shared.pairing.machine import Agreement, Direction, Pairing
from cordee_shared.pairing.resume import Resume
from cordee_shared.pairing.schedule import Keys, Role
from cordee_shared.wire import control

ORIGIN = "https://aide.example"
CODE = Code(Nameplate("482"), "91307")

#: What a relay in the middle does to a message under way.
Meddle = Callable[[control.Message], control.Message]


class Dice:
    """Entropy that comes out the same each time, and remembers what it gave."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self.drawn: list[bytes] = []

    def __call__(self, size: int) -> bytes:
        """Return the next ``size`` bytes."""
        label = f"{self._seed} {len(self.drawn)}".encode()
        self.drawn.append(hashlib.shake_256(label).digest(size))
        return self.drawn[-1]


def public_key(seed: str) -> bytes:
    """Return 32 bytes that stand for an Ed25519 key."""
    return hashlib.sha256(f"pk {seed}".encode()).digest()


def keys(seed: str = "keys") -> Keys:
    """Return four keys that belong to nobody."""
    return Keys(*(hashlib.sha256(f"{seed} {n}".encode()).digest() for n in range(4)))


def agent(
    seed: str = "agent",
    **changed: Any,  # noqa: ANN401 - whatever Pairing takes
) -> Pairing:
    """Return an agent's end of a pairing by :data:`CODE`, or otherwise as told."""
    options: dict[str, Any] = {
        "code": CODE,
        "direction": "a",
        "origin": ORIGIN,
        "pk": public_key("agent"),
        "entropy": Dice(seed),
        "ver": "0.1.0",
    }
    return Pairing(Role.AGENT, **(options | changed))


def console(
    seed: str = "console",
    **changed: Any,  # noqa: ANN401 - whatever Pairing takes
) -> Pairing:
    """Return a console's end of the same pairing."""
    options: dict[str, Any] = {
        "code": CODE,
        "direction": "a",
        "origin": ORIGIN,
        "pk": public_key("console"),
        "entropy": Dice(seed),
        "att": {"text": "{}", "sig": ""},
    }
    return Pairing(Role.CONSOLE, **(options | changed))


def paired(
    np: str = "482", direction: Direction = "a", rs: bytes = bytes(range(16))
) -> control.Paired:
    """Return the relay's h0."""
    nothing = control.Statement(text="", sig="")
    return control.Paired(
        session="0" * 32,
        rs=b64(rs),
        np=np,
        dir=direction,
        n=0,
        offer=nothing,
        att=nothing,
        token="",
        consent_s=120,
    )


def resumed(rs: bytes = bytes(range(16, 32))) -> control.Resumed:
    """Return the relay's h0 of a resume."""
    return control.Resumed(session="0" * 32, rs=b64(rs), token="")


def untouched(message: control.Message) -> control.Message:
    """Carry a message as an honest relay does."""
    return message


def talk(
    at_agent: Pairing | Resume,
    at_console: Pairing | Resume,
    h0: control.Message,
    meddle: Meddle = untouched,
) -> list[control.Message]:
    """Run an exchange to its end and return what went over the wire after h0.

    A relay that meddles tells the agent another h0, and the console the true one.

    Raises:
        PairingFailed: from the end at which it failed.
    """
    at_agent.receive(meddle(h0))
    message = at_console.receive(h0)
    said: list[control.Message] = []
    turn, other = at_agent, at_console
    while message is not None:
        said.append(message)
        message = turn.receive(meddle(message))
        turn, other = other, turn
    return said


def wire(message: control.Message) -> dict[str, Any]:
    """Return a message's fields as they travel."""
    travelling: dict[str, Any] = msgspec.to_builtins(message)
    return travelling


def alter(kind: type[control.Message], **changed: str) -> Meddle:
    """Return a relay that changes fields of one kind of message."""

    def meddle(message: control.Message) -> control.Message:
        if type(message) is kind:
            return msgspec.structs.replace(message, **changed)
        return message

    return meddle


def changed_text(text: str) -> Iterator[str]:
    """Return the text cut, lengthened, emptied, and changed at each character."""
    candidates = ["", text[:-1], text + "A", text[1:], text[::-1], "=" + text]
    for at, character in enumerate(text):
        other = "A" if character != "A" else "B"
        candidates.append(text[:at] + other + text[at + 1 :])
    yield from (other for other in candidates if other != text)


def agreed(
    seed: str = "",
    **changed: Any,  # noqa: ANN401 - whatever Pairing takes
) -> tuple[Agreement, Agreement]:
    """Pair two ends and return what each holds; the agent's first."""
    here, there = agent(f"agent{seed}", **changed), console(f"console{seed}", **changed)
    talk(here, there, paired())
    assert here.agreement is not None
    assert there.agreement is not None
    return here.agreement, there.agreement


def as_keys(held: Keys) -> Mapping[str, str]:
    """Write keys as hexadecimal, by name."""
    return {
        "a2c": held.a2c.hex(),
        "c2a": held.c2a.hex(),
        "exp": held.exp.hex(),
        "res": held.res.hex(),
    }


def honest() -> list[control.Message]:
    """Return h0 to h4 of a pairing that nobody touched."""
    return [paired(), *talk(agent(), console(), paired())]
