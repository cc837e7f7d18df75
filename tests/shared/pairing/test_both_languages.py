"""Python's agent and JavaScript's console, in whole exchanges with fresh dice.

Golden files hold each language to the same few cases. Here the two meet: the
console runs under Node, as the browser would run it, at the other end of a pipe.
"""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cordee_shared.canonical import transcript
from cordee_shared.code import Code, secret_from
from cordee_shared.errors import PairingFailed
from cordee_shared.ids import Nameplate
from cordee_shared.limits import REKEY_S
from cordee_shared.pairing import pake
from cordee_shared.pairing.channel import Closed, SealedChannel
from cordee_shared.pairing.machine import Agreement, Direction, Pairing
from cordee_shared.pairing.resume import Resume
from cordee_shared.pairing.schedule import Role
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from tests.parts import command
from tests.shared.pairing.ends import agent, as_keys, paired, public_key, resumed, wire

PEER = Path(__file__).parents[2] / "console" / "peer.mjs"

CARRYING = [channel for channel in Channel if channel is not Channel.CLOSE]


class Console:
    """A JavaScript console in a process of its own: one line in, one line out."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, name: str, **given: object) -> Any:  # noqa: ANN401 - whatever JSON says
        """Run a command and return its result, or fail with what it threw."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"command": name, **given}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if answer.get("error") == "PairingFailed":
            raise PairingFailed("said the console")
        assert "error" not in answer, answer
        return answer["result"]

    def receive(self, message: control.Message) -> tuple[control.Message | None, Any]:
        """Hand over a message; return its answer, and what it holds by now."""
        result = self.ask("receive", message=wire(message))
        answer = result["answer"]
        if answer is None:
            return None, result["held"]
        known = control.H1 | control.H3 | control.R1 | control.R3
        return msgspec.convert(answer, known), result["held"]


@pytest.fixture(scope="module")
def console() -> Iterator[Console]:
    node = command("node", package="nodejs")
    line = [str(node), "--no-warnings", str(PEER)]
    with subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Console(process)


def meet(
    here: Pairing | Resume, console: Console, h0: control.Message
) -> tuple[Agreement, Any]:
    """Run an exchange between the languages; return what each end holds."""
    here.receive(h0)
    message, held = console.receive(h0)
    while message is not None:
        answer = here.receive(message)
        if answer is None:
            break
        message, held = console.receive(answer)
    assert here.agreement is not None
    return here.agreement, held


def converse(
    here: SealedChannel, console: Console, dice: random.Random, count: int
) -> None:
    """Send records both ways, over new keys by number and by time."""
    now = 0.0
    for _ in range(count):
        now += dice.choice((0, 1, REKEY_S))
        said = [
            (dice.choice(CARRYING), dice.randbytes(dice.choice((0, 1, 40, 3000))))
            for _ in range(dice.randrange(5))
        ]
        frames = [here.seal(channel, payload, now).hex() for channel, payload in said]
        opened = console.ask("open", frames=frames)
        assert opened == [[channel, payload.hex()] for channel, payload in said]
        back = [(channel, payload.hex(), now) for channel, payload in reversed(said)]
        for frame, (channel, payload, _) in zip(
            console.ask("seal", records=back), back, strict=True
        ):
            assert here.open(bytes.fromhex(frame)) == (channel, bytes.fromhex(payload))


@pytest.mark.slow
def test_s03_500_exchanges_give_the_same_in_both_languages(console: Console) -> None:
    dice = random.Random(20260423)
    for _ in range(500):
        prs, ci, sid, ad_a, ad_b = (
            dice.randbytes(dice.randrange(1, 300)) for _ in range(5)
        )
        scalar_a, scalar_b = dice.randbytes(32), dice.randbytes(32)
        g = pake.generator(prs, ci, sid, dice.randbytes)
        ya, yb = pake.scalar_mult(scalar_a, g), pake.scalar_mult(scalar_b, g)
        k = pake.scalar_mult(scalar_a, yb)
        isk = pake.intermediate_key(sid, k, transcript(ya, ad_a, yb, ad_b))
        tag = pake.confirmation(sid, isk, yb, ad_b)
        given = {"prs": prs, "ci": ci, "sid": sid, "scalar": scalar_b, "peer": ya}
        there = console.ask(
            "pake",
            **{name: value.hex() for name, value in given.items()},
            ads=[ad_a.hex(), ad_b.hex()],
        )
        assert there == [part.hex() for part in (g, yb, isk, tag)]


@pytest.mark.slow
def test_s03_60_whole_sessions_between_the_languages(console: Console) -> None:
    dice = random.Random(1)
    for n in range(60):
        code = Code(Nameplate(f"{n:03d}"), secret_from(dice.randrange(100000)))
        direction: Direction = dice.choice(("a", "b"))
        caps = {
            "n": n,
            "names": ["é", '"', "\\", "\x7f"],
            "nested": {"b": [], "a": None},
        }
        options = {"direction": direction, "origin": f"https://r{n}.example"}
        here = agent(code=code, caps=caps, entropy=dice.randbytes, **options)
        console.ask(
            "pairing",
            **options,
            code={"nameplate": code.nameplate, "secret": code.secret},
            pk=public_key("console").hex(),
            att={"text": "Anaïs \u2028", "sig": ""} if n % 2 else None,
            caps=caps,
        )
        held, there = meet(here, console, paired(code.nameplate, direction))
        assert there == {"th": held.th.hex(), "keys": as_keys(held.keys)}
        assert held.peer_pk == public_key("console")
        assert held.peer_ad["caps"] == caps

        for _ in range(dice.randrange(3)):
            console.ask("resume")
            again = Resume(held, dice.randbytes)
            held, there = meet(again, console, resumed(dice.randbytes(16)))
            assert there is not None
            assert there["keys"] == as_keys(held.keys)

        console.ask("channel", rekeyRecords=5)
        channel = SealedChannel(Role.AGENT, held.keys, 0, rekey_records=5)
        converse(channel, console, dice, 6)
        sent, received = channel.sent, channel.received
        if n % 2:
            frame = channel.close("customer_ended", 9999)
            console.ask("open", frames=[frame.hex()])
            expected = {"reason": "customer_ended", "sent": sent, "received": received}
            assert console.ask("closed") == expected
        else:
            frame = console.ask("close", reason="technician_ended", at=9999)
            channel.open(bytes.fromhex(frame))
            assert channel.closed == Closed("technician_ended", received, sent)


@pytest.mark.slow
def test_another_secret_fails_on_both_sides_of_the_pipe(console: Console) -> None:
    here = agent()
    console.ask(
        "pairing",
        code={"nameplate": "482", "secret": "91308"},
        direction="a",
        origin="https://aide.example",
        pk=public_key("console").hex(),
    )
    with pytest.raises(PairingFailed, match="console holds another code"):
        meet(here, console, paired())
    assert here.agreement is None
