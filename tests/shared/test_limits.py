"""The numbers: how they hang together. What each one means stands beside it."""

from __future__ import annotations

import re
from pathlib import Path

from cordee_shared import limits
from cordee_shared.wire.frames import EPOCH_MAX, RECORD_MAX


def test_every_number_is_positive_and_upper_case() -> None:
    numbers = {
        name: value
        for name, value in vars(limits).items()
        if isinstance(value, int | float)
    }
    assert len(numbers) > 30
    assert [name for name in numbers if not name.isupper()] == []
    assert [name for name, value in numbers.items() if value <= 0] == []


def test_no_number_stands_twice() -> None:
    text = Path(limits.__file__).read_text("utf-8")
    names = re.findall(r"^([A-Z_]+): Final", text, re.MULTILINE)
    assert len(names) == len(set(names))


def test_what_is_inside_fits_into_what_is_around_it() -> None:
    assert limits.PAIRING_MAX <= limits.CONTROL_MAX
    assert limits.RECORD_PLAINTEXT_MAX < RECORD_MAX <= limits.FRAME_MAX


def test_who_says_more_is_given_the_time_to_say_it() -> None:
    # The relay outwaits the agent's own no; a mute link is lost before a session is.
    assert limits.CONSENT_GRACE_S > 0
    assert limits.HEARTBEAT_S * 1.5 < limits.RESUME_S
    assert limits.HELLO_S < limits.PAIRING_S < limits.AGENT_CODE_LIFETIME_S
    assert limits.AGENT_CODE_LIFETIME_S < limits.INVITATION_LIFETIME_S
    assert limits.IDLE_S <= limits.SESSION_S


def test_s12_a_nameplate_rests_longer_than_any_code_on_it_lived() -> None:
    assert limits.NAMEPLATE_REST_S > limits.INVITATION_LIFETIME_S


def test_the_longest_session_ends_long_before_the_channel_is_worn_out() -> None:
    assert limits.SESSION_S < limits.REKEY_S * EPOCH_MAX


def test_gcm_keeps_its_margin_under_one_key() -> None:
    # NIST SP 800-38D bounds the blocks under one key; 2^-60 was chosen in 1.6:
    # blocks squared over 2^128 stays below that for what one key may seal.
    blocks = limits.REKEY_RECORDS * (limits.RECORD_PLAINTEXT_MAX // 16 + 1)
    assert blocks**2 / 2**128 < 2**-59


def test_guessing_stays_hopeless() -> None:
    # Per live code and by somebody without an account (security.md 1.4).
    assert limits.INVITATION_RUNS / 10**limits.SECRET_DIGITS <= 3e-5
    assert limits.AGENT_CODE_RUNS == 1
    assert limits.CLAIMS_PER_MINUTE <= limits.CLAIMS_PER_HOUR
