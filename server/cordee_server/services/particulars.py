"""What a technician fills in beside the three fields, and what stands for the rest.

Everything has a default from the settings, so that the ordinary engagement takes
three fields; what is given empty is refused with its own sentence (R01).
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import Annotated, Final, TypeVar

import msgspec

from cordee_shared.billing.agreed import Deal
from cordee_shared.billing.contract import CustomerKind
from cordee_shared.billing.particulars import (
    CHECKED,
    PREREQUISITES,
    Backup,
    Channel,
    Delivery,
    Particulars,
)
from cordee_shared.errors import BadInput
from cordee_shared.limits import TEXT_MAX

from ..ports import Entropy
from ..settings import Settings

#: An appointment that nobody gave an hour is for now, and this long: a first help.
USUAL_SLOT_MS: Final = 2 * 3600 * 1000

_E = TypeVar("_E", bound=StrEnum)
_Text = Annotated[str, msgspec.Meta(max_length=2 * TEXT_MAX)]
_Ms = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class Details(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be said of an engagement; ``None``: as usual."""

    kind: _Text | None = None
    ref: _Text | None = None
    siren: _Text | None = None
    email: _Text | None = None
    phone: _Text | None = None
    post: Annotated[tuple[_Text, ...], msgspec.Meta(max_length=6)] | None = None
    delivery: _Text | None = None
    channel: _Text | None = None
    slot_from_ms: _Ms | None = None
    slot_until_ms: _Ms | None = None
    requested_by: _Text | None = None
    requested_ms: _Ms | None = None
    offered_ms: _Ms | None = None
    #: ``yes``, or the reason why it was waived.
    prerequisites: dict[str, _Text] | None = None
    backup: _Text | None = None
    #: How the technician knows of age or authorisation: then nobody asks (R08).
    vouched: _Text | None = None
    #: Why to begin all the same with a customer who is late (R11).
    despite: _Text | None = None


USUALLY: Final = Details()


def settle_particulars(
    given: Details, customer: str, settings: Settings, now_ms: int, entropy: Entropy
) -> Particulars:
    """Return what was agreed, with the usual for what was not said.

    Raises:
        BadInput: a field is given empty or makes no sense; its name is ``field``.
    """
    usual = settings.usual
    slot_from = now_ms if given.slot_from_ms is None else given.slot_from_ms
    until = given.slot_until_ms
    if until is None:
        until = slot_from + USUAL_SLOT_MS if slot_from else 0
    made = Particulars(
        kind=_one_of(CustomerKind, given.kind, usual.customer, "kind"),
        ref=_given(given.ref, f"c-{entropy.token(6).hex()}", "ref"),
        siren=_maybe(given.siren, "siren"),
        email=_maybe(given.email, "email"),
        phone=_maybe(given.phone, "phone"),
        post=tuple(line_of(line, "post") for line in given.post or ()),
        delivery=_one_of(Delivery, given.delivery, usual.delivery, "delivery"),
        channel=_one_of(Channel, given.channel, settings.provider.channel, "channel"),
        slot_from_ms=slot_from,
        slot_until_ms=until,
        requested_by=_given(given.requested_by, customer, "requested_by"),
        requested_ms=now_ms if given.requested_ms is None else given.requested_ms,
        offered_ms=now_ms if given.offered_ms is None else given.offered_ms,
        prerequisites=_prerequisites(given.prerequisites),
        backup=_one_of(Backup, given.backup, usual.backup, "backup"),
        vouched=_maybe(given.vouched, "vouched"),
        salt=entropy.token(16).hex(),
    )
    if made.offered_ms > now_ms:
        raise BadInput("The offer is dated after its confirmation.", field="offered")
    if given.delivery is not None and not made.deliver_to:
        raise BadInput(
            "There is no address to send documents to.", field=made.delivery.value
        )
    return made


def _prerequisites(given: dict[str, str] | None) -> tuple[tuple[str, str], ...]:
    said = {name: CHECKED for name in PREREQUISITES} if given is None else given
    for name in said:
        if name not in PREREQUISITES:
            raise BadInput(
                f"There is no prerequisite {name!r}; there are "
                f"{', '.join(PREREQUISITES)}.",
                field="prerequisites",
            )
    return tuple((name, _maybe(said.get(name), name)) for name in PREREQUISITES)


def _one_of(kinds: type[_E], given: str | None, usual: str, field: str) -> _E:
    try:
        return kinds(usual if given is None else given)
    except ValueError:
        names = ", ".join(repr(kind.value) for kind in kinds)
        raise BadInput(
            f"Expected one of {names} for {field}, not {given!r}.", field=field
        ) from None


def _given(given: str | None, usual: str, field: str) -> str:
    return usual if given is None else line_of(given, field)


def _maybe(given: str | None, field: str) -> str:
    return line_of(given, field) if given else ""


def line_of(given: str, field: str, what: str = "") -> str:
    """Tidy a line that a person typed, for other people to read.

    Control and direction characters are refused: the line is shown in a question of
    consent, where it must not be able to rearrange what stands around it.

    Raises:
        BadInput: it is empty, too long, or holds what no person types.
    """
    text, named = " ".join(given.split(" ")).strip(), what or f"The field {field}"
    if not text:
        raise BadInput(f"{named} is missing.", field=field)
    if len(text) > TEXT_MAX:
        raise BadInput(
            f"{named} is too long: at most {TEXT_MAX} characters.", field=field
        )
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in text):
        raise BadInput(f"{named} holds a character that cannot be shown.", field=field)
    return text


def deal_of(given: Particulars | None) -> Deal | None:
    """Return what the books have to know of a customer (B08)."""
    if given is None:
        return None
    return Deal(
        kind=given.kind.value,
        ref=given.ref,
        siren=given.siren,
        delivery=given.delivery.value,
        deliver_to=given.deliver_to,
        channel=given.channel.value,
        slot_from_ms=given.slot_from_ms,
        slot_until_ms=given.slot_until_ms,
        requested_ms=given.requested_ms,
        offered_ms=given.offered_ms,
        particulars_hash=given.hash,
    )
