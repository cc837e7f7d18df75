"""Draws ``docs/billing/timeline.svg``: the meter over a real journal.

The journal is written as a relay writes it, with real keys, acts and table; what runs
below it is what :func:`~cordee_shared.billing.tally.tally` counts. ``make rules`` draws
it again.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from cordee_shared.billing.policy import LAW_CORRECTED_2026
from cordee_shared.billing.rating import rate
from cordee_shared.billing.tally import tally
from cordee_shared.canonical import Json
from cordee_shared.journal.entry import Entry
from cordee_shared.session.states import Event, Remark, State
from tests.shared.journals import CUSTOMER, SECOND, TARIFF, TECHNICIAN, Journal

PICTURE: Final = (
    Path(__file__).resolve().parents[1] / "docs" / "billing" / "timeline.svg"
)

_WIDTH: Final = 960
_LEFT: Final = 110
_COLOURS: Final = {
    State.WAITING: "#d7dbe3",
    State.PAIRING: "#d7dbe3",
    State.CONSENTING: "#c3cad8",
    State.VIEWING: "#8fb5dd",
    State.CONTROLLING: "#2f6db5",
    State.RECLAIMED: "#f0b64b",
    State.PAUSED: "#b9a1d6",
    State.INTERRUPTED: "#e08a7d",
}
_NAMES: Final = {
    State.WAITING: "le code attend",
    State.CONSENTING: "question",
    State.VIEWING: "vu",
    State.CONTROLLING: "pris en main",
    State.RECLAIMED: "repris",
    State.PAUSED: "masqué",
    State.INTERRUPTED: "coupé",
}


def session() -> Journal:
    """Return a session in which everything happens that stops the meter."""
    journal = Journal().fact(*_issued()).wait(60)
    journal.fact(Event.CODE_CLAIMED)
    for side in (CUSTOMER, TECHNICIAN):
        journal.act(side, *_bound(journal))
    journal.fact(Event.KEYS_CONFIRMED).wait(90).grant_view().wait(120)
    journal.grant_control().wait(480)
    journal.act(TECHNICIAN, Event.CONTROL_RELEASED).wait(150)
    journal.grant_control().wait(300).reclaim().wait(240)
    journal.grant_control().wait(360).act(CUSTOMER, Event.PAUSED).wait(150)
    journal.act(CUSTOMER, Event.CONTINUED).wait(90).grant_control().wait(270)
    alive = journal.at_us
    journal.wait(15).lose(customer_us=alive, technician_us=alive + 12 * SECOND)
    journal.wait(100).fact(Event.LINK_RESTORED).wait(60)
    journal.grant_control().wait(200)
    return journal.end(TECHNICIAN)


def _issued() -> tuple[Remark, dict[str, Json]]:
    return Remark.CODE_ISSUED, {"engagement": "e-0123456789abcdef"}


def _bound(journal: Journal) -> tuple[Remark, dict[str, Json]]:
    return Remark.BIND, {"pairing": journal.th.hex()}


def picture(entries: Sequence[Entry]) -> str:
    """Return a journal, the states in it and what is counted, as SVG."""
    first, last = entries[0].moment.mono_us, entries[-1].moment.mono_us
    counted = tally([entries], LAW_CORRECTED_2026)
    rated = rate(counted, LAW_CORRECTED_2026, TARIFF)

    def x(at_us: int) -> int:
        return _LEFT + (at_us - first) * (_WIDTH - _LEFT - 20) // (last - first)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} 250" '
        'font-family="sans-serif" font-size="12" role="img">',
        f"<title>{_clock(rated.seconds)} comptées en {len(counted.segments)} "
        f"segments : {rated.units} demi-heures</title>",
        f'<rect width="{_WIDTH}" height="250" fill="#fff"/>',
        _text(10, 62, "Séance"),
        _text(10, 132, "Compté", bold=True),
        _text(10, 190, "Arrondi", bold=True),
    ]
    for entry, after in pairwise(entries):
        begin, end = x(entry.moment.mono_us), x(after.moment.mono_us)
        if end > begin:
            colour = _COLOURS[entry.state]
            out.append(_bar(begin, 40, end - begin, 36, colour, _NAMES[entry.state]))
            if end - begin > 30 + 6 * len(_NAMES[entry.state]) - 24:
                ink = "#fff" if entry.state is State.CONTROLLING else "#17213b"
                name = _NAMES[entry.state]
                out.append(_text((begin + end) // 2, 62, name, ink=ink, middle=True))
    for part in counted.segments:
        begin, end = x(part.start_us), x(part.end_us)
        said = _clock(part.length_us // SECOND)
        out.append(_bar(begin, 112, end - begin, 32, "#1c7a4d", part.cause))
        out.append(_text((begin + end) // 2, 132, said, ink="#fff", middle=True))
        out.append(_text(end, 158, _CAUSES[part.cause], middle=True, size=11))
    scale = (_WIDTH - _LEFT - 20) // rated.units
    full = rated.seconds * scale // TARIFF.unit_s
    for unit in range(rated.units):
        out.append(
            f'<rect x="{_LEFT + unit * scale}" y="172" width="{scale}" height="28" '
            'fill="none" stroke="#1c7a4d"/>'
        )
    out.append(_bar(_LEFT, 172, full, 28, "#a9d8bf", "comptées"))
    said = (
        f"{_clock(rated.seconds)} = {rated.seconds} s → {rated.units} demi-heures "
        f"commencées × {TARIFF.price_cents // 100} € = {rated.amount_cents // 100} €"
    )
    out.append(_text(_LEFT + 8, 190, said))
    for minute in range(0, (last - first) // SECOND // 60 + 1, 5):
        at = x(first + minute * 60 * SECOND)
        out.append(_text(at, 30, f"{minute} min", middle=True, size=11))
    note = "Rien avant l’accord à la prise en main, rien de repris, masqué ou coupé."
    out += [_text(10, 236, note), "</svg>"]
    return "\n".join(out) + "\n"


_CAUSES: Final = {
    "reclaimed": "souris du client",
    "paused": "écran masqué",
    "link_lost": "dernier signe de vie",
    "technician_ended": "fin",
}


def _clock(seconds: int) -> str:
    return f"{seconds // 60} min {seconds % 60:02} s"


def _bar(x: int, y: int, width: int, height: int, colour: str, title: str) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{colour}">'
        f"<title>{escape(title)}</title></rect>"
    )


def _text(
    x: int,
    y: int,
    said: str,
    *,
    ink: str = "#17213b",
    middle: bool = False,
    bold: bool = False,
    size: int = 12,
) -> str:
    more = ' text-anchor="middle"' if middle else ""
    more += ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" fill="{ink}" font-size="{size}"{more}>'
        f"{escape(said)}</text>"
    )


def main() -> None:
    """Draw it, if it looks different now."""
    text = picture(session().entries)
    if not PICTURE.exists() or PICTURE.read_text(encoding="utf-8") != text:
        PICTURE.write_text(text, encoding="utf-8")
        sys.stdout.write(f"wrote {PICTURE.name}\n")


if __name__ == "__main__":
    main()
