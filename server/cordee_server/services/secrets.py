"""Passwords, seeds and recovery codes as they are kept: hashed, sealed at rest."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, TypeVar

from cryptography.exceptions import InvalidKey, InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from cordee_shared.errors import Busy, Tampered
from cordee_shared.ids import TechnicianId

from ..ports import Entropy

#: OWASP's minimum for Argon2id: 19 MiB, two passes; about 40 ms.
MEMORY_KIB: Final = 19_456
ITERATIONS: Final = 2
LANES: Final = 1
#: Hashes that may run at once, and wait; more is a flood and gets 503.
AT_ONCE: Final = 2
QUEUE: Final = 8
#: RFC 4226 asks for 128 bits of seed and recommends 160.
_SEED_BYTES: Final = 20
_NONCE_BYTES: Final = 12

#: How many recovery codes an account has, and their random bytes: 80 bits each.
RECOVERY_CODES: Final = 8
_RECOVERY_BYTES: Final = 10
_RECOVERY_LENGTH: Final = 16

_T = TypeVar("_T")


class Passwords:
    """Argon2id in threads: the library frees the interpreter while it works."""

    def __init__(
        self,
        entropy: Entropy,
        *,
        memory_kib: int = MEMORY_KIB,
        iterations: int = ITERATIONS,
    ) -> None:
        self._entropy = entropy
        self._memory_kib = memory_kib
        self._iterations = iterations
        # Its own two threads: a caller who hangs up cannot start a third hash.
        self._threads = ThreadPoolExecutor(AT_ONCE, "argon2")
        self._inside = 0
        #: Verified in place of an account that does not exist.
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """Return a PHC string.

        Raises:
            Busy: the queue is full.
        """
        return await self._run(self._hash, password)

    async def verify(self, phc: str | None, password: str) -> bool:
        """Check a password; without an account, do the same work and say no.

        Raises:
            Busy: the queue is full.
        """
        if self._nobody is None:
            self._nobody = await self._run(self._hash, "nobody")
        fits = await self._run(_fits, phc or self._nobody, password)
        return fits and phc is not None

    def is_outdated(self, phc: str) -> bool:
        """Tell whether a hash was made with other parameters than today's."""
        now = f"$m={self._memory_kib},t={self._iterations},p={LANES}$"
        return not phc.startswith("$argon2id$v=19$") or now not in phc

    def _hash(self, password: str) -> str:
        return Argon2id(
            salt=self._entropy.token(16),
            length=32,
            iterations=self._iterations,
            lanes=LANES,
            memory_cost=self._memory_kib,
        ).derive_phc_encoded(password.encode())

    async def _run(self, work: Callable[..., _T], *given: str) -> _T:
        """Run ``work`` in one of the threads, if there is room in the queue."""
        if self._inside >= AT_ONCE + QUEUE:
            raise Busy("too many sign-ins at once")
        self._inside += 1
        loop = asyncio.get_running_loop()
        future = self._threads.submit(work, *given)
        # Not when the caller leaves, but when the thread is free again.
        future.add_done_callback(lambda _: _tell(loop, self._leave))
        return await asyncio.wrap_future(future)

    def _leave(self) -> None:
        self._inside -= 1

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(cancel_futures=True)


def _tell(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    """Call in the loop's thread, unless the loop is gone."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(what)


def _fits(phc: str, password: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(password.encode(), phc)
    except InvalidKey:
        return False
    return True


class Seeds:
    """Seeds of second factors, sealed with a key that is not in the database."""

    def __init__(self, key: bytes, entropy: Entropy) -> None:
        self._aead = AESGCM(key)
        self._entropy = entropy
        #: Stands in for the seed of an account that does not exist.
        self.none = self.draw()

    def draw(self) -> str:
        """Return a new seed in base32, as authenticators take it."""
        return base64.b32encode(self._entropy.token(_SEED_BYTES)).decode("ascii")

    def seal(self, technician: TechnicianId, seed: str) -> bytes:
        """Seal a seed for one account."""
        nonce = self._entropy.token(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, seed.encode(), technician.encode())

    def open(self, technician: TechnicianId, sealed: bytes) -> str:
        """Open an account's seed.

        Raises:
            Tampered: another key file, another account's, or damaged.
        """
        try:
            return self._aead.decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], technician.encode()
            ).decode()
        except (InvalidTag, ValueError):
            raise Tampered(
                f"second factor of {technician}", "its seed does not open"
            ) from None


def recovery_codes(entropy: Entropy) -> tuple[str, ...]:
    """Return new recovery codes, in groups of four for whoever writes them down."""
    return tuple(_recovery_code(entropy) for _ in range(RECOVERY_CODES))


def _recovery_code(entropy: Entropy) -> str:
    text = base64.b32encode(entropy.token(_RECOVERY_BYTES)).decode("ascii").lower()
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def read_recovery(text: str) -> bytes | None:
    """Return the digest of what was typed; ``None`` when it can be no code."""
    plain = "".join(text.split()).replace("-", "").lower()
    return recovery_digest(plain) if len(plain) == _RECOVERY_LENGTH else None


def recovery_digest(code: str) -> bytes:
    """Return what is stored for a code.

    One SHA-256: slow hashes protect what people choose; these are 80 random bits.
    """
    plain = code.replace("-", "")
    return hashlib.sha256(b"cordee recovery\x00" + plain.encode()).digest()
