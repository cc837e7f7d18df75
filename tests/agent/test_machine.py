"""What machine this is, in lines that a person can read."""

import os
from pathlib import Path

import pytest

from cordee_agent.machine import Machine
from cordee_shared.session.language import Language

NOW = 1_800_000_000.0


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def laptop(root: Path) -> None:
    write(
        root,
        {
            "etc/os-release": 'NAME="Linux Mint"\nPRETTY_NAME="Linux Mint 22"\n',
            "proc/sys/kernel/osrelease": "6.8.0-45-generic\n",
            "proc/cpuinfo": "model name\t: Intel Core i3\n\n" * 2,
            "proc/meminfo": "MemTotal:  8388608 kB\nMemAvailable:  2097152 kB\n",
            "proc/mounts": "/dev/sda1 / ext4 rw 0 0\n/dev/sda1 /snap ext4 rw 0 0\n"
            "/dev/loop3 /loop squashfs ro 0 0\ntmpfs /run tmpfs rw 0 0\nbroken\n",
            "proc/uptime": "93784.55 100.1\n",
            "sys/class/power_supply/AC/type": "Mains\n",
            "sys/class/power_supply/BAT0/type": "Battery\n",
            "sys/class/power_supply/BAT0/capacity": "81\n",
            "sys/class/power_supply/BAT0/status": "Charging\n",
            "sys/class/net/lo/operstate": "unknown\n",
            "sys/class/net/wlp2s0/operstate": "up\n",
            "sys/class/net/wlp2s0/device/x": "",
            "sys/class/net/wlp2s0/wireless/x": "",
            "sys/class/net/enp1s0/operstate": "up\n",
            "sys/class/net/enp1s0/device/x": "",
            "sys/class/net/enp1s0/speed": "1000\n",
            "sys/class/net/docker0/operstate": "up\n",
            "var/cache/apt/pkgcache.bin": "",
            "run/reboot-required": "",
            "run/clamav/clamd.ctl": "",
        },
    )
    stamp = NOW - 5 * 86400 - 60
    os.utime(root / "var/cache/apt/pkgcache.bin", (stamp, stamp))


def summary(root: Path, language: Language = Language.FR) -> tuple[str, ...]:
    desktop = {"XDG_CURRENT_DESKTOP": "X-Cinnamon"}
    return Machine(language, lambda: NOW, root, desktop).summary()


def test_a_laptop_in_lines(tmp_path: Path) -> None:
    laptop(tmp_path)
    lines = [line.replace("\u00a0", " ") for line in summary(tmp_path)]
    disk = lines.pop(4)
    assert lines == [
        f"Système : Linux Mint 22 (6.8.0-45-generic, {os.uname().machine})",
        "Bureau : X-Cinnamon",
        "Processeur : Intel Core i3, 2 cœurs",
        "Mémoire : 2,0 Go libres sur 8,0 Go",
        "Allumé depuis : 1 j 2 h 03 min",
        "Batterie : 81 %, en charge",
        "Antivirus : ClamAV",
        "Mises à jour : cherchées il y a 5 jours",
        "Mises à jour : un redémarrage est demandé",
        "Réseau : câble (1000 Mbit/s)",
        "Réseau : Wi-Fi",
    ]
    assert disk.startswith("Disque : / – ")


def test_each_language_has_the_same_facts(tmp_path: Path) -> None:
    laptop(tmp_path)
    english = summary(tmp_path, Language.EN)
    assert len(english) == len(summary(tmp_path))
    assert "Memory: 2.0 GB free of 8.0 GB" in english


def test_what_the_system_does_not_tell_is_left_out(tmp_path: Path) -> None:
    lines = Machine(Language.EN, lambda: NOW, tmp_path, {}).summary()
    assert lines == ("Antivirus: the system reports none",)


@pytest.mark.parametrize(
    ("age_days", "words"),
    [(0, "looked for today"), (1, "looked for yesterday"), (-3, "looked for today")],
)
def test_updates_are_as_old_as_the_last_look(
    tmp_path: Path, age_days: int, words: str
) -> None:
    write(tmp_path, {"var/cache/apt/pkgcache.bin": ""})
    stamp = NOW - age_days * 86400 - 60
    os.utime(tmp_path / "var/cache/apt/pkgcache.bin", (stamp, stamp))
    lines = Machine(Language.EN, lambda: NOW, tmp_path, {}).summary()
    assert f"Updates: {words}" in lines


def test_garbage_is_no_fact(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "proc/meminfo": "MemTotal: lots\n",
            "proc/uptime": "ages",
            "sys/class/power_supply/BAT0/type": "Battery",
            "sys/class/power_supply/BAT0/capacity": "high",
            "proc/mounts": "/dev/sdb1 /does/not/exist ext4 rw 0 0\n",
        },
    )
    lines = Machine(Language.EN, lambda: NOW, tmp_path, {}).summary()
    assert lines == ("Antivirus: the system reports none",)


def test_this_very_machine_is_told_without_an_error() -> None:
    assert len(Machine(Language.FR, lambda: NOW).summary()) >= 2
