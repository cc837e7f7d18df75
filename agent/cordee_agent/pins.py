"""The relay's key, remembered from the first time: a change is shown in red.

A key that came with the build, or by ``--relay-key``, is never replaced by what a
relay says (S-24, S-25).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cordee_shared.canonical import unb64
from cordee_shared.errors import MalformedFrame, SettingsError


@dataclass(frozen=True, slots=True)
class Pins:
    """Pinned keys by relay origin, kept in one small file."""

    file: Path
    #: A key given from outside; it wins over the file.
    given: str = ""

    def is_the_pinned(self, origin: str, key: str) -> bool:
        """Tell whether ``key`` (base64url) is the one pinned, pinning it if none is.

        Raises:
            SettingsError: the file is there and cannot be read.
        """
        if self.given:
            return key == self.given
        pinned = self._read()
        if origin not in pinned:
            self._write(pinned | {origin: key})
            return True
        return pinned[origin] == key

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self.file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise SettingsError(f"{self.file}: cannot be read ({error})") from None
        if not isinstance(found, dict):
            raise SettingsError(f"{self.file}: holds no keys; delete it to start anew")
        return {str(origin): str(key) for origin, key in found.items()}

    def _write(self, pinned: dict[str, str]) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps(pinned, indent=1), "utf-8")
        fresh.replace(self.file)


def read_key(text: str) -> str:
    """Check a key given on the command line.

    Raises:
        SettingsError: it is no Ed25519 public key in base64url.
    """
    try:
        right = len(unb64(text)) == 32
    except MalformedFrame:
        right = False
    if not right:
        raise SettingsError(
            "relay-key: expected the 43 characters that 'cordee init' printed"
        )
    return text
