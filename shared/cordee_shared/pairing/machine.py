"""The four messages of a pairing, for both ends, without a loop or a socket.

::

    agent                          relay                         console
      <------------- paired {rs, np, dir} ------------------------->       h0
      <------------- h1 {ad: ADb} ----------------------------------
      -------------- h2 {ad: ADa, y: Ya} -------------------------->
      <------------- h3 {y: Yb, tag: Tb} ---------------------------
      -------------- h4 {tag: Ta} --------------------------------->

Rules (security.md 1.5):

1. One message per state. Whatever is wrong, of whatever kind, is a
   :class:`PairingFailed` and ends this run: the relay is told nothing else.
2. Associated data are hashed as the bytes received, never written again.
3. ``dir`` and the nameplate are this end's own; the relay's are only compared.
4. A run is spent once this end's tag is out or a wrong one has come in: after that
   somebody has had a guess. The end that owns the code counts, not the relay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from cordee_shared.canonical import (
    Json,
    b64,
    canonical,
    lv_cat,
    read_canonical,
    transcript,
    transcript_hash,
    unb64,
)
from cordee_shared.code import Code
from cordee_shared.errors import LocalViolation, MalformedFrame, PairingFailed
from cordee_shared.limits import PAIRING_MAX, TEXT_MAX
from cordee_shared.pairing import pake
from cordee_shared.pairing.pake import Entropy
from cordee_shared.pairing.schedule import Keys, Role, session_keys
from cordee_shared.wire import control

#: Who shows the code: the agent (a) or the console's invitation (b).
Direction: TypeAlias = Literal["a", "b"]

#: Version of the associated data.
VERSION: Final = 1
#: Of the relay's bytes and of each end's nonce.
NONCE_BYTES: Final = 16
#: An Ed25519 public key.
PUBLIC_KEY_BYTES: Final = 32

_CI: Final = b"ra1"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The public bytes of a pairing: anyone may compute ``th`` from them again.

    They go into both sides' receipts (security.md 2.3).
    """

    rs: bytes
    ya: bytes
    ad_a: bytes
    yb: bytes
    ad_b: bytes


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the two ends agreed on. K, ISK and the scalar are gone (S-05)."""

    role: Role
    #: Hash of the transcript: binds every act to this pairing, resumes included.
    th: bytes
    keys: Keys = field(repr=False)
    #: The peer's Ed25519 key, 32 bytes, which signs its acts.
    peer_pk: bytes
    #: The peer's associated data: ``ver`` of an agent, ``att`` of a console, ``caps``.
    peer_ad: Mapping[str, Any]
    evidence: Evidence = field(repr=False)
    #: After a resume, the resume key before it: see ``resume.py`` rule 3.
    spare: bytes | None = field(default=None, repr=False)


class Pairing:
    """One run of the exchange, at one end.

    Owned by the link: give it every pairing message as it arrives, send what it
    returns. Deadlines are the owner's (``limits.PAIRING_S``).
    """

    def __init__(
        self,
        role: Role,
        *,
        code: Code,
        direction: Direction,
        origin: str,
        pk: bytes,
        entropy: Entropy,
        ver: str = "",
        att: Mapping[str, Json] | None = None,
        caps: Mapping[str, Json] | None = None,
    ) -> None:
        """Get ready for the relay's ``paired``.

        Args:
            role: which end this is.
            code: what was drawn or typed here.
            direction: who shows the code.
            origin: the relay's, as this end knows it and never as the relay says
                it; a relay that poses as another one fails here (S-08).
            pk: this end's Ed25519 public key for the session, 32 bytes.
            entropy: draws bytes from the system's generator.
            ver: the agent's version; a console has none.
            att: the relay's attestation of the technician; an agent has none.
            caps: what this end can do, by name.

        Raises:
            LocalViolation: the key is no key, or the associated data do not fit
                into a message.
        """
        if len(pk) != PUBLIC_KEY_BYTES:
            raise LocalViolation("an Ed25519 public key has 32 bytes")
        self.role = role
        self._code: Code | None = code
        self._direction = direction
        self._ci = lv_cat(
            _CI, origin.encode(), code.nameplate.encode(), direction.encode()
        )
        self._entropy = entropy
        self._nonce = entropy(NONCE_BYTES)
        self._ad = _own_ad(role, self._nonce, pk, ver, att, caps)
        self._awaited: type[control.Message] | None = control.Paired
        self._rs = b""
        self._peer_ad = b""
        self._peer: dict[str, Any] = {}
        # Only while they are needed: the agent's scalar and share from h2 to h3,
        # the console's agreement and the tag it waits for from h3 to h4.
        self._scalar = b""
        self._share = b""
        self._pending: tuple[Agreement, bytes] | None = None
        self._agreement: Agreement | None = None
        self._run_spent = False

    @property
    def run_spent(self) -> bool:
        """Whether somebody may have had a guess at the code in this run (S-11)."""
        return self._run_spent

    @property
    def agreement(self) -> Agreement | None:
        """The result; None until the peer has shown that it holds the same key."""
        return self._agreement

    def receive(self, message: control.Message) -> control.Message | None:
        """Take one message and return the one to send, if any.

        Raises:
            PairingFailed: this message does not belong to a good run. The run is
                over; look at :attr:`run_spent`.
        """
        try:
            if self._awaited is None or type(message) is not self._awaited:
                raise PairingFailed(f"{type(message).__name__} out of turn")
            match message:
                case control.Paired():
                    return self._on_paired(message)
                case control.H1():
                    return self._on_h1(message)
                case control.H2():
                    return self._on_h2(message)
                case control.H3():
                    return self._on_h3(message)
                case control.H4():
                    self._on_h4(message)
                    return None
            raise AssertionError("only pairing messages are awaited")
        except MalformedFrame as error:
            self._drop()
            raise PairingFailed(str(error)) from None
        except PairingFailed:
            self._drop()
            raise

    # --- both ends ----------------------------------------------------------------

    def _on_paired(self, h0: control.Paired) -> control.Message | None:
        code = self._held_code()
        if h0.np != code.nameplate or h0.dir != self._direction:
            raise PairingFailed("the relay speaks of another code")
        self._rs = sized(h0.rs, NONCE_BYTES)
        if self.role is Role.AGENT:
            self._awaited = control.H1
            return None
        self._awaited = control.H2
        return control.H1(ad=b64(self._ad))

    # --- the agent ----------------------------------------------------------------

    def _on_h1(self, h1: control.H1) -> control.Message:
        self._hear(h1, h1.ad)
        generator = self._generator()
        self._scalar = self._entropy(pake.FIELD_BYTES)
        self._share = pake.scalar_mult(self._scalar, generator)
        self._awaited = control.H3
        return control.H2(ad=b64(self._ad), y=b64(self._share))

    def _on_h3(self, h3: control.H3) -> control.Message:
        # From here either our tag goes out or theirs was wrong, however it is wrong.
        self._run_spent = True
        _fits(h3)
        agreement, ours, theirs = self._finish(
            self._scalar, self._share, sized(h3.y, pake.FIELD_BYTES)
        )
        if not pake.same(theirs, sized(h3.tag, pake.CONFIRMATION_BYTES)):
            raise PairingFailed("the console holds another code")
        self._drop()
        self._agreement = agreement
        return control.H4(tag=b64(ours))

    # --- the console --------------------------------------------------------------

    def _on_h2(self, h2: control.H2) -> control.Message:
        self._hear(h2, h2.ad)
        peer_share = sized(h2.y, pake.FIELD_BYTES)
        generator = self._generator()
        scalar = self._entropy(pake.FIELD_BYTES)
        share = pake.scalar_mult(scalar, generator)
        agreement, ours, theirs = self._finish(scalar, share, peer_share)
        self._pending = agreement, theirs
        self._run_spent = True
        self._awaited = control.H4
        return control.H3(y=b64(share), tag=b64(ours))

    def _on_h4(self, h4: control.H4) -> None:
        _fits(h4)
        assert self._pending is not None  # h4 is awaited only after h2
        agreement, theirs = self._pending
        if not pake.same(theirs, sized(h4.tag, pake.CONFIRMATION_BYTES)):
            raise PairingFailed("the agent holds another code")
        self._drop()
        self._agreement = agreement

    # --- the exchange -------------------------------------------------------------

    def _hear(self, message: control.Message, ad: str) -> None:
        """Check the peer's associated data, and keep them as they came."""
        _fits(message)
        self._peer_ad = unb64(ad)
        self._peer = _read_ad(self._peer_ad, self.role.other)
        if sized(self._peer["n"], NONCE_BYTES) == self._nonce:
            raise PairingFailed("our own nonce came back")

    def _sid(self) -> bytes:
        theirs = unb64(self._peer["n"])
        if self.role is Role.AGENT:
            return self._rs + theirs + self._nonce
        return self._rs + self._nonce + theirs

    def _generator(self) -> bytes:
        prs = self._held_code().secret.encode("ascii")
        return pake.generator(prs, self._ci, self._sid(), self._entropy)

    def _finish(
        self, scalar: bytes, share: bytes, peer_share: bytes
    ) -> tuple[Agreement, bytes, bytes]:
        """Return the agreement, our tag, and the tag to expect."""
        if self.role is Role.AGENT:
            sides = share, self._ad, peer_share, self._peer_ad
        else:
            sides = peer_share, self._peer_ad, share, self._ad
        sid, th = self._sid(), transcript_hash(*sides)
        isk = pake.intermediate_key(
            sid, pake.scalar_mult(scalar, peer_share), transcript(*sides)
        )
        agreement = Agreement(
            role=self.role,
            th=th,
            keys=session_keys(isk, sid, th),
            peer_pk=unb64(self._peer["pk"]),
            peer_ad=self._peer,
            evidence=Evidence(self._rs, *sides),
        )
        return (
            agreement,
            pake.confirmation(sid, isk, share, self._ad),
            pake.confirmation(sid, isk, peer_share, self._peer_ad),
        )

    def _held_code(self) -> Code:
        assert self._code is not None  # dropped only when nothing is awaited
        return self._code

    def _drop(self) -> None:
        """Forget what a finished run has no use for, its result too."""
        self._code = None
        self._scalar = b""
        self._pending = None
        self._agreement = None
        self._awaited = None


def _own_ad(
    role: Role,
    nonce: bytes,
    pk: bytes,
    ver: str,
    att: Mapping[str, Json] | None,
    caps: Mapping[str, Json] | None,
) -> bytes:
    own: dict[str, Json] = {
        "v": VERSION,
        "suite": pake.SUITE,
        "role": role.value,
        "n": b64(nonce),
        "pk": b64(pk),
        "caps": dict(caps or {}),
    }
    if role is Role.AGENT:
        own["ver"] = ver
    else:
        own["att"] = att
    ad = canonical(own)
    # The fullest message is h2: its share and its names take less than 100 bytes.
    if len(b64(ad)) > PAIRING_MAX - 100:
        raise LocalViolation(f"associated data of {len(ad)} bytes")
    return ad


def _read_ad(data: bytes, role: Role) -> dict[str, Any]:
    """Decode the associated data of an end that has to be ``role``.

    Raises:
        PairingFailed: another role, version or suite, or a field of a wrong form.
        MalformedFrame: not canonical JSON.
    """
    ad = read_canonical(data)
    # `1 == True` in Python, and a reader in another language would disagree.
    if (
        type(ad.get("v")) is not int
        or ad["v"] != VERSION
        or ad.get("suite") != pake.SUITE
    ):
        raise PairingFailed("another version of the protocol")
    if ad.get("role") != role.value:
        raise PairingFailed("the peer has our own role")
    match ad:
        case {"n": str(n), "pk": str(pk), "caps": dict()}:
            sized(n, NONCE_BYTES)
            sized(pk, PUBLIC_KEY_BYTES)
        case _:
            raise PairingFailed("associated data lack a field")
    match role, ad:
        case Role.AGENT, {"ver": str(ver)} if len(ver) <= TEXT_MAX:
            return ad
        case Role.CONSOLE, {"att": None | dict()}:
            return ad
    raise PairingFailed(f"not the associated data of a {role.value}")


def sized(text: str, size: int) -> bytes:
    """Decode base64url of exactly ``size`` bytes.

    Raises:
        PairingFailed: another length.
        MalformedFrame: not base64url.
    """
    data = unb64(text)
    if len(data) != size:
        raise PairingFailed(f"{len(data)} bytes where {size} belong")
    return data


def _fits(message: control.Message) -> None:
    if len(control.encode(message)) > PAIRING_MAX:
        raise PairingFailed("a pairing message above 4 KiB")
