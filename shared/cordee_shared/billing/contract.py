"""What a customer has to be asked before a session, by the policy in force.

The terms say one thing and the law another (billing_legal.md 2), so this is data as
well: the table ``[contract]`` of a policy's file, hashed apart from the rules that
time is counted by. The offer names the hash.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Self

from cordee_shared.billing.calendar import local, terms_deadline, withdrawal_deadline
from cordee_shared.billing.policy import POLICIES, read_toml, shipped_text
from cordee_shared.canonical import canonical, sha256_hex
from cordee_shared.errors import SettingsError
from cordee_shared.session.asking import Ask


class EarlyStart(StrEnum):
    """What it takes to begin while the customer may still withdraw."""

    #: An express request, and knowing that the right is lost by it: two statements.
    TWO_STATEMENTS = "two_statements"
    #: The customer's agreement to the session, as the terms of 2021 have it.
    AGREEMENT = "agreement"


class CustomerKind(StrEnum):
    """Who the customer is to the law."""

    CONSUMER = "consumer"
    PROFESSIONAL = "professional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The questions that a policy puts, and the time limit behind them."""

    version: int
    #: Fourteen by law, seven clear days by the terms (R12).
    withdrawal_days: int
    early_start: EarlyStart
    #: R08 and R31.
    ask_adult: bool
    ask_backup: bool

    def __post_init__(self) -> None:
        """Refuse what nobody could have meant.

        Raises:
            SettingsError: the sentence says which key and what was expected.
        """
        if type(self.version) is not int or self.version < 1:
            raise SettingsError(
                f"contract: version is a whole number from 1, not {self.version!r}"
            )
        if self.withdrawal_days not in (7, 14) or type(self.withdrawal_days) is bool:
            raise SettingsError(
                "contract: withdrawal_days is 7 (terms) or 14 (law), "
                f"not {self.withdrawal_days!r}"
            )
        for key in ("ask_adult", "ask_backup"):
            if type(getattr(self, key)) is not bool:
                raise SettingsError(f"contract: {key} is true or false")

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical form."""
        return sha256_hex(canonical(asdict(self) | {"v": 1}))

    @classmethod
    def from_toml(cls, text: str, where: str = "policy") -> Self:
        """Read the table ``[contract]`` of a policy's file.

        Raises:
            SettingsError: no such table, or a key is missing, unknown or of no sense.
        """
        table = read_toml(text, where).get("contract")
        if not isinstance(table, dict):
            raise SettingsError(f"{where}: expected a table [contract]")
        known = [field.name for field in fields(cls)]
        value: dict[str, Any] = dict(table)
        for name in known:
            if name not in value:
                raise SettingsError(f"{where}: contract.{name} is missing")
        for name in value:
            if name not in known:
                raise SettingsError(
                    f"{where}: contract.{name} is no key; there are {', '.join(known)}"
                )
        if value["early_start"] not in EarlyStart._value2member_map_:
            raise SettingsError(
                f"{where}: contract.early_start is one of "
                f"{', '.join(EarlyStart)}, not {value['early_start']!r}"
            )
        value["early_start"] = EarlyStart(value["early_start"])
        return cls(**value)

    def last_day(self, concluded_ms: int, zone: dt.tzinfo) -> dt.date:
        """Return the last day on which a consumer may withdraw (R12)."""
        day = local(concluded_ms, zone).date()
        if self.withdrawal_days == 7:
            return terms_deadline(day)
        return withdrawal_deadline(day)

    def window_ends_ms(self, concluded_ms: int, zone: dt.tzinfo) -> int:
        """Return the end of that day, Unix milliseconds: from there on it is over."""
        after = self.last_day(concluded_ms, zone) + dt.timedelta(days=1)
        midnight = dt.datetime(after.year, after.month, after.day, tzinfo=zone)
        return int(midnight.timestamp() * 1000)

    def asks(
        self,
        kind: CustomerKind,
        *,
        is_early: bool,
        is_vouched: bool,
        is_backed_up: bool,
    ) -> tuple[Ask, ...]:
        """Return what is asked on the customer's screen, in order.

        Args:
            kind: a professional has no time to withdraw, and is no minor.
            is_early: the session may begin while the customer may still withdraw.
            is_vouched: the technician knows of age or authorisation, with a reason.
            is_backed_up: the backup question was answered on the phone.
        """
        found = []
        consumer = kind is CustomerKind.CONSUMER
        if self.ask_adult and consumer and not is_vouched:
            found.append(Ask.ADULT)
        if self.ask_backup and not is_backed_up:
            found.append(Ask.BACKUP)
        if consumer and is_early and self.early_start is EarlyStart.TWO_STATEMENTS:
            found += [Ask.EARLY, Ask.WAIVER]
        return tuple(found)


#: What the shipped policies ask, by the policy's id.
CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {name: Contract.from_toml(shipped_text(name), name) for name in POLICIES}
)
