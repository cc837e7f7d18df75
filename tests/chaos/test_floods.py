"""Strangers cost themselves, not the people at work (S-13, S-43 to S-45, S-49).

A real relay and few strangers; `make floods` takes the figures with a thousand.
"""

import asyncio
from pathlib import Path

import pytest

from tests.chaos.floods import LOGINS, Figures, Town, address, at, every_flood
from tests.e2e.rig.relay import Relay

pytestmark = [pytest.mark.slow, pytest.mark.e2e, pytest.mark.timeout(900)]

#: A machine that is busy with other things is no fault of the relay's.
SLACK_S = 120.0


def test_s13_s43_s44_s45_s49_floods_end_and_people_get_through(tmp_path: Path) -> None:
    relay = Relay(tmp_path)
    relay.command("init")
    technicians = [relay.add_technician(f"tech{n}") for n in range(LOGINS)]
    with relay:
        found = asyncio.run(every_flood(Town(relay, technicians), share=0.03))
    slow, silent, logins, claims, large = found
    told = "\n".join(figures.told() for figures in found)
    assert slow.kept_s <= 12 + SLACK_S, told
    assert len(slow.logins_s) == 2
    assert silent.kept_s <= 20 + SLACK_S, told
    assert set(silent.answers) == {"closed 4408"}, told
    assert set(logins.answers) <= {"401", "429", "503"}, told
    assert sum(logins.answers.values()) == logins.strangers
    assert set(claims.answers) <= {"code_invalid", "too_many_guesses"}, told
    assert set(large.answers) == {"closed 1009"}, told
    assert all(figures.pings_ms for figures in found), (
        "somebody was at work all the while"
    )
    assert max(figures.grown_mib for figures in found) < 64, told


def test_a_flood_is_told_in_one_line() -> None:
    figures = Figures("x", 3, kept_s=1.25, logins_s=[0.5], pings_ms=[1.0, 9.0])
    said = figures.told()
    assert "the last one gone after 1.2 s" in said
    assert "logins meanwhile at most 0.50 s" in said
    assert "p50 9.0 / p99 9.0 ms (of 2)" in said


def test_every_stranger_has_an_address_and_a_block_of_its_own() -> None:
    found = [address(number) for number in range(2000)]
    assert len({one.rsplit(".", 1)[0] for one in found}) == len(found)
    assert at([1.0, 2.0, 3.0], 1.0) == 3.0
