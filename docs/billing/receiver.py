"""An example of the other side: takes Cordée's billing records, each exactly once.

Python's standard library and nothing else. It listens on this machine; put a server
with a certificate in front of it, or let Cordée run beside it.

    python receiver.py --database records.db --secrets secrets.txt --port 9090
    python receiver.py --database records.db --totals

Rules, for your own receiver as well:

1. Check the signature over the exact bytes received, and the age of its timestamp.
2. ``webhook-id`` is the record's id. Seen once, it is answered 200 and changes nothing;
   with another content it is refused: somebody has to look.
3. Answer 2xx only when the record is on the disk.
4. Of an engagement the highest revision counts, in whatever order they arrive.
"""

import argparse
import base64
import hashlib
import hmac
import http.server
import json
import re
import sqlite3
import sys
import threading
import time
from pathlib import Path

BODY_MAX = 20_000
TOLERANCE_S = 300
TABLE = (
    "CREATE TABLE IF NOT EXISTS records (id TEXT PRIMARY KEY, sha256 TEXT NOT NULL,"
    " engagement TEXT NOT NULL, revision INTEGER NOT NULL, supersedes TEXT NOT NULL,"
    " units INTEGER NOT NULL, cents INTEGER NOT NULL, body BLOB NOT NULL)"
)
CURRENT = (
    "SELECT engagement, max(revision), units, cents FROM records"
    " GROUP BY engagement ORDER BY engagement"
)


def read_secrets(file: Path) -> list[bytes]:
    """Read ``whsec_…`` secrets, one a line: during a rotation there are two."""
    lines = file.read_text(encoding="ascii").split()
    return [base64.b64decode(line.removeprefix("whsec_")) for line in lines]


def is_signed(secrets: list[bytes], headers: dict[str, str], body: bytes) -> bool:
    """Check a request after Standard Webhooks 1.0.0."""
    name = headers.get("webhook-id", "")
    at = headers.get("webhook-timestamp", "")
    if not name or not re.fullmatch("[0-9]{1,12}", at):
        return False
    if abs(time.time() - int(at)) > TOLERANCE_S:  # noqa: TID251 - an example of its own
        return False
    signed = b".".join((name.encode(), at.encode(), body))
    given = headers.get("webhook-signature", "").split(" ")
    for secret in secrets:
        mac = hmac.digest(secret, signed, hashlib.sha256)
        expected = b"v1," + base64.b64encode(mac)
        if any(hmac.compare_digest(expected, one.encode()) for one in given):
            return True
    return False


class Books:
    """The records that have arrived, in one SQLite file."""

    def __init__(self, file: Path) -> None:
        """Open the file, or make it."""
        self.lock = threading.Lock()
        self.rows = sqlite3.connect(file, check_same_thread=False, timeout=10)
        self.rows.execute("PRAGMA journal_mode = WAL")
        self.rows.execute("PRAGMA synchronous = FULL")
        self.rows.execute(TABLE)

    def take(self, name: str, body: bytes) -> int:
        """Store a record once; return the status to answer with."""
        try:
            data = json.loads(body)["data"]
            record, sha256 = data["record"], data["sha256"]
            row = (
                record["id"],
                sha256,
                record["agreed"]["engagement"],
                record["revision"],
                record["supersedes"],
                record["units"],
                record["amount_cents"],
                body,
            )
            whole = json.dumps(record, sort_keys=True, separators=(",", ":"))
            is_true = not data["complete"] or (
                hashlib.sha256(whole.encode("ascii")).hexdigest() == sha256
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            return 400
        if record["id"] != name or not is_true:
            return 400
        with self.lock, self.rows:  # committed, and on the disk, when this ends
            self.rows.execute("BEGIN IMMEDIATE")
            there = self.rows.execute(
                "SELECT sha256 FROM records WHERE id = ?", (name,)
            ).fetchone()
            if there is not None:
                return 200 if there[0] == sha256 else 409
            self.rows.execute("INSERT INTO records VALUES (?,?,?,?,?,?,?,?)", row)
        return 201

    def listed(self) -> bytes:
        """Return what is here: for ``cordee billing reconcile``."""
        with self.lock:
            found = self.rows.execute("SELECT id, sha256 FROM records ORDER BY id")
            rows = found.fetchall()
        return json.dumps([{"id": i, "sha256": h} for i, h in rows]).encode()

    def totals(self) -> str:
        """Return each engagement's newest state, and the sums."""
        found = self.rows.execute(CURRENT).fetchall()
        lines = [f"{e} rev {r} {u} units {c} cents" for e, r, u, c in found]
        units, cents = sum(f[2] for f in found), sum(f[3] for f in found)
        lines.append(f"total {len(found)} engagements {units} units {cents} cents")
        return "\n".join(lines)


def handler(books: Books, secrets: Path) -> type[http.server.BaseHTTPRequestHandler]:
    """Return what answers requests."""

    class Handler(http.server.BaseHTTPRequestHandler):
        timeout = 30

        def do_POST(self) -> None:
            """Take a record."""
            size = self.headers.get("content-length", "")
            if not re.fullmatch("[0-9]{1,9}", size):
                return self.answer(411)
            if int(size) >= BODY_MAX:
                return self.answer(413)
            body = self.rfile.read(int(size))
            if not self.is_ours(body):
                return self.answer(401)
            return self.answer(books.take(self.headers["webhook-id"], body))

        def do_GET(self) -> None:
            """Tell what is here, to whoever holds the secret."""
            if self.path != "/records":
                return self.answer(404)
            if not self.is_ours(b""):
                return self.answer(401)
            return self.answer(200, books.listed())

        def is_ours(self, body: bytes) -> bool:
            """Check the signature; the secrets may have been replaced meanwhile."""
            headers = {name.lower(): value for name, value in self.headers.items()}
            return is_signed(read_secrets(secrets), headers, body)

        def answer(self, status: int, body: bytes = b"") -> None:
            """Answer with a status."""
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing but what cannot be answered: records hold names."""

    return Handler


def main() -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(description="Takes Cordée's billing records.")
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--secrets", type=Path)
    parser.add_argument("--port", type=int, default=9090)
    parser.add_argument("--totals", action="store_true")
    given = parser.parse_args()
    books = Books(given.database)
    if given.totals:
        sys.stdout.write(books.totals() + "\n")
        return
    if given.secrets is None:
        parser.error("--secrets: expected a file, one whsec_… a line")
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", given.port), handler(books, given.secrets)
    )
    sys.stdout.write(f"listening on {server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
