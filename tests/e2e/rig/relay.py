"""A real relay: its own process, data folder and port."""

import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self

import pyotp

from tests.e2e.rig.processes import BIN, PATIENCE_S, Program, environment, wait_until

#: The general terms that customers read.
TERMS = "1 - VALIDITÉ DU CONTRAT\nLe client adhère aux présentes conditions.\n" * 200
#: What an operator would write; the names in braces are filled in.
_SETTINGS = """\
policy = "{policy}"
data = "data"
public_origin = "http://localhost:{public_port}"

[listen]
address = "127.0.0.1"
port = {port}

[provider]
organisation = "Aide & Cie"
phone = "01 23 45 67 89"

[terms]
version = "2025-01"
file = "terms.txt"
hash = "{terms}"

[[tariffs]]
id = "standard"
label = "Assistance, le quart d'heure"
price_cents = 1500
unit_s = 900
minimum_units = 1

[usual]
customer = "{customer}"
backup = "{backup}"
backup_cents = 2000

[deadlines]
{deadlines}
"""


@dataclass(frozen=True)
class Technician:
    """One technician's account, with what they keep to sign in."""

    login: str
    password: str
    secret: str

    def second_factor(self, steps: int = 0) -> str:
        """Return the six digits of now, or of some steps later.

        Each step is accepted once: a second sign-in within 30 s asks for the
        next one.
        """
        now = int(time.time())  # noqa: TID251 - a real relay reads the real clock
        return pyotp.TOTP(self.secret).at(now + 30 * steps)


class Relay:
    """One relay in one folder; it can be stopped, frozen, killed, started again."""

    def __init__(
        self,
        folder: Path,
        *,
        deadlines: Mapping[str, int] | None = None,
        policy: str = "",
        asks: bool = False,
        port: int | None = None,
        public_port: int | None = None,
    ) -> None:
        """Write the settings; nothing runs yet.

        Args:
            folder: of settings, data and log.
            deadlines: in seconds, by their settings' names.
            policy: by which time is billed; empty: the default one.
            asks: whether customers are consumers, whom the law wants asked (R13).
            port: to listen on; ``None``: a free one.
            public_port: at which browsers and agents find it, when something of the
                test's stands in between.
        """
        # Only here, so that the rig's other parts do not need billing to be right.
        from cordee_shared.billing.policy import DEFAULT_POLICY

        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = port or free_port()
        self.public_port = public_port or self.port
        self.config = folder / "cordee.toml"
        (folder / "terms.txt").write_text(TERMS, encoding="utf-8")
        self.config.write_text(
            _SETTINGS.format(
                port=self.port,
                public_port=self.public_port,
                policy=policy or DEFAULT_POLICY.id,
                customer="consumer" if asks else "professional",
                backup="" if asks else "done",
                terms=sha256(TERMS.encode()).hexdigest(),
                deadlines="\n".join(f"{k} = {v}" for k, v in (deadlines or {}).items()),
            ),
            encoding="utf-8",
        )
        self.program: Program | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The relay's origin, where agents connect; http there is a secure context."""
        return f"http://localhost:{self.public_port}"

    @property
    def console_url(self) -> str:
        """Where the technician's page is; the address alone is the customer's."""
        return f"{self.url}/console/"

    @property
    def data(self) -> Path:
        """The data folder: database, keys, billing file."""
        return self.folder / "data"

    @property
    def billing_file(self) -> Path:
        """The billing export, one JSON line a record."""
        return self.data / "billing.jsonl"

    @property
    def process(self) -> Program:
        """The running relay."""
        assert self.program is not None, "the relay was not started"
        return self.program

    def start(self) -> None:
        """Start the relay and wait until it answers; again, on the same data."""
        self.command("init")  # changes nothing the second time
        self.program = Program(
            [BIN / "cordee", "serve", "--config", self.config],
            log=self.folder / "relay.log",
            env=self._env(),
            name="relay",
        )
        wait_until(self._answers, what=lambda: f"the relay:\n{self.process.text()}")

    def stop(self) -> None:
        """Stop the relay as an operator does."""
        if self.program is not None:
            self.program.stop()

    def command(self, *words: str) -> str:
        """Run ``cordee …`` on this relay's data; return what it printed."""
        return self.plain(*words, "--config", str(self.config))

    def plain(self, *words: str) -> str:
        """Run ``cordee …`` without settings; return what it printed."""
        done = subprocess.run(
            [BIN / "cordee", *words],
            env=self._env(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=3 * PATIENCE_S,  # a starved machine imports slowly
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, f"cordee {' '.join(words)}:\n{said}"
        return said

    def add_technician(
        self, login: str = "claire", name: str = "", *, role: str = "technician"
    ) -> Technician:
        """Make an account by the operator's command and read what it prints."""
        said = self.command(
            "technician", "add", login, "--display-name", name, "--role", role
        )
        password = _found(r"(?i)(?:password|mot de passe)\s*:\s*(\S+)", said)
        secret = _found(r"(?i)\b(?:secret(?:=|\s*:\s*))([A-Z2-7]{16,})", said)
        return Technician(login, password, secret)

    def _env(self) -> dict[str, str]:
        return environment(self.folder / "home")

    def _answers(self) -> bool:
        assert self.process.running, f"the relay ended:\n{self.process.text()}"
        try:
            url = f"http://localhost:{self.port}"
            with urllib.request.urlopen(url, timeout=1):
                return True
        except urllib.error.HTTPError:
            return True  # it says no, but it answers
        except OSError:
            return False


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, f"{pattern!r} in:\n{text}"
    return found[1]
