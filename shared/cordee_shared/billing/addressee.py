"""Whom a document is for, as it is printed and sent (R42, B08, B10)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """The customer, to a document.

    Who is not known to be a professional is protected as a consumer.
    """

    #: As the technician entered it; R42 lets the customer refuse to be named.
    name: str
    is_professional: bool = False
    #: A professional's nine digits; empty for a consumer.
    siren: str = ""
    email: str = ""
    #: Postal address, a line each; the last one is ``postcode city``.
    post: tuple[str, ...] = ()
    #: The document goes by post; else by e-mail.
    by_post: bool = False

    @property
    def place(self) -> tuple[tuple[str, ...], str, str]:
        """Lines of the street, the postcode and the city; empty where unknown."""
        if not self.post:
            return (), "", ""
        *street, last = self.post
        code, _, city = last.partition(" ")
        if code.isdigit() and city:
            return tuple(street), code, city
        return self.post, "", ""
