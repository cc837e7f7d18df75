"""``cordee engagement``: what was agreed, for scripts.

The same as the console's form, with the same refusals; an error is one sentence and
exit code 2. A fact is what no session's journal knows (docs/billing/facts.md).
"""

from __future__ import annotations

import json
from typing import Annotated, Any

import msgspec
import typer

from cordee_shared.billing.facts import FORMS, FactKind
from cordee_shared.errors import BadInput, MalformedFrame, Refused
from cordee_shared.ids import EngagementId, TechnicianId, read_engagement_id
from cordee_shared.session.states import Side

from .commands import Config, say, time_text, with_parts
from .parts import Parts
from .ports import Engagement
from .services.particulars import Details

engagement = typer.Typer(help="What was agreed with customers.", no_args_is_help=True)

_Technician = Annotated[str, typer.Option(help="Whose engagement it is.")]


@engagement.command("add")
def add(
    technician: _Technician,
    customer: Annotated[str, typer.Option(help="Their name, or a reference.")],
    purpose: Annotated[str, typer.Option(help="What it is for.")],
    tariff: Annotated[str, typer.Option(help="One of the settings'.")],
    details: Annotated[
        str,
        typer.Option(help='The rest as JSON, such as {"kind": "professional"}.'),
    ] = "{}",
    config: Config = None,
) -> None:
    """Record what was agreed; prints the engagement's id."""

    async def work(parts: Parts) -> str:
        made = await parts.agreements.agree(
            await _known(parts, technician),
            customer=customer,
            purpose=purpose,
            tariff=tariff,
            details=read_details(details),
        )
        return made.id

    say(with_parts(config, work))


@engagement.command("list")
def list_all(technician: _Technician, config: Config = None) -> None:
    """List a technician's latest engagements, the latest first."""

    async def work(parts: Parts) -> list[str]:
        found = await parts.engagements.of(await _known(parts, technician))
        return [
            f"{one.id}  {time_text(one.offer.confirmed_ms)}  "
            f"{one.offer.tariff:<12}  {one.offer.customer}: {one.offer.purpose}"
            for one in found
        ]

    say(*with_parts(config, work))


@engagement.command("show")
def show(id: str, config: Config = None) -> None:
    """Show all of an engagement as JSON: offer, particulars, facts."""

    async def work(parts: Parts) -> str:
        found = await _find(parts, id)
        facts = await parts.billing.facts_of(found.id)
        return json.dumps(
            {
                "offer": msgspec.to_builtins(found.offer),
                "particulars": msgspec.to_builtins(found.particulars),
                "confirmed_by": found.confirmed_by,
                "channel": found.channel,
                "facts": [
                    {
                        "n": fact.n,
                        "kind": fact.kind.value,
                        "at": time_text(fact.at_ms),
                        "side": fact.side.value,
                        "author": fact.author,
                        "data": dict(fact.data),
                    }
                    for fact in facts
                ],
            },
            ensure_ascii=False,
            indent=1,
        )

    say(with_parts(config, work))


@engagement.command("fact")
def fact(
    id: str,
    kind: Annotated[str, typer.Argument(help="Such as contact_attempt, released.")],
    technician: _Technician,
    data: Annotated[str, typer.Option(help="What the kind says, as JSON.")] = "{}",
    config: Config = None,
) -> None:
    """Journal a fact of an engagement, with the revision that it makes."""
    named = read_kind(kind)
    said = _object(data, "--data")

    async def work(parts: Parts) -> str:
        author = await _known(parts, technician)
        found = await _find(parts, id)
        told, record = await parts.billing.tell(
            found.id, named, Side.TECHNICIAN, author, said
        )
        made = f"revision {record.revision}" if record else "no record yet"
        return f"fact {told.n}: {told.kind.value}; {made}"

    say(with_parts(config, work))


def read_kind(name: str) -> FactKind:
    """Return the kind of fact called ``name``.

    Raises:
        BadInput: there is none; the sentence names them all.
    """
    if name not in FactKind._value2member_map_:
        kinds = ", ".join(kind.value for kind in FORMS)
        raise BadInput(f"There is no kind of fact {name!r}; there are {kinds}.")
    return FactKind(name)


def read_details(text: str) -> Details:
    """Read the rest of what was agreed.

    Raises:
        BadInput: no JSON object, or a field that is unknown or of a wrong type.
    """
    try:
        return msgspec.convert(_object(text, "--details"), Details)
    except msgspec.ValidationError as error:
        raise BadInput(f"--details: {error}.") from None


def _object(text: str, option: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise BadInput(f"{option}: expected a JSON object, such as {{}}.")
    return value


async def _known(parts: Parts, name: str) -> TechnicianId:
    for one in await parts.technicians.all():
        if one.id == name:
            return one.id
    raise Refused(f"There is no technician {name!r}.")


async def _find(parts: Parts, text: str) -> Engagement:
    try:
        id: EngagementId = read_engagement_id(text)
    except MalformedFrame:
        raise Refused(f"{text!r} is no engagement's id: e- and 16 digits.") from None
    found = await parts.engagements.find(id)
    if found is None:
        raise Refused(f"There is no engagement {text}.")
    return found
