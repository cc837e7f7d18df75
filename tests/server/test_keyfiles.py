from pathlib import Path

import pytest

from cordee_server.keyfiles import (
    add_webhook_secret,
    make_key_file,
    public_bytes,
    read_key_file,
    read_relay_key,
    read_webhook_secrets,
    relay_id,
    retire_webhook_secrets,
)
from cordee_shared.billing.webhook import read_secret
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


# --- secrets of the webhook


def test_a_new_secret_signs_beside_the_old_one_until_that_is_retired(
    tmp_path: Path,
) -> None:
    file, dice = tmp_path / "webhook.secrets", Dice()
    first = add_webhook_secret(file, dice.token)
    second = add_webhook_secret(file, dice.token)
    assert read_webhook_secrets(file) == [read_secret(second), read_secret(first)]
    assert file.stat().st_mode & 0o777 == 0o600
    assert retire_webhook_secrets(file) == 1
    assert read_webhook_secrets(file) == [read_secret(second)]
    assert retire_webhook_secrets(file) == 0
    assert [one.name for one in tmp_path.iterdir()] == ["webhook.secrets"]


def test_a_half_written_file_of_secrets_is_written_over(tmp_path: Path) -> None:
    (tmp_path / ".webhook.secrets.new").write_text("torn")
    file = tmp_path / "webhook.secrets"
    add_webhook_secret(file, Dice().token)
    assert len(read_webhook_secrets(file)) == 1


@pytest.mark.parametrize(
    ("text", "mode", "sentence"),
    [
        (None, 0, "`cordee billing secret` makes it"),
        ("", 0o600, "damaged; expected one secret a line"),
        ("whsec_x", 0o600, "24 to 64 bytes"),
        ("é", 0o600, "cannot be read"),
        ("whsec_x", 0o644, "others may read it; expected mode 0600"),
    ],
)
def test_secrets_that_cannot_be_used_are_said(
    tmp_path: Path, text: str | None, mode: int, sentence: str
) -> None:
    file = tmp_path / "webhook.secrets"
    if text is not None:
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
    with pytest.raises(SettingsError, match=sentence):
        read_webhook_secrets(file)


def test_secrets_are_not_written_where_nobody_may(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be written"):
        add_webhook_secret(tmp_path / "nowhere" / "x", Dice().token)
