"""The example receiver does what it tells others to do."""

import importlib.util
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from cordee_shared.billing.webhook import Envelope, body_of, headers, write_secret
from tests.e2e.rig.processes import ROOT
from tests.shared.billing.samples import long, raw, record
from tests.shared.journals import helped

SECRETS = [b"n" * 32, b"o" * 32]
ONE = record(helped(1801))


def module() -> ModuleType:
    file = ROOT / "docs" / "billing" / "receiver.py"
    spec = importlib.util.spec_from_file_location("receiver", file)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


class Books:
    """A running receiver."""

    def __init__(self, folder: Path) -> None:
        self.code = module()
        self.file = folder / "secrets.txt"
        self.file.write_text(write_secret(SECRETS[0]) + "\n")
        self.books = self.code.Books(folder / "books.db")
        self.server = ThreadingHTTPServer(
            ("127.0.0.1", 0), self.code.handler(self.books, self.file)
        )
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def ask(
        self, path: str, body: bytes | None, given: dict[str, str]
    ) -> tuple[int, bytes]:
        url = f"http://127.0.0.1:{self.server.server_port}{path}"
        request = urllib.request.Request(url, data=body, headers=given)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, b""

    def send(
        self,
        name: str,
        body: bytes,
        *,
        secrets: list[bytes] = SECRETS,
        late_s: int = 0,
        **changed: str,
    ) -> int:
        now = int(time.time()) - late_s  # noqa: TID251 - the receiver reads the real clock
        given = headers(secrets, name, now, body)
        given |= {key.replace("_", "-"): value for key, value in changed.items()}
        return self.ask("/", body, given)[0]


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    running = Books(tmp_path)
    yield running
    running.server.shutdown()
    running.thread.join()
    running.server.server_close()
    running.books.rows.close()


@pytest.mark.parametrize("envelope", list(Envelope))
def test_a_record_is_taken_once_in_either_envelope(
    books: Books, envelope: Envelope
) -> None:
    body = body_of(raw(ONE), envelope)
    assert [books.send(ONE.id, body) for _ in range(3)] == [201, 200, 200]
    assert books.books.totals().endswith("total 1 engagements 2 units 5000 cents")


def test_another_content_under_an_id_is_refused(books: Books) -> None:
    books.send(ONE.id, body_of(raw(ONE)))
    short = json.loads(body_of(raw(ONE)))
    short["data"] |= {"complete": False, "sha256": "0" * 64}
    assert books.send(ONE.id, json.dumps(short).encode()) == 409
    changed = json.loads(body_of(raw(ONE)))
    changed["data"]["record"]["units"] = 1
    assert books.send(ONE.id, json.dumps(changed).encode()) == 400


def test_only_what_is_signed_now_and_by_a_known_secret_is_taken(books: Books) -> None:
    body = body_of(raw(ONE))
    assert books.send(ONE.id, body, secrets=[b"x" * 32]) == 401
    assert books.send(ONE.id, body, late_s=301) == 401
    assert books.send(ONE.id, body, late_s=-301) == 401
    assert books.send(ONE.id, body, webhook_id="other") == 401
    assert books.send(ONE.id, body, webhook_timestamp="soon") == 401
    assert books.ask("/", body, {}) == (401, b"")
    assert books.books.listed() == b"[]"


def test_secrets_are_replaced_without_a_gap(books: Books) -> None:
    body = body_of(raw(ONE))
    assert books.send(ONE.id, body, secrets=[SECRETS[1]]) == 401
    books.file.write_text("\n".join(write_secret(one) for one in SECRETS))
    assert books.send(ONE.id, body, secrets=[SECRETS[1]]) == 201


def test_the_highest_revision_counts_in_whatever_order_they_arrive(
    books: Books,
) -> None:
    first, second = record(helped(60)), record(helped(60), helped(1801, number=2))
    for one in (second, first):
        assert books.send(one.id, body_of(raw(one))) == 201
    assert books.books.totals().splitlines()[-1] == (
        f"total 1 engagements {second.units} units {second.amount_cents} cents"
    )


def test_a_record_that_was_shortened_is_taken_by_its_hash(books: Books) -> None:
    one = long(60)
    assert books.send(one.id, body_of(raw(one))) == 201


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"data":1}', b"\xff"])
def test_what_is_no_record_is_refused(books: Books, body: bytes) -> None:
    assert books.send("some-id", body) == 400


def test_too_much_is_not_read(books: Books) -> None:
    assert books.send("some-id", b" " * 20_000) == 413


def test_the_list_is_for_whoever_holds_the_secret(books: Books) -> None:
    books.send(ONE.id, body_of(raw(ONE)))
    now = int(time.time())  # noqa: TID251 - the receiver reads the real clock
    status, told = books.ask("/records", None, headers(SECRETS, "list", now, b""))
    assert status == 200
    assert json.loads(told)[0]["id"] == ONE.id
    assert b"Martin" not in told
    assert books.ask("/records", None, {})[0] == 401
    assert books.ask("/other", None, {})[0] == 404
