"""Where a wrong setting stands, for the sentence that names it.

``tomllib`` keeps no line numbers. This finds the line of a key in TOML as people
write it; where it cannot tell, the sentence goes without.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cordee_shared.errors import SettingsError


def lower(text: str) -> str:
    """Begin a sentence in lower case, as the middle of ours."""
    return text[:1].lower() + text[1:]


def sentence(
    error: str, text: str, where: str, came: Mapping[tuple[str, ...], str]
) -> SettingsError:
    """Turn msgspec's sentence into ours: file, line, key, what was expected."""
    what, _, at = error.partition(" - at `$")
    path = [part for part in re.split(r"[.\[\]]+", at.rstrip("`")) if part]
    if match := re.fullmatch(r"Object missing required field `(\w+)`", what):
        key = ".".join([*path, match[1]])
        return SettingsError(
            f"{place(text, where, path)}: {key}: expected, and missing"
        )
    if match := re.fullmatch(r"Object contains unknown field `(\w+)`", what):
        path, what = [*path, match[1]], "no such setting"
    if name := came.get(tuple(path)):
        return SettingsError(f"environment: {name}: {lower(what)}")
    key = ".".join(path) or "the file"
    return SettingsError(f"{place(text, where, path)}: {key}: {lower(what)}")


def place(text: str, where: str, path: list[str]) -> str:
    """Return the file and, where it can be told, the line of a key."""
    line = _line_of(text, path)
    return f"{where}, line {line}" if line else where


def _line_of(text: str, path: list[str]) -> int | None:
    """Find the line of a key in TOML as people write it; ``None`` when unsure."""
    table: list[str] = []
    counts: dict[str, int] = {}
    best: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if match := re.match(r"\[\[([\w.-]+)\]\]", stripped):
            index = counts.get(match[1], -1) + 1
            counts[match[1]] = index
            table = [*match[1].split("."), str(index)]
        elif match := re.match(r"\[([\w.-]+)\]", stripped):
            table = match[1].split(".")
        elif match := re.match(r"([\w.-]+)\s*=", stripped):
            key = [*table, *match[1].split(".")]
            if key == path[: len(key)]:
                return number
            continue
        else:
            continue
        is_inside = len(path) == 1 and table[:1] == path and best is None
        if table == path[: len(table)] or is_inside:
            best = number
    return best


def read_text(file: Path, what: str = "a settings file") -> str:
    """Read a file of settings.

    Raises:
        SettingsError: it cannot be read, or is no text.
    """
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"{file}: cannot be read ({error.strerror}); expected {what}"
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: expected TOML in UTF-8") from None


def parse(text: str, where: str) -> dict[str, Any]:
    """Read TOML.

    Raises:
        SettingsError: it is none; the sentence says where.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{where}: expected TOML; {lower(str(error))}") from None
