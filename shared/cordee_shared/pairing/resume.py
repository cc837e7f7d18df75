"""Taking up a lost link again: fresh keys for the same two ends, same pairing.

::

    agent                          relay                         console
      <------------- resumed {rs} --------------------------------->       h0
      <------------- r1 {y: Yb, n: Nb} -----------------------------
      -------------- r2 {y: Ya, n: Na, tag: Ta} ------------------->
      <------------- r3 {tag: Tb} ----------------------------------

Rules (security.md 1.6):

1. Only who holds ``res`` gets anywhere (S-18); 256 bits cannot be guessed, so a
   failed try costs nothing and the next may follow, until ``limits.RESUME_S``.
2. The session's ``th`` stays, and with it every act; channel keys and ``res`` are
   new, out of a fresh X25519: yesterday's ``res`` opens nothing of today.
3. The agent turns to its new ``res`` when r3 arrives, the console when it sends r3.
   Should the link be lost in between, they would hold different ones: so the
   console keeps the older one as ``spare`` and tries both. The agent's is always
   among the two. Drop the spare when the first record has opened.
4. What may be seen or driven after a resume is the session table's business.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

from cordee_shared.canonical import b64, lv_cat
from cordee_shared.errors import MalformedFrame, PairingFailed
from cordee_shared.pairing import pake
from cordee_shared.pairing.machine import NONCE_BYTES, Agreement, sized
from cordee_shared.pairing.pake import Entropy
from cordee_shared.pairing.schedule import Keys, Role, resumed_keys
from cordee_shared.wire import control


class Resume:
    """One try to resume, at one end. Owned by the link, like ``Pairing``."""

    def __init__(self, agreement: Agreement, entropy: Entropy) -> None:
        """Get ready for the relay's ``resumed``.

        Args:
            agreement: of the pairing, or of the last resume that succeeded here.
            entropy: draws bytes from the system's generator.
        """
        self._before = agreement
        self._nonce = entropy(NONCE_BYTES)
        self._scalar = entropy(pake.FIELD_BYTES)
        self._share = pake.scalar_mult(self._scalar, pake.BASE_POINT)
        self._awaited: type[control.Message] | None = control.Resumed
        self._rs = b""
        # The agent's, between r2 and r3.
        self._pending: tuple[Agreement, bytes] | None = None
        self._agreement: Agreement | None = None

    @property
    def agreement(self) -> Agreement | None:
        """The pairing's agreement with new keys; None until the peer has confirmed."""
        return self._agreement

    def receive(self, message: control.Message) -> control.Message | None:
        """Take one message and return the one to send, if any.

        Raises:
            PairingFailed: the peer does not hold ``res``, or the message does not
                belong here. This try is over; another may start.
        """
        try:
            if self._awaited is None or type(message) is not self._awaited:
                raise PairingFailed(f"{type(message).__name__} out of turn")
            match message:
                case control.Resumed():
                    return self._on_resumed(message)
                case control.R1():
                    return self._on_r1(message)
                case control.R2():
                    return self._on_r2(message)
                case control.R3():
                    self._on_r3(message)
                    return None
            raise AssertionError("only resume messages are awaited")
        except MalformedFrame as error:
            self._drop()
            raise PairingFailed(str(error)) from None
        except PairingFailed:
            self._drop()
            raise

    def _on_resumed(self, h0: control.Resumed) -> control.Message | None:
        self._rs = sized(h0.rs, NONCE_BYTES)
        if self._before.role is Role.AGENT:
            self._awaited = control.R1
            return None
        self._awaited = control.R2
        return control.R1(y=b64(self._share), n=b64(self._nonce))

    def _on_r1(self, r1: control.R1) -> control.Message:
        peer = self._hear(r1.y, r1.n)
        keys, ours, theirs = self._derive(self._before.keys.res, *peer)
        self._pending = replace(self._before, keys=keys, spare=None), theirs
        self._awaited = control.R3
        return control.R2(y=b64(self._share), n=b64(self._nonce), tag=b64(ours))

    def _on_r2(self, r2: control.R2) -> control.Message:
        peer = self._hear(r2.y, r2.n)
        tag = sized(r2.tag, pake.CONFIRMATION_BYTES)
        for res in (self._before.keys.res, self._before.spare):
            if res is None:
                continue
            keys, ours, theirs = self._derive(res, *peer)
            if pake.same(theirs, tag):
                before = self._before
                self._drop()
                self._agreement = replace(before, keys=keys, spare=res)
                return control.R3(tag=b64(ours))
        raise PairingFailed("the agent is not the one of this session")

    def _on_r3(self, r3: control.R3) -> None:
        assert self._pending is not None  # r3 is awaited only after r1
        agreement, theirs = self._pending
        if not pake.same(theirs, sized(r3.tag, pake.CONFIRMATION_BYTES)):
            raise PairingFailed("the console is not the one of this session")
        self._drop()
        self._agreement = agreement

    def _hear(self, y: str, n: str) -> tuple[bytes, bytes]:
        share, nonce = sized(y, pake.FIELD_BYTES), sized(n, NONCE_BYTES)
        if nonce == self._nonce:
            raise PairingFailed("our own nonce came back")
        return share, nonce

    def _derive(
        self, res: bytes, peer_share: bytes, peer_nonce: bytes
    ) -> tuple[Keys, bytes, bytes]:
        """Return the new keys, our tag, and the tag to expect."""
        ours = lv_cat(self._share, self._nonce)
        theirs = lv_cat(peer_share, peer_nonce)
        is_agent = self._before.role is Role.AGENT
        if is_agent:
            sid = self._rs + peer_nonce + self._nonce
        else:
            sid = self._rs + self._nonce + peer_nonce
        both = (ours, theirs) if is_agent else (theirs, ours)
        rh = hashlib.sha256(lv_cat(self._before.th, self._rs, *both)).digest()
        k = pake.scalar_mult(self._scalar, peer_share)
        keys, mac = resumed_keys(res, k, sid, rh, self._before.keys.exp)
        role = self._before.role
        return keys, _tag(mac, role, ours), _tag(mac, role.other, theirs)

    def _drop(self) -> None:
        self._scalar = b""
        self._pending = None
        self._agreement = None
        self._awaited = None


def _tag(mac: bytes, role: Role, said: bytes) -> bytes:
    """Return what ``role`` confirms with; the role keeps it from being reflected."""
    return hmac.digest(mac, lv_cat(role.value.encode(), said), "sha512")
