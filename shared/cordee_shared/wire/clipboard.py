"""What may pass from one clipboard to the other: text, at most 64 KiB of it (S-40).

The whole plaintext of a record on ``Channel.CLIPBOARD`` is the text in UTF-8. Pictures,
files and formats have no way to be said. Whether anything passes at all is nobody's
setting: off until a person presses the button for this one text (S-40); the rules of
that are the session's, not the wire's.

Line ends are one line feed, and controls do not pass: pasted into a terminal they are
orders.

`console/wire/clipboard.js` does the same; `shared/vectors/clipboard.json` keeps both
honest.
"""

from __future__ import annotations

import re
from typing import Final

from cordee_shared.errors import FrameTooLarge, MalformedFrame, TextRefused
from cordee_shared.limits import CLIPBOARD_MAX

#: C0 but tab and line feed, DEL, C1, and halves of characters.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def write_text(text: str) -> bytes:
    """Return the payload for a text that a person copied.

    Raises:
        TextRefused: nothing is left of it, or it is longer than ``CLIPBOARD_MAX``.
    """
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    payload = text.encode()
    if not payload or len(payload) > CLIPBOARD_MAX:
        raise TextRefused
    return payload


def read_text(payload: bytes) -> str:
    """Return the text of a payload.

    Raises:
        FrameTooLarge: more than ``CLIPBOARD_MAX`` bytes.
        MalformedFrame: empty, no UTF-8, or with controls that no sender leaves in.
    """
    if len(payload) > CLIPBOARD_MAX:
        raise FrameTooLarge(f"{len(payload)} bytes of text, at most {CLIPBOARD_MAX}")
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        raise MalformedFrame("a text that is no UTF-8") from None
    if not text or _CONTROLS.search(text):
        raise MalformedFrame("a text that no sender writes")
    return text
