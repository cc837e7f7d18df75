"""Which relay a downloaded agent belongs to: told by its file, never by the network.

One signed program serves every provider (agent_platform.md 5: a program packed anew
for each would lose its signature and its good name). So the relay's address and key
travel beside it, in one of two ways:

- in the *file's name*, ``cordee-agent@aide.example.fr@KEY.exe``: a browser that saves
  it twice adds ``(1)``, which is read over;
- in a *sidecar*, a small file beside it, which says the provider's name and phone as
  well and is signed by the relay's own key. The signature keeps it whole; who sends a
  false one still needs the customer on the phone, and a code that works at his relay.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Final, Self
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .canonical import b64, canonical, read_canonical, unb64
from .errors import MalformedFrame
from .signing import Label, sign, verify

#: What the sidecar is called, in the folder of the program.
SIDECAR: Final = "cordee-agent.provider"
#: A sidecar is smaller than this, in bytes.
SIDECAR_MAX: Final = 4096
_VERSION: Final = 1
_KEY: Final = r"[A-Za-z0-9_-]{43}"
#: A colon may not stand in a file's name: the port comes after an underscore.
_IN_A_NAME: Final = re.compile(
    rf"@(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?:_(?P<port>\d{{1,5}}))?"
    rf"@(?P<key>{_KEY})(?![A-Za-z0-9_-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Provision:
    """A relay, by address and key, and whose it is."""

    #: ``https://host`` or ``https://host:port``.
    origin: str
    #: The relay's Ed25519 key in base64url, to pin.
    key: str
    organisation: str = ""
    phone: str = ""

    def file_name(self, program: str) -> str:
        """Return what to call the program, so that it finds this relay.

        Args:
            program: its plain name, such as ``cordee-agent.exe``.

        Raises:
            ValueError: the address is not ``https``, or is no host name.
        """
        parts = urlsplit(self.origin)
        stem, dot, suffix = program.rpartition(".")
        if not dot:
            stem, suffix = program, ""
        port = f"_{parts.port}" if parts.port else ""
        made = f"{stem}@{parts.hostname}{port}@{self.key}{dot}{suffix}"
        if parts.scheme != "https" or from_file_name(made) is None:
            raise ValueError(f"{self.origin} cannot stand in a file's name")
        return made

    def sidecar(self, key: Ed25519PrivateKey) -> bytes:
        """Return the small file that lies beside the program, signed by the relay."""
        text = canonical(asdict(self) | {"v": _VERSION})
        sig = b64(sign(key, Label.PROVISION, text))
        return canonical({"statement": text.decode(), "sig": sig}) + b"\n"

    @classmethod
    def read_sidecar(cls, data: bytes) -> Self:
        """Check and decode a sidecar.

        Raises:
            MalformedFrame: it is none.
            Tampered: it is not as the relay of that key signed it.
        """
        if len(data) > SIDECAR_MAX:
            raise MalformedFrame(f"a sidecar has at most {SIDECAR_MAX} bytes")
        try:
            outer = json.loads(data)
        except ValueError:
            raise MalformedFrame("a sidecar that is no JSON") from None
        if not isinstance(outer, dict) or set(outer) != {"statement", "sig"}:
            raise MalformedFrame("a sidecar has a statement and its signature")
        text, sig = outer["statement"], outer["sig"]
        if not isinstance(text, str) or not isinstance(sig, str) or not text.isascii():
            raise MalformedFrame("a sidecar has a statement and its signature")
        fields = read_canonical(text.encode())
        version = fields.pop("v", None)
        if version != _VERSION or set(fields) != {*cls.__slots__}:
            raise MalformedFrame("a sidecar of another version")
        if not all(isinstance(each, str) for each in fields.values()):
            raise MalformedFrame("a sidecar says everything in words")
        made = cls(**fields)
        verify(unb64(made.key), Label.PROVISION, text.encode(), unb64(sig))
        return made


def from_file_name(name: str) -> Provision | None:
    """Return the relay that a file's name tells, or nothing where it tells none."""
    found = _IN_A_NAME.search(name)
    if found is None:
        return None
    port = found["port"]
    if port and not 0 < int(port) < 65536:
        return None
    host = found["host"].lower()
    return Provision(f"https://{host}" + (f":{port}" if port else ""), found["key"])
