"""The rules that time is billed by, and the prices: data, versioned and hashed.

The terms contradict themselves and today's law (billing_legal.md 0.1), so no rule
of billing is a constant. An engagement names the hash of the policy and of the
tariff that it ran under; both are kept as canonical bytes, so that a bill can be
derived again years later.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final, Self

from cordee_shared.canonical import SAFE_INTEGER, canonical, read_canonical, sha256_hex
from cordee_shared.errors import SettingsError
from cordee_shared.limits import TEXT_MAX
from cordee_shared.session.offer import Opening, Reclaimed
from cordee_shared.session.states import State

__all__ = [
    "AS_WRITTEN_2021",
    "DEFAULT_POLICY",
    "LAW_CORRECTED_2026",
    "POLICIES",
    "Opening",
    "Policy",
    "Reclaimed",
    "Tariff",
    "check_rows",
    "read_toml",
    "shipped_text",
    "tariff_at",
]


def read_toml(text: str, where: str) -> dict[str, Any]:
    """Decode a file that an operator may have written.

    Raises:
        SettingsError: it is no TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{where}: expected TOML; {error}") from None


def _fields(cls: type[Any], what: str, value: Mapping[str, Any]) -> dict[str, Any]:
    if value.get("v") != 1:
        raise SettingsError(f"{what}: not of version 1")
    found = {name: item for name, item in value.items() if name != "v"}
    known = [field.name for field in fields(cls)]
    for name in known:
        if name not in found:
            raise SettingsError(f"{what}: {name} is missing")
    for name in found:
        if name not in known:
            raise SettingsError(
                f"{what}: {name} is no key; there are {', '.join(known)}"
            )
    return found


def _name(what: str, name: object) -> None:
    if not (isinstance(name, str) and name.isascii() and 0 < len(name) <= TEXT_MAX):
        raise SettingsError(f"{what}: id is a short ASCII name, not {name!r}")


def _number(where: str, key: str, value: object, least: int) -> None:
    # A bool is an int to Python and a float equals one: neither is a count.
    if type(value) is not int or not least <= value <= SAFE_INTEGER:
        raise SettingsError(
            f"{where}: {key} is a whole number from {least}, not {value!r}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a journal becomes a number of units (billing_legal.md 3.1)."""

    id: str
    version: int
    reclaimed: Reclaimed
    service_opens: Opening
    #: Less whole seconds of service than this cost nothing.
    min_service_s: int
    #: The provider's own failure never owes the minimum (B04).
    own_fault_free: bool
    #: More units than this wait for a person before they are exported.
    parked_units: int
    #: States that count once the service is open; ``reclaimed`` is apart.
    paid_states: tuple[State, ...] = (State.CONTROLLING, State.VIEWING)

    def __post_init__(self) -> None:
        """Refuse a policy that nobody could have meant.

        Raises:
            SettingsError: the sentence says which key and what was expected.
        """
        _name("policy", self.id)
        for key, least in (("version", 1), ("min_service_s", 0), ("parked_units", 1)):
            _number(f"policy {self.id!r}", key, getattr(self, key), least)
        odd = set(self.paid_states) - {State.CONTROLLING, State.VIEWING}
        if odd or list(self.paid_states) != sorted(set(self.paid_states)):
            raise SettingsError(
                f"policy {self.id!r}: paid_states holds controlling, viewing or both, "
                "in this order"
            )

    def counts(self, state: State) -> bool:
        """Tell whether time in ``state`` counts once the service is open."""
        if state is State.RECLAIMED:
            return self.reclaimed is Reclaimed.COUNT
        return state in self.paid_states

    def canonical(self) -> bytes:
        """Return the bytes that are hashed and kept."""
        return canonical(asdict(self) | {"v": 1})

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical form."""
        return sha256_hex(self.canonical())

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Read a policy back from its canonical form.

        Raises:
            MalformedFrame: not canonical JSON.
            SettingsError: a key is missing, unknown or of no sense.
        """
        return cls._of(_fields(cls, "policy", read_canonical(raw)))

    @classmethod
    def from_toml(cls, text: str, where: str = "policy") -> Self:
        """Read a policy's file; its table ``[contract]`` is another matter.

        Raises:
            SettingsError: no TOML, or a key is missing, unknown or of no sense.
        """
        value = read_toml(text, where)
        value.pop("contract", None)
        return cls._of(_fields(cls, where, value | {"v": 1}))

    @classmethod
    def _of(cls, value: dict[str, Any]) -> Self:
        try:
            value["reclaimed"] = Reclaimed(value["reclaimed"])
            value["service_opens"] = Opening(value["service_opens"])
            value["paid_states"] = tuple(State(name) for name in value["paid_states"])
        except (TypeError, ValueError) as error:
            raise SettingsError(f"policy: {error}") from None
        if type(value["own_fault_free"]) is not bool:
            raise SettingsError("policy: own_fault_free is true or false")
        return cls(**value)


def shipped_text(name: str) -> str:
    """Return the text of a shipped policy's file: a constant of the package.

    Raises:
        FileNotFoundError: no policy of this name ships.
    """
    file = files("cordee_shared.billing") / "policies" / f"{name}.toml"
    return file.read_text(encoding="utf-8")


#: The terms read in the light of today's law, in the customer's favour: default.
LAW_CORRECTED_2026: Final = Policy.from_toml(shipped_text("law-corrected-2026"))
#: The terms of 1 November 2021 to the letter: the most that they could ever ask.
AS_WRITTEN_2021: Final = Policy.from_toml(shipped_text("as-written-2021"))
#: What ships, by id.
POLICIES: Final[Mapping[str, Policy]] = MappingProxyType(
    {policy.id: policy for policy in (LAW_CORRECTED_2026, AS_WRITTEN_2021)}
)
DEFAULT_POLICY: Final = LAW_CORRECTED_2026


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """One price row: what a begun unit of time costs, and from when to when.

    The terms state their half-hour rule for work at the customer's only (3.2), so a
    remote tariff says its unit and its minimum itself; one that does not is refused
    (B03), which is why neither has a default.
    """

    id: str
    #: What the line is called, in the provider's language.
    label: str
    #: Cents, all taxes included, for each begun unit.
    price_cents: int
    #: ISO 4217, such as ``EUR``.
    currency: str
    #: Seconds in a unit.
    unit_s: int
    #: Units due at least, once there was service.
    minimum_units: int
    #: Unix milliseconds: in force for offers from here …
    valid_from_ms: int
    #: … to before here; ``None`` while nothing has replaced it.
    valid_to_ms: int | None = None

    def __post_init__(self) -> None:
        """Refuse a row that nobody could have meant.

        Raises:
            SettingsError: the sentence says which key and what was expected.
        """
        _name("tariff", self.id)
        where = f"tariff {self.id!r}"
        if not (isinstance(self.label, str) and 0 < len(self.label) <= TEXT_MAX):
            raise SettingsError(
                f"{where}: label is a text of 1 to {TEXT_MAX} characters"
            )
        for key, least in (
            ("price_cents", 0),
            ("unit_s", 1),
            ("minimum_units", 1),
            ("valid_from_ms", 0),
        ):
            _number(where, key, getattr(self, key), least)
        if not (
            isinstance(self.currency, str)
            and len(self.currency) == 3
            and self.currency.isascii()
            and self.currency.isupper()
        ):
            raise SettingsError(f"{where}: currency is three capitals, such as EUR")
        if self.valid_to_ms is not None:
            _number(where, "valid_to_ms", self.valid_to_ms, self.valid_from_ms + 1)

    def is_in_force(self, at_ms: int) -> bool:
        """Tell whether an offer made at ``at_ms`` is at this price (R05)."""
        return self.valid_from_ms <= at_ms and (
            self.valid_to_ms is None or at_ms < self.valid_to_ms
        )

    def canonical(self) -> bytes:
        """Return the bytes that are hashed and kept."""
        return canonical(asdict(self) | {"v": 1})

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical form."""
        return sha256_hex(self.canonical())

    @classmethod
    def from_mapping(cls, row: Mapping[str, Any]) -> Self:
        """Make a row out of settings; ``valid_to_ms`` may be left out.

        Raises:
            SettingsError: a key is missing, unknown or of no sense. A row without
                unit or minimum is refused: the terms give a remote one none (B03).
        """
        row = {"valid_to_ms": None, **row, "v": 1}
        return cls(**_fields(cls, f"tariff {row.get('id')!r}", row))

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Read a row back from its canonical form.

        Raises:
            MalformedFrame: not canonical JSON.
            SettingsError: a key is missing, unknown or of no sense.
        """
        return cls(**_fields(cls, "tariff", read_canonical(raw)))


def check_rows(rows: Iterable[Tariff]) -> tuple[Tariff, ...]:
    """Insist that each tariff's rows follow each other (R05); return them in order.

    Raises:
        SettingsError: two rows of one tariff overlap, or leave a gap.
    """
    ordered = sorted(rows, key=lambda row: (row.id, row.valid_from_ms))
    for former, row in pairwise(ordered):
        if former.id != row.id:
            continue
        if former.valid_to_ms != row.valid_from_ms:
            until = (
                "for ever" if former.valid_to_ms is None else str(former.valid_to_ms)
            )
            raise SettingsError(
                f"tariff {row.id!r}: a row is valid until {until} (valid_to_ms) and "
                f"the next from {row.valid_from_ms} (valid_from_ms): not the same"
            )
    return tuple(ordered)


def tariff_at(rows: Iterable[Tariff], tariff: str, offer_ms: int) -> Tariff:
    """Return the row of ``tariff`` in force at the date of the offer (R05).

    Raises:
        SettingsError: there is none; never another day's price.
    """
    for row in rows:
        if row.id == tariff and row.is_in_force(offer_ms):
            return row
    raise SettingsError(f"no row of tariff {tariff!r} is in force at {offer_ms}")
