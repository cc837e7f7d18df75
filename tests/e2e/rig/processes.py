"""Start real programs, watch what they write, and leave none of them running."""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeVar

#: The repository, and the programs that `make setup` installed in it.
ROOT = Path(__file__).resolve().parents[3]
BIN = ROOT / ".venv" / "bin"

#: How long a condition may take before the test fails. Generous: what is slow on
#: a busy machine is not wrong, and a deadline is no measurement.
PATIENCE_S = 20.0
_LOOK_EVERY_S = 0.01

T = TypeVar("T")

#: What a program may know of the machine. The rest, a proxy or the developer's
#: own screen, would make a test depend on who runs it.
_INHERITED = ("PATH", "LANG", "TZ", "LD_LIBRARY_PATH", "SSL_CERT_FILE")


def wait_until(
    look: Callable[[], T | None],
    *,
    within: float = PATIENCE_S,
    what: str | Callable[[], str] = "",
) -> T:
    """Look again and again until something true is seen, and return it.

    Args:
        look: returns what is waited for, or something false.
        within: seconds after which the test fails.
        what: the condition in words, for the failure; a function when it
            should tell what was seen last.
    """
    deadline = time.monotonic() + within
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            said = what() if callable(what) else what
            raise AssertionError(f"not within {within:g} s: {said or look}")
        time.sleep(_LOOK_EVERY_S)


def environment(home: Path, **more: str | None) -> dict[str, str]:
    """Return an environment with a home of its own and little else.

    Args:
        home: becomes HOME and holds the XDG folders.
        more: set as they are; ``None`` removes a variable.
    """
    home.mkdir(parents=True, exist_ok=True)
    runtime = home / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    env: dict[str, str | None] = {
        name: os.environ[name] for name in _INHERITED if name in os.environ
    }
    env |= {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
        "XDG_RUNTIME_DIR": str(runtime),
        "LC_ALL": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
    }
    env |= more
    return {name: value for name, value in env.items() if value is not None}


class Program:
    """A running program, its output in a file, its children in its own group.

    Owned by the test that started it; leaving the ``with`` block ends it and
    whatever it started.
    """

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        pass_fds: Sequence[int] = (),
        name: str | None = None,
    ) -> None:
        self.name = name or Path(argv[0]).name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                [str(word) for word in argv],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if env is None else dict(env),
                cwd=cwd,
                pass_fds=pass_fds,
                start_new_session=True,
            )
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process id, also that of its group."""
        return self._popen.pid

    @property
    def returncode(self) -> int | None:
        """What the program ended with, ``None`` while it runs."""
        return self._popen.poll()

    @property
    def running(self) -> bool:
        """Whether the program has not ended yet."""
        return self._popen.poll() is None

    def text(self) -> str:
        """Return everything the program has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_for_line(
        self, pattern: str, *, within: float = PATIENCE_S
    ) -> re.Match[str]:
        """Wait until a line of the output matches, and return the match.

        Fails at once when the program ends without having written it.
        """
        search = re.compile(pattern, re.MULTILINE)

        def look() -> re.Match[str] | None:
            ended = not self.running
            found = search.search(self.text())
            if found is None and ended:
                raise AssertionError(
                    f"{self.name} ended with {self.returncode} before it wrote "
                    f"{pattern!r}:\n{self.text()[-4000:]}"
                )
            return found

        return wait_until(
            look,
            within=within,
            what=lambda: f"{pattern!r} from {self.name}:\n{self.text()[-4000:]}",
        )

    def wait_for_end(self, *, within: float = PATIENCE_S) -> int:
        """Wait until the program has ended by itself; return its exit status."""
        try:
            return self._popen.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(
                f"{self.name} still runs after {within:g} s:\n{self.text()[-4000:]}"
            ) from None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program alone."""
        self._popen.send_signal(number)

    def freeze(self) -> None:
        """Stop the program and all it started where they are (SIGSTOP)."""
        os.killpg(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen program go on."""
        os.killpg(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End the program alone, without a word (SIGKILL); children live on."""
        self._popen.kill()
        self._popen.wait()

    def group(self) -> list[int]:
        """Return the living processes of its group, zombies left out."""
        return [pid for pid in _processes() if _group_of(pid) == self.pid]

    def stop(self, *, within: float = 10.0) -> int:
        """Ask the program to end, then insist; return its exit status.

        Afterwards nothing it started in its group is left.
        """
        if not self._stopped:
            self._stopped = True
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGCONT)
            if self.running:
                self._popen.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._popen.wait(within)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        return self._popen.wait()


def _processes() -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            yield int(entry.name)


def _group_of(pid: int) -> int | None:
    """Return the process group of a living process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, _parent, group = stat.rpartition(")")[2].split()[:3]
    return None if state == "Z" else int(group)
