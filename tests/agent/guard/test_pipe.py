import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_agent.guard.pipe import (
    MESSAGE_MAX,
    Alive,
    Beat,
    Command,
    Configure,
    Failed,
    Inject,
    Open,
    OwnWindows,
    Pressed,
    Question,
    Reader,
    Ready,
    Reclaimed,
    Report,
    Shut,
    Still,
    Stop,
    WaitStill,
    commands,
    pack,
    reports,
)
from cordee_shared.errors import LocalViolation
from cordee_shared.limits import INPUT_MAX

COMMANDS: list[Command] = [
    Configure(":5", 4),
    Open(),
    Inject(b'[{"t":"r"}]'),
    Alive(),
    Question(True),
    OwnWindows([(0, -5, 980, 84)]),
    WaitStill(0.5),
    Shut(),
    Stop(),
]
REPORTS: list[Report] = [
    Ready(),
    Failed("there is no screen here"),
    Pressed(4294967295, 1, customer=False),
    Reclaimed("pointer", 12345),
    Still(),
    Beat(),
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10_000])
def test_messages_arrive_whole_however_the_pipe_cuts_them(size: int) -> None:
    data = b"".join(pack(command) for command in COMMANDS)
    reader = Reader()
    read = [
        command
        for at in range(0, len(data), size)
        for command in reader.take(data[at : at + size], commands)
    ]
    assert read == COMMANDS


def test_reports_arrive_as_they_were_sent() -> None:
    data = b"".join(pack(report) for report in REPORTS)
    assert list(Reader().take(data, reports)) == REPORTS


def test_the_largest_input_record_fits() -> None:
    largest = Inject(b"x" * INPUT_MAX)
    assert list(Reader().take(pack(largest), commands)) == [largest]


def test_a_message_without_end_is_refused_before_it_is_kept() -> None:
    with pytest.raises(LocalViolation, match="a pipe message of"):
        list(Reader().take((MESSAGE_MAX + 1).to_bytes(4, "big"), commands))


def test_a_report_is_no_command() -> None:
    with pytest.raises(LocalViolation):
        list(Reader().take(pack(Ready()), commands))


@given(st.binary(max_size=64))
def test_any_bytes_are_messages_or_a_documented_error(data: bytes) -> None:
    reader = Reader()
    with contextlib.suppress(LocalViolation):
        for command in reader.take(data, commands):
            assert msgspec.msgpack.encode(command)
