"""A dozen of the kills that `make kills` does a hundred of (S-31, S-34).

No acknowledged entry is lost, the log verifies, billing derives again byte for byte,
and whoever was there knows within 15 s what became of their session.
"""

from pathlib import Path

import pytest

from tests.chaos.kills import WITHIN_S, Found, run, told

pytestmark = [pytest.mark.slow, pytest.mark.e2e, pytest.mark.timeout(900)]

KILLS = 12
#: A machine that is busy with other things is no fault of the relay's.
SLACK_S = 120.0


async def test_s31_s34_a_relay_killed_again_and_again_loses_nothing_it_said(
    tmp_path: Path,
) -> None:
    found = await run(tmp_path, KILLS, seed=20261123)
    assert found.wrong == [], told(found, 20261123, 0)
    assert found.kills == KILLS
    assert found.acknowledged > 0
    assert found.crashed > 0, "some kill fell into a session"
    assert found.slowest_s <= WITHIN_S + SLACK_S


def test_what_a_run_came_to_is_said() -> None:
    found = Found(kills=2, up_s=[0.25, 0.5], let_go_s=[1.0, 2.5], wrong=["a"])
    said = told(found, 7, 3)
    assert "2 kills in 3 s" in said
    assert "at most 2.5 s over 2 ends" in said
    assert "wrong: ['a']" in said
