from pathlib import Path

import msgspec
import pytest

from cordee_server.adapters.billing_files import FolderSink
from cordee_server.adapters.billing_webhook import WebhookSink
from cordee_server.keyfiles import public_bytes
from cordee_server.parts import (
    check_sending,
    hold_folder,
    initialise,
    new_webhook_secret,
    open_parts,
    sink_of,
)
from cordee_server.settings import Billing, Settings
from cordee_shared.errors import SettingsError
from tests.builders import LUC
from tests.clock import ManualClock
from tests.shared.billing.test_provider import WHOLE


def test_a_relay_is_made_once_and_its_key_stays(settings: Settings) -> None:
    made = initialise(settings)
    assert [Path(one).name for one in made] == [
        "relay.key",
        "seeds.key",
        "customers.key",
        "cordee.db",
    ]
    first = open_parts(settings)
    first.close()
    assert initialise(settings) == []
    second = open_parts(settings)
    second.close()
    assert public_bytes(first.relay_key) == public_bytes(second.relay_key)


def test_only_the_owner_may_read_what_was_made(settings: Settings) -> None:
    initialise(settings)
    for file in settings.data.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name


async def test_the_parts_are_of_one_piece(
    settings: Settings, clock: ManualClock
) -> None:
    initialise(settings)
    parts = open_parts(settings, clock=clock)
    made = await parts.engagements.create(
        LUC, customer="Mme Martin", purpose="Imprimante", tariff="remote"
    )
    assert made.offer.confirmed_ms == clock.now_ms()
    assert await parts.billing.recover() == 0
    assert settings.billing_file.read_bytes() == b""
    parts.close()
    again = open_parts(settings)
    assert await again.engagements.find(made.id) == made
    again.close()


def test_without_init_nothing_is_made_by_the_way(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="`cordee init` makes one"):
        open_parts(settings)
    assert list(settings.data.iterdir()) == []


def test_a_lost_key_is_not_made_anew_in_silence(settings: Settings) -> None:
    initialise(settings)
    settings.seed_key_file.unlink()
    with pytest.raises(SettingsError, match=r"seeds\.key: not there"):
        open_parts(settings)


def test_a_data_folder_that_cannot_be_written_is_said(settings: Settings) -> None:
    settings.data.rmdir()
    settings.data.write_text("a file")
    with pytest.raises(SettingsError, match=r"data: .* cannot be made"):
        initialise(settings)


def test_two_relays_never_run_on_one_folder(settings: Settings) -> None:
    with (
        hold_folder(settings),
        pytest.raises(SettingsError, match="another relay runs on it"),
        hold_folder(settings),
    ):
        pytest.fail("a second relay got in")
    with hold_folder(settings):
        assert (settings.data / "relay.lock").exists()


# --- what is sent


def sending(settings: Settings, **billing: object) -> Settings:
    file = settings.data / "provider.toml"
    file.write_text(WHOLE.replace("Micro-Alpes", "Aide & Cie"), encoding="utf-8")
    return msgspec.structs.replace(
        settings, provider_file=file, billing=msgspec.convert(billing, Billing)
    )


def test_there_is_a_sink_only_where_the_settings_name_one(
    settings: Settings, clock: ManualClock
) -> None:
    assert sink_of(settings, clock) is None
    hook = sink_of(sending(settings, webhook_url="https://books.example/"), clock)
    assert isinstance(hook, WebhookSink)
    folder = msgspec.structs.replace(settings, billing=Billing(drop_folder=Path("x")))
    assert isinstance(sink_of(folder, clock), FolderSink)


def test_what_is_to_be_sent_can_be_or_the_relay_does_not_start(
    settings: Settings,
) -> None:
    check_sending(settings)  # nothing is sent, nothing is needed
    hook = sending(settings, webhook_url="https://books.example/")
    with pytest.raises(SettingsError, match="`cordee billing secret` makes it"):
        check_sending(hook)
    assert new_webhook_secret(hook).startswith("whsec_")
    check_sending(hook)
    hook.provider_file.unlink()
    with pytest.raises(SettingsError, match=r"provider\.toml"):
        check_sending(hook)


def test_a_folder_to_send_to_has_to_be_there(
    settings: Settings, tmp_path: Path
) -> None:
    folder = msgspec.structs.replace(
        sending(settings), billing=Billing(drop_folder=tmp_path / "drop")
    )
    with pytest.raises(SettingsError, match=r"billing\.drop_folder: .* a folder"):
        check_sending(folder)
    (tmp_path / "drop").mkdir()
    check_sending(folder)
