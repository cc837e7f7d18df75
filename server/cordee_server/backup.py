"""One file that holds a relay whole: settings, keys, database, documents.

Taken while the relay runs: SQLite copies its own database to one moment of it, and
what lies beside it is only ever added to. Brought back into an empty folder, checked
file by file, and the journal verified: a backup that nobody has restored is a hope.

The file holds the relay's keys and customers' names: it is made for its owner's eyes
(mode 0600), and whoever keeps it elsewhere encrypts it. An erased customer is erased
in the next backup, not in the last one: keep no more of them than you need (R39).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from cordee_shared.errors import SettingsError

from .settings import Settings

#: Its name inside; written last, so that a backup cut short is none.
MANIFEST: Final = "manifest.json"
_VERSION: Final = 1
_PIECE: Final = 1 << 20
#: Made anew by whoever runs on the folder.
_NOT_KEPT: Final = {"relay.lock"}


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds."""

    files: int
    #: Bytes before packing.
    size: int
    #: Files that the settings name and that lie outside of their folder.
    outside: tuple[Path, ...]


def write_backup(settings: Settings, config: Path, target: Path) -> Kept:
    """Write everything into ``target``, a ``.tar.gz`` that was not there before.

    Raises:
        SettingsError: something cannot be read or written; says what.
    """
    folder = config.resolve().parent
    inside, outside = _settings_files(settings, config, folder)
    sums: dict[str, str] = {}
    size = 0
    part = target.with_name(target.name + ".part")
    try:
        if target.exists():
            raise SettingsError(f"{target}: is there already; nothing was written")
        with (
            tempfile.TemporaryDirectory(dir=settings.data, prefix=".backup-") as name,
            part.open("xb") as raw,
            tarfile.open(fileobj=raw, mode="w:gz") as tar,
        ):
            os.chmod(part, 0o600)
            copy = Path(name) / "cordee.db"
            _copy_database(settings.database_file, copy)
            # The database first: what is newer beside it is only more than it knows.
            files = [("data/cordee.db", copy), *inside, *_data_files(settings, name)]
            for place, file in files:
                sums[place] = _digest(file)
                tar.add(file, place, recursive=False)
                size += file.stat().st_size
            manifest = json.dumps({"v": _VERSION, "sha256": sums}, indent=1).encode()
            info = tarfile.TarInfo(MANIFEST)
            info.size = len(manifest)
            tar.addfile(info, io.BytesIO(manifest))
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise SettingsError(f"{target}: cannot be written ({error})") from None
    finally:
        with suppress(OSError):
            part.unlink()
    return Kept(len(sums), size, tuple(outside))


def read_backup(source: Path, folder: Path) -> int:
    """Bring a backup back into an empty folder; return how many files it had.

    Raises:
        SettingsError: it is no whole backup, or the folder is not empty.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise SettingsError(f"{folder}: is not empty; expected a folder of its own")
        with tarfile.open(source, "r:gz") as tar:
            # Nothing leaves the folder, nothing but plain files and folders.
            tar.extractall(folder, filter="data")
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest.get("v") != _VERSION or not isinstance(manifest["sha256"], dict):
            raise SettingsError(f"{source}: of another version than this program")
        for place, sum_ in manifest["sha256"].items():
            file = folder / PurePosixPath(place)
            if not file.resolve().is_relative_to(folder.resolve()):
                raise SettingsError(f"{source}: names a file elsewhere: {place}")
            if _digest(file) != sum_:
                raise SettingsError(f"{source}: {place} is not what was kept")
        (folder / MANIFEST).unlink()
    except (OSError, tarfile.TarError, EOFError, ValueError, KeyError) as error:
        raise SettingsError(f"{source}: is no whole backup ({error})") from None
    return len(manifest["sha256"])


def _copy_database(source: Path, target: Path) -> None:
    """Copy a database that is being written, to one moment of it."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)


def _settings_files(
    settings: Settings, config: Path, folder: Path
) -> tuple[list[tuple[str, Path]], list[Path]]:
    """Return what the settings name, by place, and what of it lies elsewhere."""
    named = [config, settings.terms.file, settings.provider_file, settings.policy_file]
    named += [settings.branding.logo, settings.branding.privacy_file]
    if settings.tls is not None:
        named += [settings.tls.cert, settings.tls.key]
    if settings.mail is not None:
        named.append(settings.mail.password_file)
    inside: list[tuple[str, Path]] = []
    outside: list[Path] = []
    for file in named:
        if file is None or not file.is_file():
            continue
        whole = file.resolve()
        if whole.is_relative_to(folder):
            place = "cordee.toml" if file == config else str(whole.relative_to(folder))
            inside.append((place, whole))
        else:
            outside.append(file)
    return inside, outside


def _data_files(settings: Settings, own: str) -> Iterator[tuple[str, Path]]:
    """Yield the rest of the data folder; its database is copied otherwise."""
    database = settings.database_file.name
    for file in sorted(settings.data.rglob("*")):
        if file.is_symlink() or not file.is_file() or file.is_relative_to(own):
            continue
        if file.parent == settings.data and (
            file.name in _NOT_KEPT or file.name.startswith(database)
        ):
            continue
        yield f"data/{file.relative_to(settings.data).as_posix()}", file


def _digest(file: Path) -> str:
    hashed = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            hashed.update(piece)
    return hashed.hexdigest()
