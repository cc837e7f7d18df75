"""The general terms in force: the text that customers read and agree to (R09)."""

from __future__ import annotations

from pathlib import Path

from cordee_shared.canonical import sha256_hex
from cordee_shared.errors import SettingsError
from cordee_shared.limits import TERMS_MAX
from cordee_shared.wire.terms import is_readable


def read_terms(file: Path, named: str) -> str:
    """Return the terms, word for word.

    Args:
        file: plain text in UTF-8.
        named: SHA-256 that the settings give, so that no change goes unseen.

    Raises:
        SettingsError: they cannot be read, or are not those that are named.
    """
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8")
    except OSError as error:
        raise SettingsError(
            f"terms.file: {file}: cannot be read ({error.strerror}); expected the "
            "text that customers agree to"
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"terms.file: {file}: expected UTF-8") from None
    if not is_readable(text):
        raise SettingsError(
            f"terms.file: {file}: expected plain text of at most {TERMS_MAX // 1024} kB"
        )
    if sha256_hex(raw) != named:
        raise SettingsError(
            f"terms.hash: expected {sha256_hex(raw)}, the SHA-256 of {file}: give "
            "a changed text a new terms.version as well"
        )
    return text
