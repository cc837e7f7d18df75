"""Technicians' accounts: password and second factor, sign-ins, locks.

Rules (security.md 5):

1. The first admin is made by a local command only (S-52); admins make the others.
2. The second factor is compulsory, and a step of it works once (S-48). Each of eight
   recovery codes stands in for it once.
3. An attempt is counted before it is judged, and costs the same work whether the
   account exists or not. The fifth begins a growing pause, the tenth locks (S-49).
4. A sign-in is 256 random bits; only their SHA-256 is stored.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from typing import Final

import structlog
from pyotp import TOTP
from pyotp.exceptions import OTPVerificationError

from cordee_shared.canonical import b64, sha256_hex, unb64
from cordee_shared.errors import (
    MalformedFrame,
    NotAllowed,
    NotSignedIn,
    SignInRefused,
    Tampered,
    TooManyGuesses,
    Unavailable,
)
from cordee_shared.ids import TechnicianId, read_technician_id

from ..ports import Clock, Entropy, SignIn, Technician, TechnicianStore
from ..roles import Role
from ..staff import Deed, Done, StaffStore
from .secrets import Passwords, Seeds, read_recovery, recovery_codes, recovery_digest

#: Milliseconds that each attempt blocks the next for: 4 free, then growing, then
#: locked for 15 minutes.
PAUSES_MS: Final = (0, 0, 0, 0, 1000, 2000, 4000, 8000, 16_000, 900_000)
#: A sign-in unused for so long is over …
IDLE_MS: Final = 30 * 60_000
#: … and so is one this old.
ABSOLUTE_MS: Final = 12 * 3_600_000
#: How long an account is locked that failed too many claims.
LOCK_MS: Final = 900_000
#: Uses are noted this often at most: not every request needs a transaction.
_NOTE_MS: Final = 60_000
#: A sign-out in another process (the command) is seen within this (S-50: 1 s).
WATCH_S: Final = 0.5
#: Attempts under a name are forgotten after a day without one.
_ATTEMPTS_MS: Final = 24 * 3_600_000
#: 31 letters and digits that nobody mistakes for each other: 104 bits in 21.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_PASSWORD_LENGTH: Final = 21

#: Who makes accounts by the command on the relay's own machine.
OPERATOR: Final = "operator"

_log = structlog.get_logger("cordee.technicians")


@dataclass(frozen=True, slots=True)
class NewSecrets:
    """What is shown once, to whoever made it, and never again."""

    technician: TechnicianId
    display_name: str
    password: str = field(repr=False)
    #: ``otpauth://`` address for an authenticator; holds the seed.
    totp_uri: str = field(repr=False)
    seed: str = field(repr=False)
    #: Each stands in for the digits once.
    recovery: tuple[str, ...] = field(repr=False)
    role: Role = Role.TECHNICIAN


class TechnicianService:
    """Accounts and sign-ins."""

    def __init__(
        self,
        store: TechnicianStore,
        clock: Clock,
        entropy: Entropy,
        seed_key: bytes,
        organisation: str,
        *,
        staff: StaffStore,
        passwords: Passwords | None = None,
        watch_s: float = WATCH_S,
    ) -> None:
        self._store = store
        self._staff = staff
        self._clock = clock
        self._entropy = entropy
        self._seeds = Seeds(seed_key, entropy)
        self._organisation = organisation
        self._passwords = passwords or Passwords(entropy)
        self._watch_s = watch_s
        #: Set and replaced at each sign-out in this process.
        self._changed = asyncio.Event()

    # --- accounts, by the operator's command or by an admin ------------------------

    async def add(
        self,
        name: str,
        display_name: str = "",
        role: Role = Role.TECHNICIAN,
        *,
        by: str = OPERATOR,
    ) -> NewSecrets:
        """Make an account with secrets of its own.

        Raises:
            NotAllowed: the name exists, or cannot be one; the sentence says why.
            Unavailable: nothing was stored.
        """
        try:
            technician = read_technician_id(name)
        except ValueError as error:
            raise NotAllowed(f"{name!r} cannot be a name: {error}.") from None
        shown = display_name or name
        made, account = await self._new(technician, shown, self._clock.now_ms(), role)
        await self._store.add(account)
        await self._put_recovery(made)
        await self.note(by, technician, Done.ADDED, role.value)
        return made

    async def reset(self, name: str, *, by: str = OPERATOR) -> NewSecrets:
        """Give an account new secrets, let it try again, sign it out everywhere.

        An admin's lock stays.

        Raises:
            NotAllowed: there is no such account.
        """
        found = await self._store.find(TechnicianId(name))
        if found is None:
            raise NotAllowed(f"There is no technician {name!r}.")
        made, account = await self._new(
            found.id, found.display_name, found.created_ms, found.role
        )
        await self._store.replace(account)
        await self._put_recovery(made)
        await self._store.forget_attempts(_tries(name))
        self.tell()
        await self.note(by, found.id, Done.RESET)
        return made

    async def remove(self, name: str, *, by: str = OPERATOR) -> None:
        """Remove an account; what it did stays in the journal.

        Raises:
            NotAllowed: there is no such account.
        """
        if not await self._store.remove(TechnicianId(name)):
            raise NotAllowed(f"There is no technician {name!r}.")
        self.tell()
        await self.note(by, TechnicianId(name), Done.REMOVED)

    async def all(self) -> list[Technician]:
        """Return every account, by name."""
        return await self._store.all()

    async def blocked_until(self, technician: TechnicianId) -> int:
        """Return until when an account is locked; past or 0 when it is not."""
        return await self._store.blocked_until(_tries(technician))

    async def lock(self, technician: TechnicianId) -> None:
        """Lock an account for fifteen minutes and sign it out everywhere."""
        await self._store.block(_tries(technician), self._clock.now_ms() + LOCK_MS)
        await self._store.sign_out_everywhere(technician)
        self.tell()

    # --- signing in ------------------------------------------------------------------

    async def sign_in(
        self, name: str, password: str, totp: str, browser: str = ""
    ) -> tuple[str, Technician]:
        """Check everything at once; return the cookie's value and the account.

        ``totp`` may be a recovery code instead: it is used up.

        Raises:
            SignInRefused: something is not right; nobody is told what.
            TooManyGuesses: the name is blocked.
            Busy: too many sign-ins at once.
            Unavailable: the store did not answer.
        """
        name = name.strip().lower()[:64]
        now = self._clock.now_ms()
        await self._store.forget_before(
            now - ABSOLUTE_MS, now - IDLE_MS, now - _ATTEMPTS_MS
        )
        found = await self._store.find(TechnicianId(name))
        # What is typed where a name belongs may be a password: neither logged nor kept.
        known_as = found.id if found else "(unknown)"
        if left := await self._store.attempt(_tries(name), now, PAUSES_MS):
            _log.warning("sign_in_blocked", technician=known_as, left_ms=left)
            refusal = TooManyGuesses()
            refusal.retry_s = -(-left // 1000)
            raise refusal
        known = await self._passwords.verify(
            found.password if found else None, password
        )
        # Whether the password fitted must not show in how long the digits take.
        step = self._step(found, totp, now)
        recovery = await self._recovery(found, totp)
        if (
            found is None
            or found.locked
            or not known
            or not await self._use(found.id, step, recovery)
        ):
            _log.warning("sign_in_refused", technician=known_as)
            raise SignInRefused
        await self._store.forget_attempts(_tries(name))
        if self._passwords.is_outdated(found.password):
            await self._store.rehash(found.id, await self._passwords.hash(password))
        token = self._entropy.token(32)
        await self._store.sign_in(SignIn(_digest(token), found.id, now, now, browser))
        _log.info("signed_in", technician=found.id)
        return b64(token), found

    async def who(self, token: str | None, *, is_use: bool = True) -> Technician:
        """Return who holds this cookie; note that it was used, unless by itself.

        Raises:
            NotSignedIn: nobody, not any more, or too long unused.
            Unavailable: the store did not answer.
        """
        sign_in, technician = await self._valid(token)
        now = self._clock.now_ms()
        if is_use and now - sign_in.seen_ms >= _NOTE_MS:
            await self._store.seen(sign_in.token, now)
        return technician

    async def sign_out(self, token: str | None) -> None:
        """Forget a sign-in; nothing happens when there is none."""
        hashed = digest(token)
        if hashed is not None:
            await self._store.sign_out(hashed)
            self.tell()

    async def wait_signed_out(self, token: str | None) -> None:
        """Wait until a sign-in is over, for whatever reason; seen within 1 s (S-50).

        The caller's socket is no use by itself: call :meth:`who` now and then while
        its technician works, else it ends when unused.
        """
        while True:
            changed = self._changed
            try:
                await self._valid(token)
            except NotSignedIn:
                return
            except Unavailable:
                pass  # the store's trouble signs nobody out; the journal ends sessions
            try:
                async with asyncio.timeout(self._watch_s):
                    await changed.wait()
            except TimeoutError:
                continue

    async def _valid(self, token: str | None) -> tuple[SignIn, Technician]:
        hashed = digest(token)
        found = await self._store.signed_in(hashed) if hashed else None
        now = self._clock.now_ms()
        if (
            found is None
            or now - found.since_ms >= ABSOLUTE_MS
            or now - found.seen_ms >= IDLE_MS
        ):
            raise NotSignedIn
        technician = await self._store.find(found.technician)
        if technician is None or technician.locked:
            raise NotSignedIn
        return found, technician

    def _step(self, found: Technician | None, totp: str, now_ms: int) -> int | None:
        """Return the step that the digits belong to; one before and after may do."""
        try:
            seed = self._seeds.open(found.id, found.totp) if found else self._seeds.none
        except Tampered as error:
            _log.error("seed_key", why=str(error))
            raise Unavailable("the second factors do not open") from None
        digits = "".join(totp.split())
        try:
            return TOTP(seed).verify_and_get_timecode(
                digits, for_time=now_ms // 1000, valid_window=1
            )
        except OTPVerificationError:
            return None

    async def _recovery(self, found: Technician | None, text: str) -> bytes | None:
        """Return the digest of a recovery code that would do; nothing is used up."""
        hashed = read_recovery(text)
        if hashed is None:
            return None
        owner = found.id if found else TechnicianId("")
        return hashed if await self._staff.has_recovery(owner, hashed) else None

    async def _use(
        self, technician: TechnicianId, step: int | None, recovery: bytes | None
    ) -> bool:
        """Use up the second factor that was given; ``False``: there was none."""
        if step is not None:
            return await self._store.use_step(technician, step)
        if recovery is None or not await self._staff.use_recovery(technician, recovery):
            return False
        await self.note(technician, technician, Done.RECOVERY_USED)
        return True

    async def new_recovery(
        self, technician: TechnicianId, *, by: str = OPERATOR
    ) -> tuple[str, ...]:
        """Replace an account's recovery codes; return the new ones, once.

        Raises:
            NotAllowed: there is no such account.
        """
        codes = recovery_codes(self._entropy)
        await self._staff.put_recovery(technician, [recovery_digest(c) for c in codes])
        await self.note(by, technician, Done.RECOVERY_MADE)
        return codes

    async def _put_recovery(self, made: NewSecrets) -> None:
        digests = [recovery_digest(code) for code in made.recovery]
        await self._staff.put_recovery(made.technician, digests)

    async def note(
        self, by: str, account: TechnicianId, done: Done, detail: str = ""
    ) -> None:
        """Append what was done to an account to the record of deeds."""
        deed = Deed(self._clock.now_ms(), by, account, done, detail)
        await self._staff.note(deed)
        _log.info("account", technician=account, by=by, done=done.value)

    async def _new(
        self, technician: TechnicianId, shown: str, created_ms: int, role: Role
    ) -> tuple[NewSecrets, Technician]:
        password = _groups(
            "".join(
                _ALPHABET[self._entropy.below(len(_ALPHABET))]
                for _ in range(_PASSWORD_LENGTH)
            )
        )
        seed = self._seeds.draw()
        account = Technician(
            id=technician,
            display_name=shown,
            password=await self._passwords.hash(password),
            totp=self._seeds.seal(technician, seed),
            created_ms=created_ms,
            role=role,
        )
        uri = TOTP(seed).provisioning_uri(
            name=technician, issuer_name=self._organisation
        )
        codes = recovery_codes(self._entropy)
        made = NewSecrets(technician, shown, password, uri, seed, codes, role)
        return made, account

    def close(self) -> None:
        """End the threads that hash passwords."""
        self._passwords.close()

    def tell(self) -> None:
        """Wake those who wait for a sign-out: something about accounts changed."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


def _tries(name: str) -> str:
    """Return under what attempts with a name are counted."""
    return sha256_hex(name.encode("utf-8", "replace"))


def _digest(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()


def digest(token: str | None) -> bytes | None:
    """Return what is stored for a cookie's value; ``None`` when it can be none."""
    try:
        raw = unb64(token or "")
    except MalformedFrame:
        return None
    return _digest(raw) if len(raw) == 32 else None


def _groups(text: str) -> str:
    return "-".join(text[i : i + 7] for i in range(0, len(text), 7))
