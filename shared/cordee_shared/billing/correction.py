"""What a customer had put right after an engagement was agreed (GDPR, article 16).

What was agreed is evidence and stays as it is; a correction stands before it wherever
somebody is named or written to from then on.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from cordee_shared.billing.addressee import Addressee
from cordee_shared.canonical import canonical, read_canonical
from cordee_shared.errors import BadInput, MalformedFrame
from cordee_shared.limits import TEXT_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Only what was put right; empty means: as it was agreed."""

    name: str = ""
    email: str = ""
    phone: str = ""
    #: Postal address, a line each.
    post: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be a name or an address.

        Raises:
            BadInput: which field.
        """
        for field, text in (
            ("name", self.name),
            ("email", self.email),
            ("phone", self.phone),
            *(("post", line) for line in self.post),
        ):
            if len(text) > TEXT_MAX or not text.isprintable():
                raise BadInput(f"This is no {field}: {text[:32]!r}.", field=field)
        if self.email and self.email.count("@") != 1:
            raise BadInput("The e-mail address is not one.", field="email")

    @property
    def fields(self) -> list[str]:
        """Names of what was put right."""
        return sorted(name for name, value in asdict(self).items() if value)

    def over(self, former: Correction | None) -> Correction:
        """Return both, this one's words first."""
        if former is None:
            return self
        return replace(former, **{name: getattr(self, name) for name in self.fields})

    def applied(self, to: Addressee) -> Addressee:
        """Return whom a document is for, put right."""
        return replace(
            to,
            name=self.name or to.name,
            email=self.email or to.email,
            post=self.post or to.post,
        )

    def canonical(self) -> bytes:
        """Return the bytes that are sealed."""
        return canonical(asdict(self) | {"v": 1})

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Read it back.

        Raises:
            MalformedFrame: it is none.
        """
        value: dict[str, Any] = read_canonical(raw)
        if value.pop("v", None) != 1 or set(value) != {
            "name",
            "email",
            "phone",
            "post",
        }:
            raise MalformedFrame("not a correction of version 1")
        return cls(**value | {"post": tuple(value["post"])})
