"""The sealed line to the console: pairing, resume, and the records in between.

Owns the keys of one session at the agent's side. Everything it seals goes into the
link's queue at once, so records leave in the order of their counters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_agent.clock import Clock
from cordee_agent.link import Link
from cordee_shared.code import Code
from cordee_shared.errors import MalformedFrame, PairingFailed
from cordee_shared.pairing.channel import Opened, SealedChannel
from cordee_shared.pairing.machine import Agreement, Direction, Pairing
from cordee_shared.pairing.resume import Resume
from cordee_shared.pairing.schedule import Role
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the two ends say on the sealed control channel.

    ``act`` mirrors an act; ``ping`` asks for a ``pong``: a sign of life.
    """

    t: Literal["act", "ping", "pong"]
    act: str = ""
    sig: str = ""

    @property
    def raw(self) -> bytes:
        """The act's bytes."""
        return self.act.encode("ascii", "replace")

    @property
    def signature(self) -> bytes:
        """The act's signature.

        Raises:
            MalformedFrame: not hexadecimal.
        """
        try:
            return bytes.fromhex(self.sig)
        except ValueError:
            raise MalformedFrame("a signature is hexadecimal") from None


_said = msgspec.json.Decoder(Said)


def read_said(payload: bytes) -> Said:
    """Decode what the console says.

    Raises:
        MalformedFrame: it is none of the things that can be said.
    """
    try:
        return _said.decode(payload)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise MalformedFrame(str(error)) from None


def said_act(act: str, sig: str) -> bytes:
    """Encode an act for the sealed control channel."""
    return msgspec.json.encode(Said("act", act, sig))


def said_ping() -> bytes:
    """Encode the question for a sign of life."""
    return msgspec.json.encode(Said("ping"))


class SealedLine:
    """One session's keys and counters. Owned by ``assist``."""

    def __init__(
        self,
        link: Link,
        clock: Clock,
        entropy: Callable[[int], bytes],
        *,
        code: Code,
        direction: Direction,
        origin: str,
        version: str,
        paired: control.Paired,
    ) -> None:
        """Start pairing under ``code``.

        Raises:
            PairingFailed: the relay speaks of another code.
        """
        self.link = link
        #: Signs the customer's acts; made for this session alone.
        self.key = Ed25519PrivateKey.generate()
        self._clock = clock
        self._entropy = entropy
        self._pairing = Pairing(
            Role.AGENT,
            code=code,
            direction=direction,
            origin=origin,
            pk=self.key.public_key().public_bytes_raw(),
            entropy=entropy,
            ver=version,
        )
        self._pairing.receive(paired)
        self._agreement: Agreement | None = None
        self._resume: Resume | None = None
        self._channel: SealedChannel | None = None
        #: Counts the sets of keys; a picture of an old one is never sent.
        self.generation = 0

    @property
    def is_open(self) -> bool:
        """Whether the console can be heard and spoken to."""
        return self._channel is not None and self._channel.is_open

    def pair(self, message: control.Message) -> Agreement | None:
        """Carry the pairing on; the agreement, once there is one.

        Raises:
            PairingFailed: the other end does not hold the same code.
        """
        reply = self._pairing.receive(message)
        if reply is not None:
            self.link.send(reply)
        return self._take(self._pairing.agreement)

    def resume(self, message: control.Message) -> Agreement | None:
        """Carry a resume on, from the relay's ``resumed``; the agreement at its end.

        A try that fails leaves the line shut: another try may follow.
        """
        if isinstance(message, control.Resumed):
            assert self._agreement is not None  # the app resumes paired sessions only
            self._channel = None
            self._resume = Resume(self._agreement, self._entropy)
        if self._resume is None:
            return None
        try:
            reply = self._resume.receive(message)
        except PairingFailed:
            self._resume = None
            return None
        if reply is not None:
            self.link.send(reply)
        taken = self._take(self._resume.agreement)
        if taken is not None:
            self._resume = None
        return taken

    def seal(self, channel: Channel, payload: bytes) -> None:
        """Seal and queue a record; nothing happens while the line is shut."""
        if self._channel is not None and self._channel.is_open:
            now = self._clock.monotonic()
            self.link.send_record(self._channel.seal(channel, payload, now))

    async def send_picture(self, payload: bytes) -> None:
        """Seal and queue a picture once there is room; drop it if keys changed."""
        await self.send(Channel.SCREEN, payload)

    async def send(self, channel: Channel, payload: bytes) -> bool:
        """Seal and queue a record once there is room; ``False``: the keys changed."""
        generation = self.generation
        await self.link.wait_room()
        if generation != self.generation or not self.is_open:
            return False
        self.seal(channel, payload)
        return True

    def open(self, frame: bytes) -> Opened | None:
        """Open the console's next record; ``None`` while the line is shut.

        Raises:
            MalformedFrame, FrameTooLarge, UnexpectedMessage: not the next record.
        """
        if self._channel is None:
            return None  # it was on its way when the link or the session ended
        return self._channel.open(frame)

    def close(self, reason: str) -> None:
        """Say the last word: without it the console takes the line for lost (S-16)."""
        if self._channel is not None and self._channel.is_open:
            now = self._clock.monotonic()
            self.link.send_record(self._channel.close(reason, now))
        self.drop()

    def drop(self) -> None:
        """Shut the line; only a resume opens it again."""
        self._channel = None
        self.generation += 1

    def _take(self, agreement: Agreement | None) -> Agreement | None:
        if agreement is not None:
            self._agreement = agreement
            self.generation += 1
            self._channel = SealedChannel(
                Role.AGENT, agreement.keys, self._clock.monotonic()
            )
        return agreement
