import subprocess
import sys

from cordee_server.adapters.system import SystemClock, SystemEntropy


def test_the_monotonic_clock_never_goes_back() -> None:
    clock = SystemClock()
    read = [clock.moment().mono_us for _ in range(1000)]
    assert read == sorted(read)
    assert abs(clock.monotonic_ms() - clock.moment().mono_us // 1000) < 1000


def test_the_time_of_day_is_in_milliseconds() -> None:
    clock = SystemClock()
    assert abs(clock.now_ms() - clock.moment().at_ms) < 1000
    assert clock.now_ms() > 1_700_000_000_000


def test_each_process_is_a_boot_of_its_own() -> None:
    here = SystemClock()
    script = (
        "from cordee_server.adapters.system import SystemClock;"
        "import sys; sys.stdout.write(SystemClock().moment().boot)"
    )
    there = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    assert here.moment().boot == here.moment().boot
    assert len({here.moment().boot, there, SystemClock().moment().boot}) == 3


def test_entropy_is_of_the_size_asked_for_and_never_the_same() -> None:
    entropy = SystemEntropy()
    assert len({entropy.token(16) for _ in range(100)}) == 100
    assert {len(entropy.token(size)) for size in (8, 8)} == {8}
    assert {entropy.below(3) for _ in range(200)} == {0, 1, 2}
