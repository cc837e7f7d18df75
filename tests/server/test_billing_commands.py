"""``cordee billing`` in this process: quick, and on real parts."""

import asyncio
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cordee_server.adapters.sql.deliveries import SqlDeliveries
from cordee_server.adapters.sql.engagements import SqlEngagements
from cordee_server.billing_commands import billing
from cordee_server.parts import Parts, open_parts
from cordee_server.settings import load
from cordee_server.sinks import Delivery, DeliveryState
from cordee_shared.billing.record import BillingRecord
from cordee_shared.billing.webhook import read_secret, verify
from cordee_shared.canonical import sha256_hex
from cordee_shared.errors import BadInput, SettingsError, Unavailable
from tests.builders import AGREED, engagement
from tests.server.services.test_billing import helped
from tests.server.test_commands import config

__all__ = ["config"]

Run = Callable[..., Result]


@pytest.fixture
def run(config: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, in the folder of a relay."""
    monkeypatch.chdir(config.parent)

    def call(*words: str) -> Result:
        done = CliRunner().invoke(billing, list(words))
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return call


async def bill(parts: Parts) -> BillingRecord:
    """Let somebody be helped for half an hour and a second."""
    await SqlEngagements(parts.database).add(engagement())
    journal = helped(1, 1801)
    await parts.journal.append(journal.entries)
    record = await parts.billing.close(journal.end().entries[-1:])
    assert record is not None
    return record


@pytest.fixture
def record(config: Path) -> BillingRecord:
    """What the relay has to hand over."""
    parts = open_parts(load(config, {}))
    made = asyncio.run(bill(parts))
    parts.close()
    return made


def listed(record: BillingRecord, **changed: str) -> str:
    digest = sha256_hex(record.line.removesuffix(b"\n"))
    return json.dumps([{"id": record.id, "sha256": digest} | changed])


def send_somewhere(config: Path, url: str = "https://books.example/") -> None:
    with config.open("a", encoding="utf-8") as file:
        file.write(f'\n[billing]\nwebhook_url = "{url}"\n')


def test_an_export_is_three_files_that_fit_each_other(
    run: Run, record: BillingRecord, config: Path
) -> None:
    assert run("export").stdout.splitlines() == [
        f"1 records in {config.parent}/data/billing.jsonl",
        "1 engagements, 2 units, 50.00 in all",
    ]
    data = config.parent / "data"
    assert (data / "billing.jsonl").read_bytes() == record.line
    value = json.loads((data / "billing.manifest.json").read_bytes())
    for one in value["files"]:
        assert sha256_hex((data / one["name"]).read_bytes()) == one["sha256"]
    before = {file: file.read_bytes() for file in data.glob("billing.*")}
    assert len(before) == 3
    run("export", "--out", "again.jsonl")
    for file, content in before.items():
        again = config.parent / file.name.replace("billing", "again")
        if not file.name.endswith("manifest.json"):
            assert again.read_bytes() == content


def test_show_says_how_far_each_is_and_names_nobody(
    run: Run, record: BillingRecord
) -> None:
    shown = run("show").stdout
    assert record.id in shown
    assert "2 units      50.00 EUR  waiting" in shown
    assert "Martin" not in shown
    assert run("show", AGREED).stdout == shown
    raw = run("show", record.id, "--json").stdout
    assert raw.encode() == record.line
    with pytest.raises(BadInput, match="No record and no engagement"):
        run("show", "nobody")


async def _give_up(parts: Parts, record: BillingRecord) -> None:
    await SqlDeliveries(parts.database).put(
        Delivery(
            record=record.id,
            state=DeliveryState.GIVEN_UP,
            attempts=10,
            last_ms=1_795_424_400_000,
            status=503,
            why="status",
        )
    )


def test_what_was_given_up_is_shown_and_resent(
    run: Run, record: BillingRecord, config: Path
) -> None:
    send_somewhere(config)
    parts = open_parts(load(config, {}))
    asyncio.run(_give_up(parts, record))
    parts.close()
    assert (
        run("show")
        .stdout.rstrip()
        .endswith("given_up  10 attempts, last 2026-11-23 09:00:00Z (status 503)")
    )
    assert run("resend").stdout == "1 records will be sent again\n"
    assert run("show").stdout.rstrip().endswith("waiting")
    assert run("resend").stdout == "0 records will be sent again\n"
    assert run("resend", record.id).stdout == "1 records will be sent again\n"
    assert run("resend", "--all").stdout == "1 records will be sent again\n"


def test_nothing_is_resent_to_nowhere(run: Run, record: BillingRecord) -> None:
    with pytest.raises(SettingsError, match="there is nowhere to send"):
        run("resend", "--all")


def test_reconcile_agrees_and_exits_0(
    run: Run, record: BillingRecord, tmp_path: Path
) -> None:
    assert run("reconcile").stdout == "the accounts agree\n"
    (tmp_path / "list.json").write_text(listed(record))
    done = run("reconcile", "--received", "list.json")
    assert (done.exit_code, done.stdout) == (0, "the accounts agree\n")


def test_reconcile_names_the_differences_and_exits_1(
    run: Run, record: BillingRecord, tmp_path: Path
) -> None:
    file = tmp_path / "list.json"
    for text, kind in (
        ("", "missing"),
        (listed(record, sha256="0" * 64), "different"),
        (listed(record, id="0" * 8 + "-0000-0000-0000-" + "0" * 12), "extra"),
    ):
        file.write_text(text)
        done = run("reconcile", "--received", str(file))
        assert done.exit_code == 1
        assert done.stdout.split()[0] == kind
    with pytest.raises(BadInput, match=r"none\.json: cannot be read"):
        run("reconcile", "--received", "none.json")


class _Books(http.server.BaseHTTPRequestHandler):
    """Another system that tells what it has."""

    told: bytes = b""
    asked: list[dict[str, str]] = []  # noqa: RUF012 - one list for all requests

    def do_GET(self) -> None:
        """Tell it."""
        self.asked.append({k.lower(): v for k, v in self.headers.items()})
        self.send_response(200)
        self.send_header("content-length", str(len(self.told)))
        self.end_headers()
        self.wfile.write(self.told)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def books() -> Iterator[str]:
    """The address of another system's list, on this machine."""
    with http.server.HTTPServer(("127.0.0.1", 0), _Books) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/records"
        server.shutdown()
        thread.join()


def test_reconcile_asks_the_receiver_itself_where_that_is_allowed(
    run: Run,
    record: BillingRecord,
    books: str,
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _Books.told = listed(record).encode()
    secret = run("secret").stdout.splitlines()[0]
    with pytest.raises(BadInput, match="allow_http_localhost"):
        run("reconcile", "--received", books)
    monkeypatch.setenv("CORDEE_BILLING_ALLOW_HTTP_LOCALHOST", "true")
    with pytest.raises(Unavailable, match=r"cannot be had \(address\)"):
        run("reconcile", "--received", books)
    assert _Books.asked == []
    monkeypatch.setenv("CORDEE_BILLING_ALLOWED_NETWORKS", "127.0.0.0/8")
    done = run("reconcile", "--received", books)
    assert (done.exit_code, done.stdout) == (0, "the accounts agree\n")
    (headers,) = _Books.asked
    at = int(headers["webhook-timestamp"])
    assert verify([read_secret(secret)], headers, b"", at) == "list"


def test_a_secret_is_made_beside_the_former_one_and_that_is_retired(
    run: Run, config: Path
) -> None:
    first = run("secret").stdout.splitlines()[0]
    second = run("secret").stdout.splitlines()[0]
    file = config.parent / "data" / "webhook.secrets"
    assert file.read_text().split() == [second, first]
    assert run("secret", "--retire").stdout == "1 former secrets retired\n"
    assert file.read_text().split() == [second]
