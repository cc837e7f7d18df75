"""Key files of the relay: secrets that only their owner may read.

The relay's long-term Ed25519 key signs attestations, offers and facts; agents pin
its public half. It is made once, by ``cordee init``: were it made anew in silence,
every agent would rightly refuse the relay.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cordee_shared.billing.webhook import read_secret, write_secret
from cordee_shared.canonical import sha256_hex
from cordee_shared.errors import SettingsError

#: An Ed25519 seed and an AES-256 key are both this long.
_KEY_BYTES: Final = 32


def make_key_file(path: Path, token: Callable[[int], bytes]) -> None:
    """Write a new key of 32 bytes, hexadecimal, readable by its owner only.

    Raises:
        SettingsError: there is a file already, or it cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SettingsError(f"{path}: exists already; it was not touched") from None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written ({error.strerror})") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(token(_KEY_BYTES).hex() + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_key_file(path: Path) -> bytes:
    """Read a key of 32 bytes.

    Raises:
        SettingsError: there is none, it is open to others, or it is damaged.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise SettingsError(f"{path}: not there; `cordee init` makes it") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read ({error})") from None
    if os.name == "posix" and mode & 0o077:
        raise SettingsError(
            f"{path}: others may read it; expected mode 0600 (chmod 600 {path})"
        )
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise SettingsError(f"{path}: damaged; expected 64 hexadecimal digits")
    return key


def read_relay_key(path: Path) -> Ed25519PrivateKey:
    """Read the relay's signing key.

    Raises:
        SettingsError: as :func:`read_key_file`.
    """
    return Ed25519PrivateKey.from_private_bytes(read_key_file(path))


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """Return the public half, 32 bytes, as agents pin it."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def relay_id(key: Ed25519PrivateKey) -> str:
    """Name the relay in billing records: the first half of its key's SHA-256."""
    return sha256_hex(public_bytes(key))[:32]


# --- secrets of the webhook --------------------------------------------------------


def add_webhook_secret(path: Path, token: Callable[[int], bytes]) -> str:
    """Put a new secret before those that are there; return it, to be told once.

    Requests are signed with each of them, so that the receiver can change in its own
    time.

    Raises:
        SettingsError: the file cannot be read or written, or is damaged.
    """
    former = read_webhook_secrets(path) if path.exists() else []
    new = token(_KEY_BYTES)
    _write_secrets(path, [new, *former])
    return write_secret(new)


def retire_webhook_secrets(path: Path) -> int:
    """Keep only the newest secret; return how many were taken out.

    Raises:
        SettingsError: the file cannot be read or written, or is damaged.
    """
    newest, *former = read_webhook_secrets(path)
    _write_secrets(path, [newest])
    return len(former)


def read_webhook_secrets(path: Path) -> list[bytes]:
    """Read what requests are signed with, the newest first.

    Raises:
        SettingsError: there is none, it is open to others, or it is damaged.
    """
    try:
        mode = path.stat().st_mode
        lines = path.read_text(encoding="ascii").split()
    except FileNotFoundError:
        raise SettingsError(
            f"{path}: not there; `cordee billing secret` makes it"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read ({error})") from None
    if os.name == "posix" and mode & 0o077:
        raise SettingsError(
            f"{path}: others may read it; expected mode 0600 (chmod 600 {path})"
        )
    if not lines:
        raise SettingsError(f"{path}: damaged; expected one secret a line")
    return [read_secret(line) for line in lines]


def _write_secrets(path: Path, secrets: Sequence[bytes]) -> None:
    part = path.with_name(f".{path.name}.new")
    try:
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.writelines(f"{write_secret(one)}\n" for one in secrets)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written ({error.strerror})") from None
