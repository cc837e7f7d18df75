from pathlib import Path

import pytest

from cordee_server.sections import Billing
from cordee_shared.billing.sheet import FRENCH
from cordee_shared.billing.webhook import SCHEDULE_S, Envelope
from tests.server.test_settings import LEAST, file, read, said

__all__ = ["file"]

HOOK = "https://books.example/hook"


def with_billing(*lines: str) -> str:
    return "\n".join((LEAST, "[billing]", *lines, ""))


def test_nothing_is_sent_unless_somebody_says_where_to(file: Path) -> None:
    billing = read(file, LEAST).billing
    assert not billing.is_sending
    assert billing.retry_s == SCHEDULE_S
    assert (billing.timeout_s, billing.envelope) == (20, Envelope.STANDARD)
    assert (billing.allowed_networks, billing.allow_http_localhost) == ((), False)
    assert billing.dialect("Europe/Paris") == FRENCH


def test_a_webhook_is_one_line(file: Path) -> None:
    settings = read(file, with_billing(f'webhook_url = "{HOOK}"'))
    assert settings.billing.is_sending
    assert settings.billing.webhook_url == HOOK
    assert settings.webhook_secrets_file == file.parent / "data" / "webhook.secrets"


def test_a_folder_lies_beside_the_settings(file: Path) -> None:
    billing = read(file, with_billing('drop_folder = "out"')).billing
    assert billing.is_sending
    assert billing.drop_folder == file.parent / "out"


def test_the_anchor_is_off_and_its_folder_lies_beside_the_settings(
    file: Path,
) -> None:
    assert read(file, LEAST).anchor.folder is None
    anchor = read(file, f'{LEAST}\n[anchor]\nfolder = "away"\n').anchor
    assert anchor.folder == file.parent / "away"
    found = read(file, LEAST, CORDEE_ANCHOR_FOLDER="/mnt/away").anchor
    assert found.folder == Path("/mnt/away")


def test_the_environment_sets_each_kind_of_key(file: Path) -> None:
    billing = read(
        file,
        LEAST,
        CORDEE_BILLING_WEBHOOK_URL="http://localhost:9/x",
        CORDEE_BILLING_ALLOW_HTTP_LOCALHOST="true",
        CORDEE_BILLING_ALLOWED_NETWORKS="127.0.0.0/8, ::1/128",
        CORDEE_BILLING_RETRY_S="0,1,2",
        CORDEE_BILLING_CSV_BOM="false",
        CORDEE_BILLING_ENVELOPE="cloudevents",
    ).billing
    assert billing == Billing(
        webhook_url="http://localhost:9/x",
        allow_http_localhost=True,
        allowed_networks=("127.0.0.0/8", "::1/128"),
        retry_s=(0, 1, 2),
        csv_bom=False,
        envelope=Envelope.CLOUDEVENTS,
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('webhook_url = "books.example"', "billing.webhook_url: expected https://host"),
        ('webhook_url = "ftp://books.example/"', "expected https://host/path"),
        ('webhook_url = "https:///x"', "expected https://host/path"),
        ('webhook_url = "https://a.example:x/"', "expected https://host/path"),
        ('webhook_url = "https://a.example/#x"', "expected https://host/path"),
        ('webhook_url = "https://me:pw@a.example/"', "no name and no password"),
        ('webhook_url = "http://books.example/"', "expected https: records hold"),
        ('webhook_url = "http://localhost:9/"', "or allow_http_localhost for this"),
        ('allowed_networks = ["10.0.0.1/8"]', "networks such as 10.0.0.0/8; got"),
        ("timeout_s = 14", "billing.timeout_s: expected `int` >= 15"),
        ("timeout_s = 31", "billing.timeout_s: expected `int` <= 30"),
        ("retry_s = []", "billing.retry_s: expected"),
        ("retry_s = [5]", "billing.retry_s: expected 0 to begin with"),
        ('csv_separator = "x"', "billing.csv_separator: expected"),
        ('csv_separator = ","', "billing.csv_decimal: expected another character"),
        ('envelope = "soap"', "billing.envelope: invalid enum value 'soap'"),
        ('secret = "x"', "billing.secret: no such setting"),
    ],
)
def test_a_mistake_is_said_with_its_key(file: Path, line: str, sentence: str) -> None:
    refused = said(file, with_billing(line))
    assert sentence in refused
    assert "pw" not in refused


def test_a_webhook_and_a_folder_are_one_too_many(file: Path) -> None:
    both = with_billing(f'webhook_url = "{HOOK}"', 'drop_folder = "out"')
    assert "not both" in said(file, both)


def test_an_unknown_variable_of_the_section_is_said(file: Path) -> None:
    refused = said(file, LEAST, CORDEE_BILLING_SECRET="x")
    assert refused.startswith("environment: CORDEE_BILLING_SECRET: expected one of")


def test_a_mail_server_is_spoken_to_over_tls_and_its_word_is_in_a_file(
    file: Path,
) -> None:
    text = LEAST + '[mail]\nhost = "smtp.example"\nuser = "u"\npassword_file = "word"\n'
    mail = read(file, text, CORDEE_MAIL_PORT="25").mail
    assert mail is not None
    assert (mail.host, mail.port, mail.security) == ("smtp.example", 25, "starttls")
    assert mail.password_file == file.parent / "word"
    assert read(file, LEAST).mail is None


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            'host = "smtp.example"\nsecurity = "none"',
            "mail.security: expected starttls",
        ),
        ('host = "localhost"\nuser = "u"', "mail.password_file: expected it together"),
        ('host = "localhost"\npassword = "x"', "mail.password: no such setting"),
    ],
)
def test_a_mistake_of_the_mail_section_is_said(
    file: Path, lines: str, sentence: str
) -> None:
    assert sentence in said(file, f"{LEAST}[mail]\n{lines}\n")
