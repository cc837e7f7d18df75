"""The one-time code: nameplate, secret, check digit; spoken as ``NNN SSS SSC``.

Rules (security.md 1.4):

1. Digits only, three groups, so that it can be said digit by digit in any language.
2. The nameplate comes from the relay; the secret from the side that owns the code;
   the check digit (Damm) is over both and stays on the two ends.
3. A mistyped code is found here, before any message: it must not burn the code.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .errors import CodeMistyped
from .ids import Nameplate
from .limits import NAMEPLATE_DIGITS, SECRET_DIGITS

#: Damm's quasigroup of order 10 (H. M. Damm, 2004): finds every single wrong digit
#: and every swap of neighbours.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)

#: What people put between groups; anything else is a mistake worth showing.
_IGNORED = str.maketrans("", "", " \t\r\n.-\u00a0\u202f\u2009")


@dataclass(frozen=True, slots=True)
class Code:
    """A whole code. ``secret`` is never logged: it is left out of the repr."""

    nameplate: Nameplate
    secret: str = field(repr=False)

    @property
    def spoken(self) -> str:
        """The code in groups of three, as shown and said: ``482 913 07x``."""
        digits = f"{self.nameplate}{self.secret}"
        digits += str(check_digit(digits))
        return " ".join(digits[i : i + 3] for i in range(0, len(digits), 3))


def check_digit(digits: str) -> int:
    """Return Damm's check digit of ``digits``."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def secret_from(draw: int) -> str:
    """Write a number drawn below 10^5 as the secret's five digits."""
    if not 0 <= draw < 10**SECRET_DIGITS:
        raise ValueError("the secret is drawn below 10^5")
    return f"{draw:0{SECRET_DIGITS}d}"


def read_code(text: str) -> Code:
    """Read what somebody typed or pasted; spaces, dots and dashes do not count.

    Raises:
        CodeMistyped: not nine digits, or the check digit does not fit. Nothing
            has been sent, the code is still good.
    """
    digits = text.translate(_IGNORED)
    whole = NAMEPLATE_DIGITS + SECRET_DIGITS + 1
    if not (digits.isascii() and digits.isdigit() and len(digits) == whole):
        raise CodeMistyped("A code has nine digits. Ask for it again, digit by digit.")
    if check_digit(digits) != 0:
        raise CodeMistyped
    return Code(Nameplate(digits[:NAMEPLATE_DIGITS]), digits[NAMEPLATE_DIGITS:-1])
