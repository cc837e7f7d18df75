"""Who bills: the provider's legal facts, as every document has to print them.

The terms of 2021 leave out what the law asks for today: legal form, VAT regime and
mediator (billing_legal.md 2, L12 to L15). None of them has a default here, and
:meth:`Provider.from_toml` names every one that is missing in one sentence, so that
nothing is billed on a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final, Self

from cordee_shared.billing.policy import read_toml
from cordee_shared.billing.siren import (
    SIREN_DIGITS,
    SIRET_DIGITS,
    is_siren,
    is_siret,
    vat_number_of,
)
from cordee_shared.canonical import canonical, read_canonical, sha256_hex
from cordee_shared.errors import SettingsError
from cordee_shared.limits import TEXT_MAX

#: What a company may be. A sole trader's documents say "EI" since 2022-05-15 (L14).
LEGAL_FORMS: Final = (
    "EI",
    "EURL",
    "SARL",
    "SASU",
    "SAS",
    "SA",
    "SNC",
    "SCOP",
    "association",
)
#: What can be meant by how to pay (B07); payment itself is never recorded.
PAYMENT_MEANS: Final = ("transfer", "card", "cheque", "direct_debit")

_Wrong = Callable[[str, str], SettingsError]

_DAY: Final = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_COUNTRY: Final = re.compile(r"^[A-Z]{2}$")
_APE: Final = re.compile(r"^\d{4}[A-Z]$")
_EMAIL: Final = re.compile(r"^[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+$")
_WEBSITE: Final = re.compile(r"^https?://\S+$")


class VatRegime(StrEnum):
    """How the provider stands to VAT; the terms never say (B09, L15)."""

    #: Nothing is charged: franchise en base.
    FRANCHISE = "franchise"
    #: Prices hold VAT at :attr:`Vat.rate_bp`.
    STANDARD = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where post arrives."""

    lines: tuple[str, ...]
    postcode: str
    city: str
    #: ISO 3166-1, two capitals.
    country: str = "FR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mediator:
    """The consumer mediator, whom every document names (L12, B13)."""

    name: str
    address: str
    website: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VatMention:
    """What a document says instead of VAT, from which day to before which (L15)."""

    text: str
    #: ISO 8601 day; empty: from ever.
    valid_from: str = ""
    #: ISO 8601 day; empty: for ever.
    valid_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vat:
    """The VAT regime and what goes with it."""

    regime: VatRegime
    #: Hundredths of a percent: 2000 is 20 %. Zero under franchise.
    rate_bp: int = 0
    #: Intra-Community number, such as ``FR12345678901``; empty without one.
    number: str = ""
    #: In order of time; franchise only.
    mentions: tuple[VatMention, ...] = ()

    def mention_on(self, day: str) -> str:
        """Return the exemption mention of an ISO day; empty under standard VAT.

        Raises:
            SettingsError: franchise, and no mention covers that day.
        """
        if self.regime is VatRegime.STANDARD:
            return ""
        for mention in self.mentions:
            if mention.valid_from <= day and (
                not mention.valid_to or day < mention.valid_to
            ):
                return mention.text
        raise SettingsError(f"provider: vat.mentions: none is in force on {day}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The business, as it stands on each document. Checked when it is made."""

    #: Trade name, as customers know it.
    name: str
    #: The person who answers for it: name and first name.
    person: str
    legal_form: str
    siren: str
    address: Address
    phones: tuple[str, ...]
    email: str
    vat: Vat
    mediator: Mediator
    payment_means: tuple[str, ...]
    #: The place's number; empty when only the SIREN is known.
    siret: str = ""
    ape: str = ""
    website: str = ""
    #: Register and share capital, as a company has to print them; empty for an EI.
    registration: str = ""
    #: Made-up facts: every document has to say that it is a demonstration's.
    demonstration: bool = False

    def __post_init__(self) -> None:
        """Refuse what no document could print.

        Raises:
            SettingsError: the sentence says which key and what was expected.
        """
        _check(self)

    @property
    def legal_name(self) -> str:
        """Name with its form, as the law wants it: ``Lemaistre Olivier EI``."""
        if self.legal_form == "EI":
            return f"{self.person} EI"
        return f"{self.name} {self.legal_form}"

    def canonical(self) -> bytes:
        """Return the bytes that are hashed and kept with a document."""
        return canonical(asdict(self) | {"v": 1})

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical form."""
        return sha256_hex(self.canonical())

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Read a provider back from its canonical form.

        Raises:
            MalformedFrame: not canonical JSON.
            SettingsError: a key is missing, unknown or of no sense.
        """
        value = read_canonical(raw)
        if value.pop("v", None) != 1:
            raise SettingsError("provider: not of version 1")
        return cls.from_mapping(value)

    @classmethod
    def from_toml(cls, text: str, where: str = "provider.toml") -> Self:
        """Read the file an operator filled in.

        Raises:
            SettingsError: no TOML, or facts are missing: all of them are named.
        """
        return cls.from_mapping(read_toml(text, where), where)

    @classmethod
    def from_mapping(cls, value: Mapping[str, Any], where: str = "provider") -> Self:
        """Make a provider out of nested mappings.

        Raises:
            SettingsError: see :meth:`from_toml`.
        """
        missing = [name for name in _REQUIRED if not _given(value, name)]
        if missing:
            raise SettingsError(
                f"{where}: billing cannot start; missing: {', '.join(missing)}"
            )
        top = _known(cls, value, where, "")
        vat = _known(Vat, top["vat"], where, "vat")
        mentions = vat.get("mentions", ())
        if not isinstance(mentions, list | tuple):
            raise SettingsError(f"{where}: vat.mentions: expected [[vat.mentions]]")
        vat["mentions"] = tuple(
            VatMention(**_known(VatMention, _plain(row), where, "vat.mentions"))
            for row in mentions
        )
        if vat["regime"] not in VatRegime._value2member_map_:
            raise SettingsError(
                f"{where}: vat.regime: expected franchise or standard; "
                f"got {vat['regime']!r}"
            )
        vat["regime"] = VatRegime(vat["regime"])
        address = _known(Address, top["address"], where, "address")
        for table, key in ((address, "lines"), (top, "phones"), (top, "payment_means")):
            if not isinstance(table[key], list | tuple):
                raise SettingsError(f"{where}: {key}: expected a list of texts")
            table[key] = tuple(table[key])
        top["vat"], top["address"] = Vat(**vat), Address(**address)
        top["mediator"] = Mediator(
            **_known(Mediator, top["mediator"], where, "mediator")
        )
        try:
            return cls(**top)
        except SettingsError as error:
            raise SettingsError(
                f"{where}: {str(error).removeprefix('provider: ')}"
            ) from None


#: Without any of these nothing is billed; ``vat.rate_bp`` and the like follow.
_REQUIRED: Final = (
    "name",
    "person",
    "legal_form",
    "siren",
    "address.lines",
    "address.postcode",
    "address.city",
    "phones",
    "email",
    "vat.regime",
    "mediator.name",
    "mediator.address",
    "mediator.website",
    "payment_means",
)


def _given(value: object, path: str) -> bool:
    """Tell whether something stands at ``path``: an empty text is nothing."""
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return False
        value = value[key]
    return value not in ("", [], ())


def _plain(row: object) -> dict[str, Any]:
    """Write TOML's days as text, so that one form is compared and hashed."""
    if not isinstance(row, Mapping):
        raise SettingsError("provider: vat.mentions: expected [[vat.mentions]]")
    return {
        key: item if isinstance(item, str) else str(item) for key, item in row.items()
    }


def _known(cls: type[Any], value: object, where: str, path: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise SettingsError(f"{where}: {path}: expected a table")
    known = [field.name for field in fields(cls)]
    for name in value:
        if name not in known:
            full = f"{path}.{name}" if path else name
            raise SettingsError(
                f"{where}: {full}: is no key; there are {', '.join(known)}"
            )
    return dict(value)


def _check(one: Provider) -> None:
    def wrong(key: str, why: str) -> SettingsError:
        return SettingsError(f"provider: {key}: {why}")

    texts: dict[str, object] = {
        "name": one.name,
        "person": one.person,
        "address.postcode": one.address.postcode,
        "address.city": one.address.city,
        "mediator.name": one.mediator.name,
        "mediator.address": one.mediator.address,
    }
    texts |= {f"address.lines[{n}]": line for n, line in enumerate(one.address.lines)}
    texts |= {f"phones[{n}]": phone for n, phone in enumerate(one.phones)}
    for key, text in texts.items():
        if not _is_text(text):
            raise wrong(key, f"expected a text of 1 to {TEXT_MAX} characters")
    for key, text in (("website", one.website), ("registration", one.registration)):
        if text and not _is_text(text):
            raise wrong(key, f"expected a text of at most {TEXT_MAX} characters")
    if one.legal_form not in LEGAL_FORMS:
        raise wrong(
            "legal_form",
            f"expected one of {', '.join(LEGAL_FORMS)}; got {one.legal_form!r}",
        )
    if one.legal_form not in ("EI", "association") and not one.registration:
        raise wrong(
            "registration",
            "expected register and share capital, which a company has to print, "
            "such as 'RCS Chambéry 828 971 028, capital 1 000 €'",
        )
    _check_numbers(one, wrong)
    if not one.address.lines or not one.phones:
        raise wrong("address.lines and phones", "expected at least one of each")
    if not _COUNTRY.match(one.address.country):
        raise wrong("address.country", "expected two capitals, such as FR")
    if not _EMAIL.match(one.email):
        raise wrong("email", f"expected an e-mail address; got {one.email!r}")
    if not _WEBSITE.match(one.mediator.website):
        raise wrong(
            "mediator.website",
            f"expected an address like https://…; got {one.mediator.website!r}",
        )
    odd = [means for means in one.payment_means if means not in PAYMENT_MEANS]
    if odd or not one.payment_means:
        raise wrong(
            "payment_means",
            f"expected some of {', '.join(PAYMENT_MEANS)}; got {', '.join(odd)}; "
            "cash and cheques on the spot do not exist at a distance",
        )
    if type(one.demonstration) is not bool:
        raise wrong("demonstration", "expected true or false")
    _check_vat(one, wrong)


def _is_text(text: object) -> bool:
    return isinstance(text, str) and 0 < len(text) <= TEXT_MAX and text.isprintable()


def _check_numbers(one: Provider, wrong: _Wrong) -> None:
    if not is_siren(one.siren):
        raise wrong(
            "siren",
            f"expected {SIREN_DIGITS} digits without spaces whose check digit fits; "
            f"got {one.siren!r}; a SIRET has {SIRET_DIGITS} and goes into siret",
        )
    if one.siret and not is_siret(one.siret, one.siren):
        raise wrong(
            "siret",
            f"expected {SIRET_DIGITS} digits without spaces that begin with the SIREN "
            f"and whose check digit fits; got {one.siret!r}",
        )
    if one.ape and not _APE.match(one.ape):
        raise wrong("ape", f"expected a code like 6202A; got {one.ape!r}")


def _check_vat(one: Provider, wrong: _Wrong) -> None:
    vat = one.vat
    if type(vat.rate_bp) is not int or not 0 <= vat.rate_bp <= 10_000:
        raise wrong(
            "vat.rate_bp",
            f"expected hundredths of a percent, 2000 for 20 %; got {vat.rate_bp!r}",
        )
    if vat.number and vat.number != vat_number_of(one.siren):
        raise wrong(
            "vat.number",
            f"expected {vat_number_of(one.siren)}, which goes with the SIREN; "
            f"got {vat.number!r}",
        )
    if vat.regime is VatRegime.STANDARD:
        if not vat.rate_bp or not vat.number or vat.mentions:
            raise wrong(
                "vat", "expected rate_bp and number and no mentions under standard VAT"
            )
        return
    if vat.rate_bp:
        raise wrong("vat.rate_bp", "expected none under franchise: no VAT is charged")
    if not vat.mentions:
        raise wrong(
            "vat.mentions", "expected at least one under franchise: what replaces VAT"
        )
    for row in vat.mentions:
        if not _is_text(row.text):
            raise wrong("vat.mentions", "expected a text in each")
        for day in (row.valid_from, row.valid_to):
            if day and not _DAY.match(day):
                raise wrong("vat.mentions", f"expected days like 2026-09-01; got {day}")
    for one_row, next_row in pairwise(vat.mentions):
        if not one_row.valid_to or one_row.valid_to != next_row.valid_from:
            raise wrong(
                "vat.mentions",
                "expected one row's valid_to to be the next one's valid_from "
                f"({next_row.valid_from or 'none'}); got {one_row.valid_to or 'none'}",
            )
