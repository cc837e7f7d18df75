"""A few dozen of the sessions that `make chaos` runs by the hundred (S-16, S-29, S-34).

Each ends in a journaled state within 20 s of its last fault; nothing that was
acknowledged is lost; nothing is left over; nothing is billed that nobody signed.
"""

from collections import Counter
from pathlib import Path

import pytest

from tests.chaos.__main__ import told
from tests.chaos.sessions import WITHIN_S, Findings, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SESSIONS = 40


async def test_s16_s29_sessions_in_bad_weather_end_journaled_and_leave_nothing(
    tmp_path: Path,
) -> None:
    found = await run(tmp_path, SESSIONS, seed=20261123, at_once=SESSIONS)
    assert found.wrong() == {}, told(found, 20261123, 0)
    assert found.sessions + found.without_session == SESSIONS
    assert found.sessions >= SESSIONS // 2
    assert sum(found.ends.values()) == found.sessions


def test_whatever_must_not_be_is_named() -> None:
    found = Findings(
        ends=Counter(),
        not_ended=["session 1"],
        overbilled=["session 2"],
        left={"tasks": 1, "rooms": 0},
        late_s=[1.0, WITHIN_S + 1],
    )
    assert found.wrong() == {
        "not ended": ["session 1"],
        "overbilled": ["session 2"],
        "left": {"tasks": 1},
        "slow": WITHIN_S + 1,
    }
    found.stalled_s = 2.0
    assert "slow" not in found.wrong()
