import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cordee_server.console_commands import (
    DIFFERS,
    console,
    console_manifest,
    verify_console,
)
from cordee_server.web.manifest import read_manifest
from cordee_shared.canonical import unb64
from cordee_shared.errors import SettingsError

app = typer.Typer()
app.command("verify")(verify_console)
app.command("console")(console)
app.command("manifest")(console_manifest)


def run(*words: str) -> tuple[int, str]:
    """Run a command; its errors are raised."""
    done = CliRunner().invoke(app, words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def test_a_release_signs_its_console_with_a_key_from_a_file(tmp_path: Path) -> None:
    key, out = tmp_path / "release.key", tmp_path / "console.manifest"
    _, said = run("manifest", "--key", str(key), "--out", str(out))
    found = re.search(r"public key: (\S+)", said)
    assert found is not None
    manifest = read_manifest(out.read_text("utf-8"), unb64(found[1]))
    assert "main.js" in manifest.files
    again = tmp_path / "again.manifest"
    run("manifest", "--key", str(key), "--out", str(again))
    assert again.read_bytes() == out.read_bytes()


@pytest.mark.parametrize(
    "relay", ["help.example", "http://help.example", "https://help.example/x", ""]
)
def test_an_address_that_is_no_relays_is_refused(relay: str) -> None:
    with pytest.raises(SettingsError, match="no relay's address"):
        run("verify", relay)
    with pytest.raises(SettingsError, match="no relay's address"):
        run("console", "--relay", relay)


def test_a_manifest_is_nothing_without_the_key_that_signed_it(tmp_path: Path) -> None:
    key, out = tmp_path / "release.key", tmp_path / "console.manifest"
    run("manifest", "--key", str(key), "--out", str(out))
    relay = "https://relay.invalid"
    with pytest.raises(SettingsError, match="--key: expected the key"):
        run("verify", relay, "--manifest", str(out))
    with pytest.raises(SettingsError, match="43 characters"):
        run("verify", relay, "--manifest", str(out), "--key", "!")
    with pytest.raises(SettingsError, match="not signed it"):
        run("verify", relay, "--manifest", str(out), "--key", "A" * 43)
    with pytest.raises(SettingsError, match="No such file"):
        run("verify", relay, "--manifest", str(tmp_path / "x"), "--key", "A" * 43)


def test_scripts_can_tell_a_difference_from_a_failure() -> None:
    assert DIFFERS == 1
