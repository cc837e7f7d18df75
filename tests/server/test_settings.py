from hashlib import sha256
from pathlib import Path

import pytest

from cordee_server.settings import Settings, load
from cordee_shared import limits
from cordee_shared.billing.policy import DEFAULT_POLICY
from cordee_shared.errors import SettingsError
from tests.shared.billing.test_provider import WHOLE

LEAST = f"""\
[provider]
organisation = "Aide & Cie"
phone = "01 23 45 67 89"
[terms]
version = "2021-11-01"
file = "terms.txt"
hash = "{"0" * 64}"

[[tariffs]]
id = "remote"
label = "À distance"
price_cents = 2500
unit_s = 1800
minimum_units = 1
"""
TOP = 'public_origin = "https://help.example"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cordee.toml"


def read(file: Path, text: str, **environment: str) -> Settings:
    file.write_text(text, encoding="utf-8")
    return load(file, environment)


def said(file: Path, text: str, **environment: str) -> str:
    """Return the sentence that refuses these settings, without the file's folder."""
    with pytest.raises(SettingsError) as refusal:
        read(file, text, **environment)
    return str(refusal.value).replace(f"{file.parent}/", "")


def test_the_least_that_is_needed_is_who_under_which_terms_at_what_price(
    file: Path,
) -> None:
    settings = read(file, LEAST)
    assert settings.provider.organisation == "Aide & Cie"
    assert settings.origin == "http://localhost:8080"
    assert settings.is_secure is False
    assert settings.policy == DEFAULT_POLICY.id
    assert settings.deadlines.consent_s == limits.CONSENT_S
    assert [row.id for row in settings.tariff_book().rows] == ["remote"]


def test_R09_the_terms_are_the_text_that_is_named(file: Path) -> None:
    text = "1 - VALIDITÉ DU CONTRAT"
    named = LEAST.replace("0" * 64, sha256(text.encode()).hexdigest())
    settings = read(file, named)
    (file.parent / "terms.txt").write_text(text, encoding="utf-8")
    assert settings.terms_text() == text
    assert "terms" in said(file, LEAST.replace('file = "terms.txt"\n', ""))


def test_R05_tariffs_may_stand_in_a_file_beside_the_settings(file: Path) -> None:
    rows = LEAST[LEAST.index("[[tariffs]]") :]
    (file.parent / "prices.toml").write_text(f"version = 1\n{rows}", encoding="utf-8")
    named = 'tariff_files = ["prices.toml"]\n'
    settings = read(file, named + LEAST.replace(rows, ""))
    assert [row.price_cents for row in settings.tariff_book().rows] == [2500]
    assert "tariffs: remote: expected one row" in said(file, named + LEAST)


def test_R33_the_contact_address_is_one(file: Path) -> None:
    email = 'phone = "01 23 45 67 89"\nemail = "{}"'
    good = LEAST.replace('phone = "01 23 45 67 89"', email.format("a@example.fr"))
    assert read(file, good).provider.email == "a@example.fr"
    bad = LEAST.replace('phone = "01 23 45 67 89"', email.format("nobody"))
    assert "email" in said(file, bad)


def test_everything_of_the_relay_lies_in_its_data_folder_beside_the_file(
    file: Path,
) -> None:
    settings = read(file, 'data = "here"\n' + LEAST)
    assert settings.data == file.parent / "here"
    files = (
        settings.database_file,
        settings.relay_key_file,
        settings.seed_key_file,
        settings.billing_file,
    )
    assert {one.parent for one in files} == {settings.data}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            LEAST.replace("2500", '"2500"'),
            "cordee.toml, line 12: tariffs.0.price_cents: expected `int`, got `str`",
        ),
        (
            LEAST.replace("phone", "fone"),
            "cordee.toml, line 3: provider.fone: no such setting",
        ),
        (
            LEAST.replace('phone = "01 23 45 67 89"\n', ""),
            "cordee.toml, line 1: provider.phone: expected, and missing",
        ),
        (
            LEAST.replace("minimum_units = 1\n", ""),
            "cordee.toml, line 9: tariffs.0.minimum_units: expected, and missing",
        ),
        (
            LEAST + "[listen]\nport = 70000\n",
            "cordee.toml, line 16: listen.port: expected `int` <= 65535",
        ),
        (
            LEAST + "[deadlines]\nconsent_s = 1.5\n",
            "cordee.toml, line 16: deadlines.consent_s: expected `int`, got `float`",
        ),
        (
            LEAST + "port 80\n",
            "cordee.toml: expected TOML; expected '=' after a key in a key/value pair "
            "(at line 15, column 6)",
        ),
        (
            'policy = "none"\n' + LEAST,
            "cordee.toml, line 1: policy: expected one of law-corrected-2026, "
            "as-written-2021; got 'none'",
        ),
        (
            'zone = "Paris"\n' + LEAST,
            "cordee.toml, line 1: zone: expected a time zone like Europe/Paris; "
            "got 'Paris'",
        ),
        (
            LEAST + '[listen]\nproxies = ["here"]\n',
            "cordee.toml, line 16: listen.proxies: expected addresses or networks; "
            "got 'here'",
        ),
        (
            LEAST + '[listen]\naddress = "0.0.0.0"\n',
            "cordee.toml, line 16: listen.address: expected 127.0.0.1 while "
            "public_origin is http: passwords would cross the network in clear; "
            "set public_origin to the https address",
        ),
        (
            LEAST + '[tls]\ncert = "c.pem"\nkey = "k.pem"\n',
            "cordee.toml: public_origin: expected an https origin, since tls is set",
        ),
        (
            LEAST + "[deadlines]\ntick_s = 61\n",
            "cordee.toml, line 16: deadlines.tick_s: expected at most 60: "
            "a crash costs one of them",
        ),
    ],
)
def test_a_wrong_setting_is_refused_with_key_line_and_what_was_expected(
    file: Path, text: str, sentence: str
) -> None:
    assert said(file, text) == sentence


def test_tariffs_of_one_name_must_follow_each_other(file: Path) -> None:
    row = LEAST[LEAST.index("[[tariffs]]") :]
    gap = LEAST + "valid_to = 2026-01-01\n" + row + "valid_from = 2026-01-02\n"
    assert said(file, gap) == (
        "cordee.toml, line 9: tariffs: remote: expected one row's valid_to to be the "
        "next one's valid_from (2026-01-02); got 2026-01-01"
    )


@pytest.mark.parametrize(
    "origin",
    ["https://help.example", "https://help.example:8443", "http://localhost:8080"],
)
def test_an_origin_is_written_as_browsers_send_it(file: Path, origin: str) -> None:
    assert read(file, f'public_origin = "{origin}"\n' + LEAST).origin == origin


@pytest.mark.parametrize(
    "origin",
    [
        "http://help.example",
        "https://help.example/",
        "https://help.example/console",
        "https://Help.example",
        "https://help.example:443",
        "https://user@help.example",
        "https://",
        "https://help.example:99999",
        "help.example",
        "ws://localhost",
        "http://127.0.0.1.example",
    ],
)
def test_any_other_origin_is_refused(file: Path, origin: str) -> None:
    sentence = said(file, f'public_origin = "{origin}"\n' + LEAST)
    assert sentence.startswith("cordee.toml, line 1: public_origin: expected https://")


def test_the_environment_wins_over_the_file(file: Path) -> None:
    settings = read(
        file,
        LEAST + "[listen]\nport = 8080\n",
        CORDEE_LISTEN_PORT="9090",
        CORDEE_LISTEN_PROXIES="10.0.0.0/8, ::1",
        CORDEE_PROVIDER_PHONE="112",
        CORDEE_DATA="/srv/cordee",
        HOME="/root",
        CORDEE_AGENT_SOMETHING="not ours",
    )
    assert settings.listen.port == 9090
    assert settings.listen.proxies == ("10.0.0.0/8", "::1")
    assert settings.provider.phone == "112"
    assert settings.data == Path("/srv/cordee")


def test_a_wrong_variable_is_called_by_its_name(file: Path) -> None:
    assert said(file, LEAST, CORDEE_LISTEN_PORT="many") == (
        "environment: CORDEE_LISTEN_PORT: expected `int`, got `str`"
    )


def test_a_mistyped_variable_is_not_passed_over(file: Path) -> None:
    sentence = said(file, LEAST, CORDEE_LISTEN_PROT="80")
    assert sentence.startswith(
        "environment: CORDEE_LISTEN_PROT: expected one of CORDEE_"
    )
    assert "CORDEE_LISTEN_PORT" in sentence


def test_the_environment_may_name_the_file(file: Path) -> None:
    file.write_text(TOP + LEAST, encoding="utf-8")
    assert load(None, {"CORDEE_CONFIG": str(file)}).is_secure is True


def test_a_file_that_cannot_be_read_is_said_so(file: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(file, {})
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="expected TOML in UTF-8"):
        load(file, {})


# --- policy, provider and the usual engagement


OWN = """\
id = "ours-2026"
version = 3
reclaimed = "pause"
service_opens = "view"
min_service_s = 30
own_fault_free = true
parked_units = 8
paid_states = ["controlling", "viewing"]

[contract]
version = 1
withdrawal_days = 14
early_start = "two_statements"
ask_adult = false
ask_backup = true
"""


def test_a_policy_of_the_operators_own_is_read_from_its_file(file: Path) -> None:
    (file.parent / "ours.toml").write_text(OWN, encoding="utf-8")
    policy, contract = read(file, 'policy_file = "ours.toml"\n' + LEAST).rules()
    assert (policy.id, policy.version, policy.min_service_s) == ("ours-2026", 3, 30)
    assert contract.ask_backup
    assert not contract.ask_adult


def test_without_one_the_shipped_policy_is_in_force(file: Path) -> None:
    policy, contract = read(file, LEAST).rules()
    assert policy is DEFAULT_POLICY
    assert contract.withdrawal_days == 14


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("min_service_s = 30", "min_service_s = -1", "min_service_s is a whole number"),
        ("parked_units = 8\n", "", "parked_units is missing"),
        ("ask_backup = true", "ask_backup = 7", "ask_backup is true or false"),
        ("[contract]", "[contract", "expected TOML"),
    ],
)
def test_a_mistake_in_an_own_policy_stops_the_start_with_its_file(
    file: Path, old: str, new: str, says: str
) -> None:
    (file.parent / "ours.toml").write_text(OWN.replace(old, new), encoding="utf-8")
    sentence = said(file, 'policy_file = "ours.toml"\n' + LEAST)
    assert sentence.startswith("ours.toml: ")
    assert says in sentence


def test_an_own_policy_that_is_not_there_is_said_so(file: Path) -> None:
    sentence = said(file, 'policy_file = "ours.toml"\n' + LEAST)
    assert sentence.startswith("ours.toml: cannot be read")


def test_the_relay_serves_without_the_providers_facts_and_billing_refuses(
    file: Path,
) -> None:
    settings = read(file, LEAST)
    with pytest.raises(SettingsError, match="billing cannot start"):
        settings.billing_provider()


def test_who_bills_is_who_customers_are_shown(file: Path) -> None:
    (file.parent / "provider.toml").write_text(WHOLE, encoding="utf-8")
    facts = read(file, LEAST.replace("Aide & Cie", "Micro-Alpes")).billing_provider()
    assert facts.siren == "828971028"
    with pytest.raises(SettingsError, match="expected what customers are shown"):
        read(file, LEAST).billing_provider()


def test_who_is_not_known_is_protected_as_a_consumer(file: Path) -> None:
    usual = read(file, LEAST).usual
    assert (usual.customer, usual.backup, usual.backup_cents) == ("consumer", "", 0)


@pytest.mark.parametrize(
    "wrong",
    [
        'customer = "friend"',
        'backup = "please"',
        "backup_cents = -1",
        'delivery = "fax"',
    ],
)
def test_a_wrong_usual_is_refused(file: Path, wrong: str) -> None:
    sentence = said(file, f"{LEAST}\n[usual]\n{wrong}\n")
    assert "usual." in sentence
