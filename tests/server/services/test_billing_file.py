"""The file of JSON Lines grows by a line, or is written anew in any doubt."""

import os
from pathlib import Path

import pytest

from cordee_server.services.billing_file import BillingFile, replace_file
from cordee_shared.errors import Unavailable


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "billing.jsonl"


def test_a_line_is_added_where_this_process_left_off(file: Path) -> None:
    lines = BillingFile(file)
    lines.write(b"one\n")
    first = file.stat().st_ino
    assert lines.append(b"two\n")
    assert lines.append(b"three\n")
    assert file.read_bytes() == b"one\ntwo\nthree\n"
    assert file.stat().st_ino == first


def test_nothing_is_added_before_all_of_it_was_written_once(file: Path) -> None:
    file.write_bytes(b"of a former run\n")
    assert not BillingFile(file).append(b"new\n")
    assert file.read_bytes() == b"of a former run\n"


def test_nothing_is_added_to_what_somebody_else_has_touched(file: Path) -> None:
    lines = BillingFile(file)
    lines.write(b"one\n")
    file.write_bytes(b"one\nby hand\n")
    assert not lines.append(b"two\n")
    assert file.read_bytes() == b"one\nby hand\n"
    # Only writing it anew makes it trusted again.
    assert not lines.append(b"two\n")
    lines.write(b"one\ntwo\n")
    assert lines.append(b"three\n")


def test_nothing_is_added_to_a_file_that_took_its_place(file: Path) -> None:
    lines = BillingFile(file)
    lines.write(b"one\n")
    replace_file(file, b"one\n")
    assert not lines.append(b"two\n")
    assert file.read_bytes() == b"one\n"


def test_a_file_that_is_gone_is_written_anew(file: Path) -> None:
    lines = BillingFile(file)
    lines.write(b"one\n")
    file.unlink()
    assert not lines.append(b"two\n")
    assert not file.exists()


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be written"):
        BillingFile(tmp_path / "nowhere" / "billing.jsonl").write(b"")


def test_a_file_is_replaced_whole_or_not_at_all(file: Path, tmp_path: Path) -> None:
    replace_file(file, b"one\n")
    replace_file(file, b"two\n")
    assert file.read_bytes() == b"two\n"
    assert os.listdir(tmp_path) == ["billing.jsonl"]
