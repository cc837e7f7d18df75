from pathlib import Path

import pytest

from cordee_server.keyfiles import (
    make_key_file,
    public_bytes,
    read_key_file,
    read_relay_key,
    relay_id,
)
from cordee_shared.canonical import sha256_hex
from cordee_shared.errors import SettingsError
from tests.builders import Dice


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "relay.key"


def test_a_key_comes_back_and_only_its_owner_may_read_it(file: Path) -> None:
    make_key_file(file, Dice().token)
    assert read_key_file(file) == Dice().token(32)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_made_over_another(file: Path) -> None:
    make_key_file(file, Dice().token)
    with pytest.raises(SettingsError, match="exists already"):
        make_key_file(file, Dice("other").token)
    assert read_key_file(file) == Dice().token(32)


def test_a_folder_that_cannot_be_written_is_said(file: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be written"):
        make_key_file(file / "below", Dice().token)


def test_a_key_that_others_may_read_is_refused(file: Path) -> None:
    make_key_file(file, Dice().token)
    file.chmod(0o640)
    with pytest.raises(SettingsError, match="expected mode 0600"):
        read_key_file(file)


@pytest.mark.parametrize("text", ["", "00" * 31, "zz" * 32, "00" * 33])
def test_a_damaged_key_is_refused(file: Path, text: str) -> None:
    file.touch(0o600)
    file.write_text(text)
    with pytest.raises(SettingsError, match="64 hexadecimal digits"):
        read_key_file(file)


def test_a_missing_key_says_which_command_makes_it(file: Path) -> None:
    with pytest.raises(SettingsError, match="`cordee init` makes it"):
        read_key_file(file)


def test_the_relay_is_named_after_its_public_key(file: Path) -> None:
    make_key_file(file, Dice().token)
    key = read_relay_key(file)
    assert public_bytes(key) == key.public_key().public_bytes_raw()
    assert relay_id(key) == sha256_hex(public_bytes(key))[:32]
