"""What machine this is, in lines that a person can read: Linux's own files, no program.

Each fact stands in the system where everybody may read it; one that is not there is
left out, never guessed. No serial number, address, user or file name is among them.
"""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from cordee_agent.window.text import duration, texts
from cordee_shared.session.consent import Language

#: More disks than this make no summary.
_DISKS: Final = 6
_NETWORKS: Final = 4
_GIB: Final = 1 << 30
_DAY_S: Final = 86400
#: Where a virus scanner of this system can be asked, while it runs.
_SCANNERS: Final = ("run/clamav/clamd.ctl", "var/run/clamav/clamd.ctl")
_STAMPS: Final = (
    "var/lib/apt/periodic/update-success-stamp",
    "var/cache/apt/pkgcache.bin",
    "var/cache/dnf/last_makecache",
)


class Machine:
    """Reads one machine. Pure but for the files under its root."""

    def __init__(
        self,
        language: Language,
        wall: Callable[[], float],
        root: Path = Path("/"),
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """Read nothing yet.

        Args:
            language: of the words.
            wall: Unix seconds.
            root: where the system's files are.
            environment: says which desktop this is.
        """
        self._text = texts(language)
        self._comma = "," if language is Language.FR else "."
        self._root = root
        self._wall = wall
        self._environment = environment

    def summary(self) -> tuple[str, ...]:
        """Return one line a fact, in the order in which they are asked for."""
        facts: tuple[tuple[str, Iterator[str]], ...] = (
            ("system", self._system()),
            ("desktop", self._desktop()),
            ("processor", self._processor()),
            ("memory", self._memory()),
            ("disk", self._disks()),
            ("uptime", self._uptime()),
            ("battery", self._batteries()),
            ("antivirus", self._antivirus()),
            ("updates", self._updates()),
            ("network", self._networks()),
        )
        lines = []
        for name, values in facts:
            label = self._text[f"machine.{name}"]
            lines += [
                self._text["machine.line"].format(name=label, value=each)
                for each in values
            ]
        return tuple(lines)

    # --- each fact -------------------------------------------------------------------

    def _system(self) -> Iterator[str]:
        named = _fields(self._read("etc/os-release"), "=")
        kernel = self._read("proc/sys/kernel/osrelease").strip()
        name = named.get("PRETTY_NAME", "").strip('"')
        if name or kernel:
            yield f"{name or 'Linux'} ({kernel}, {platform.machine()})"

    def _desktop(self) -> Iterator[str]:
        if name := self._environment.get("XDG_CURRENT_DESKTOP", ""):
            yield name.replace(":", " ")

    def _processor(self) -> Iterator[str]:
        about = self._read("proc/cpuinfo").splitlines()
        names = [
            line.partition(":")[2].strip() for line in about if "model name" in line
        ]
        if names:
            yield self._text["machine.cores"].format(name=names[0], count=len(names))

    def _memory(self) -> Iterator[str]:
        about = _fields(self._read("proc/meminfo"), ":")
        total, free = _kib(about.get("MemTotal")), _kib(about.get("MemAvailable"))
        if total:
            yield self._free(free, total)

    def _disks(self) -> Iterator[str]:
        seen: set[str] = set()
        for line in self._read("proc/mounts").splitlines():
            device, place, *_ = (*line.split(" "), "", "")
            if not device.startswith("/dev/") or device.startswith("/dev/loop"):
                continue
            if device in seen or len(seen) >= _DISKS:
                continue
            try:
                usage = shutil.disk_usage(self._root / place.lstrip("/"))
            except OSError:
                continue
            seen.add(device)
            yield f"{place} – {self._free(usage.free, usage.total)}"

    def _uptime(self) -> Iterator[str]:
        seconds = self._read("proc/uptime").partition(" ")[0].partition(".")[0]
        if seconds.isdigit():
            days, rest = divmod(int(seconds), _DAY_S)
            told = duration(rest)
            yield (
                self._text["machine.days"].format(days=days, rest=told)
                if days
                else told
            )

    def _batteries(self) -> Iterator[str]:
        for place in self._folders("sys/class/power_supply"):
            if (place / "type").is_file() and _text(place / "type") == "Battery":
                charge = _text(place / "capacity")
                key = f"machine.battery.{_text(place / 'status').lower()}"
                if charge.isdigit():
                    yield f"{charge} %{self._text.get(key, '')}"

    def _antivirus(self) -> Iterator[str]:
        runs = any((self._root / each).exists() for each in _SCANNERS)
        yield "ClamAV" if runs else self._text["machine.antivirus.none"]

    def _updates(self) -> Iterator[str]:
        stamps = [self._root / each for each in _STAMPS]
        times = [each.stat().st_mtime for each in stamps if each.is_file()]
        if times:
            days = max(0, int((self._wall() - max(times)) // _DAY_S))
            key = ("today", "yesterday")[days] if days < 2 else "before"
            yield self._text[f"machine.updates.{key}"].format(days=days)
        if (self._root / "run/reboot-required").exists():
            yield self._text["machine.updates.restart"]

    def _networks(self) -> Iterator[str]:
        found = 0
        for place in self._folders("sys/class/net"):
            is_real = (place / "device").exists()
            if not is_real or _text(place / "operstate") != "up" or found >= _NETWORKS:
                continue
            found += 1
            if (place / "wireless").exists():
                yield self._text["machine.network.wifi"]
                continue
            speed = _text(place / "speed")
            mbit = f" ({speed} Mbit/s)" if speed.isdigit() and speed != "0" else ""
            yield self._text["machine.network.cable"] + mbit

    # --- how it is read --------------------------------------------------------------

    def _read(self, path: str) -> str:
        return _text(self._root / path)

    def _folders(self, path: str) -> list[Path]:
        folder = self._root / path
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def _free(self, free: int, total: int) -> str:
        return self._text["machine.free"].format(
            free=self._gib(free), total=self._gib(total)
        )

    def _gib(self, size: int) -> str:
        return f"{size / _GIB:.1f}".replace(".", self._comma)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _fields(text: str, mark: str) -> dict[str, str]:
    pairs = (line.partition(mark) for line in text.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _kib(said: str | None) -> int:
    """Return the bytes of ``16384 kB``."""
    number = (said or "").partition(" ")[0]
    return int(number) * 1024 if number.isdigit() else 0
