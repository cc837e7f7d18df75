"""Everything that can go wrong on purpose, in one tree.

::

    CordeeError
      ProtocolViolation      a message the wire or the table does not allow
        LocalViolation       we were about to break the rules ourselves: a bug
        RemoteViolation      the peer did
          FrameTooLarge  MalformedFrame  UnexpectedMessage
      Refused                a rule of the house said no; shown to a person
        CodeUnknown CodeExpired CodeSpent CodeMistyped TooManyGuesses
        ConsentDenied NotInControl NotSignedIn SignInRefused NotAllowed BadInput
        SessionOver NameRefused TextRefused
      PairingFailed          the two ends do not hold the same code
      PeerGone               the other end left
      Tampered               a journal or a record does not verify
      Unavailable            a store or a sink did not answer: retry
        Busy                 too many ask at once
      SettingsError          said before anything starts

A ``ProtocolViolation`` closes the link and its text never leaves this side. The
docstring of a ``Refused`` is the English sentence a person may read; the console
and the agent hold the translations, keyed by :attr:`Refused.code`.
"""

from __future__ import annotations

from typing import ClassVar


class CordeeError(Exception):
    """The root: whatever this product raises on purpose."""


class ProtocolViolation(CordeeError):
    """A message that the wire format or the session table does not allow."""


class LocalViolation(ProtocolViolation):
    """This side was about to break the rules: a bug here, never the peer's fault."""


class RemoteViolation(ProtocolViolation):
    """The peer broke the rules; its link is closed with 4400 and told nothing."""


class FrameTooLarge(RemoteViolation):
    """A frame is larger than its kind allows."""


class MalformedFrame(RemoteViolation):
    """Bytes that are no message of this protocol."""


class UnexpectedMessage(RemoteViolation):
    """A well-formed message that has no place in the present state."""


class Refused(CordeeError):
    """A rule of the house said no."""

    #: Stable name of the refusal: the key of its sentence in every language.
    code: ClassVar[str] = "refused"

    def __str__(self) -> str:
        """Return the sentence: the one given, else the class's own."""
        given = super().__str__()
        return given or (type(self).__doc__ or "").strip()


class CodeUnknown(Refused):
    """This code is not valid. Check it with the other person, or ask for a new one."""

    code = "code_invalid"


class CodeExpired(CodeUnknown):
    """This code is not valid. Check it with the other person, or ask for a new one."""


class CodeSpent(CodeUnknown):
    """This code is not valid. Check it with the other person, or ask for a new one."""


class CodeMistyped(Refused):
    """One digit is not right. Ask for the code again, digit by digit."""

    code = "code_mistyped"


class TooManyGuesses(Refused):
    """Too many tries. Wait a few minutes, then try again."""

    code = "too_many_guesses"
    #: Seconds after which another try makes sense; 0 when nobody can tell.
    retry_s: int = 0


class ConsentDenied(Refused):
    """The customer said no."""

    code = "consent_denied"


class NotInControl(Refused):
    """The customer has control. Ask for it and wait for the customer's click."""

    code = "not_in_control"


class NotSignedIn(Refused):
    """Sign in first."""

    code = "not_signed_in"


class SignInRefused(Refused):
    """Name, password or digits are not right. The digits work once, for a minute."""

    code = "login_failed"


class NotAllowed(Refused):
    """This account may not do that."""

    code = "not_allowed"


class SessionOver(Refused):
    """This session is over."""

    code = "session_over"


class NameRefused(Refused):
    """A file cannot have this name. Rename the file and send it again."""

    code = "name_refused"


class TextRefused(Refused):
    """Only text can be passed on, 64 KiB of it at most. Copy less, and try again."""

    code = "text_refused"


class BadInput(Refused):
    """Something in what was entered is not right."""

    code = "bad_input"

    def __init__(self, sentence: str = "", *, field: str = "") -> None:
        """Say what is wrong; ``field`` names where, for whoever shows a form."""
        super().__init__(sentence)
        self.field = field


class PairingFailed(CordeeError):
    """The two ends do not hold the same code, or somebody stands between them."""


class PeerGone(CordeeError):
    """The other end left."""

    def __init__(self, side: str, reason: str) -> None:
        """Remember who left and what the link said."""
        super().__init__(f"{side} left: {reason}")
        self.side = side
        self.reason = reason


class Tampered(CordeeError):
    """A journal, an act or a record does not verify."""

    def __init__(self, where: str, why: str) -> None:
        """Name the first thing that is wrong, and what is wrong with it."""
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


class Unavailable(CordeeError):
    """A store or a sink did not answer; trying again later may work."""

    code: ClassVar[str] = "unavailable"


class Busy(Unavailable):
    """Too many ask at once; each of them costs much work."""

    code = "busy"


class SettingsError(CordeeError):
    """The settings cannot work; the sentence says which key and what was expected."""
