"""One record on its way to another system: the words of Standard Webhooks 1.0.0.

Rules (standard-webhooks, spec/standard-webhooks.md; billing_legal.md 4.1):

1. ``webhook-id`` is the record's id: the same for every attempt, every process and
   every rebuilt outbox. Who has seen it once has seen the record.
2. ``webhook-timestamp`` is the attempt's. What is signed is ``id.timestamp.body``.
3. While a secret is replaced, there is one signature for each.
4. The body is a function of the record: an attempt years later has the same bytes.
5. A body stays below 20 kB. A record that is longer goes without the lists that grow,
   says so, and names the SHA-256 of its whole line all the same.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from cordee_shared.billing.record import BillingRecord
from cordee_shared.canonical import canonical, read_canonical, sha256_hex
from cordee_shared.errors import SettingsError, Tampered

#: Seconds before each attempt, the first at once; 75 h 35 min in all.
SCHEDULE_S: Final = (
    0,
    5,
    5 * 60,
    30 * 60,
    2 * 3600,
    5 * 3600,
    10 * 3600,
    14 * 3600,
    20 * 3600,
    24 * 3600,
)
#: A delay grows by up to so much, so that many senders do not come back at once.
JITTER_PERCENT: Final = 10
#: A receiver may ask for a pause, not for an end.
RETRY_AFTER_MAX_S: Final = 24 * 3600
#: A receiver that is overloaded and names no time is left alone for so long.
OVERLOADED_S: Final = 60
#: "Overloaded": the sender has to slow down, with all it sends.
OVERLOADED: Final = frozenset({429, 502, 504})
#: The receiver wants nothing more, ever.
GONE: Final = 410
#: Bytes of a body: below 20 kB.
BODY_MAX: Final = 19_999
#: Characters of a revision's reason in a body that had to be shortened.
REASON_MAX: Final = 200
#: Bytes of a secret.
SECRET_MIN: Final = 24
SECRET_MAX: Final = 64
#: A timestamp may be so far from the receiver's clock, seconds.
TOLERANCE_S: Final = 300

_PREFIX: Final = "whsec_"
_TYPE: Final = "cordee.billing.record"
#: What grows with a session's course; everything else has a bound.
_LISTS: Final = ("segments", "consents", "sessions")


class Envelope(StrEnum):
    """What stands around the record in a body."""

    #: ``{type, timestamp, data}``, as Standard Webhooks recommends.
    STANDARD = "standard"
    #: CloudEvents 1.0, structured mode.
    CLOUDEVENTS = "cloudevents"

    @property
    def content_type(self) -> str:
        """What the body is, for its header."""
        if self is Envelope.CLOUDEVENTS:
            return "application/cloudevents+json; charset=utf-8"
        return "application/json"


# --- secrets and signatures ----------------------------------------------------------


def write_secret(random: bytes) -> str:
    """Return random bytes in the form that both sides are given.

    Raises:
        ValueError: fewer than 24 or more than 64 bytes.
    """
    if not SECRET_MIN <= len(random) <= SECRET_MAX:
        raise ValueError(f"a secret has {SECRET_MIN} to {SECRET_MAX} bytes")
    return _PREFIX + base64.b64encode(random).decode("ascii")


def read_secret(text: str) -> bytes:
    """Return the bytes of a secret.

    Raises:
        SettingsError: not of the form; the sentence does not hold the secret.
    """
    try:
        key = base64.b64decode(text.removeprefix(_PREFIX).encode(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not text.startswith(_PREFIX) or not SECRET_MIN <= len(key) <= SECRET_MAX:
        raise SettingsError(
            f"a webhook's secret: expected {_PREFIX} and {SECRET_MIN} to {SECRET_MAX} "
            "bytes in base64"
        )
    return key


def signature(secret: bytes, name: str, at_s: int, body: bytes) -> str:
    """Return ``v1,`` and HMAC-SHA256 over ``name.at_s.body``, in base64."""
    if "." in name:
        raise ValueError("an id with a dot could be taken apart in two ways")
    signed = b".".join((name.encode(), str(at_s).encode(), body))
    mac = hmac.digest(secret, signed, hashlib.sha256)
    return "v1," + base64.b64encode(mac).decode("ascii")


def headers(
    secrets: Iterable[bytes], name: str, at_s: int, body: bytes
) -> dict[str, str]:
    """Return the three headers; one signature for each secret, the newest first."""
    return {
        "webhook-id": name,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(
            signature(secret, name, at_s, body) for secret in secrets
        ),
    }


def verify(
    secrets: Sequence[bytes], given: Mapping[str, str], body: bytes, now_s: int
) -> str:
    """Check a request as a receiver has to; return its ``webhook-id``.

    Args:
        secrets: any of these may have signed.
        given: the headers, names in lower case.
        body: the exact bytes received.
        now_s: the receiver's clock, Unix seconds.

    Raises:
        Tampered: a header is missing, the time is off, or no signature fits.
    """
    name = given.get("webhook-id", "")
    at = given.get("webhook-timestamp", "")
    if not name or "." in name or not re.fullmatch(r"[0-9]{1,12}", at):
        raise Tampered("webhook", "an id or a timestamp is missing")
    if abs(now_s - int(at)) > TOLERANCE_S:
        raise Tampered("webhook", "its timestamp is not of now")
    claimed = given.get("webhook-signature", "").split(" ")
    for secret in secrets:
        expected = signature(secret, name, int(at), body).encode()
        if any(hmac.compare_digest(expected, one.encode()) for one in claimed):
            return name
    raise Tampered("webhook", "no signature fits")


# --- the body ------------------------------------------------------------------------


def body_of(raw: bytes, envelope: Envelope = Envelope.STANDARD) -> bytes:
    """Return what is sent for a record: canonical JSON below 20 kB.

    ``data`` holds ``record``, the ``sha256`` of its whole line without line feed, and
    whether the record is ``complete``. When it is, ``record`` in its canonical form
    has that hash.

    Args:
        raw: the record's line without its line feed.
        envelope: what stands around it.

    Raises:
        MalformedFrame: ``raw`` is no record.
        Tampered: its sums do not add up.
    """
    record = BillingRecord.read(raw)
    fields = read_canonical(raw)
    body = _body(record, fields, raw, envelope, complete=True)
    if len(body) <= BODY_MAX:
        return body
    short: dict[str, Any] = fields | {name: [] for name in _LISTS}
    weighed = fields.get("weighed")
    if isinstance(weighed, dict):
        # Of a long explanation the beginning goes along; the file has all of it.
        reason = weighed["reason"][:REASON_MAX]
        short["weighed"] = weighed | {"facts": [], "reason": reason}
    return _body(record, short, raw, envelope, complete=False)


def _body(
    record: BillingRecord,
    fields: Mapping[str, Any],
    raw: bytes,
    envelope: Envelope,
    *,
    complete: bool,
) -> bytes:
    data: dict[str, Any] = {
        "record": fields,
        "sha256": sha256_hex(raw),
        "complete": complete,
    }
    at = _instant(made_ms(record))
    if envelope is Envelope.CLOUDEVENTS:
        return canonical(
            {
                "specversion": "1.0",
                "id": record.id,
                "source": f"urn:cordee:relay:{record.relay}",
                "type": f"{_TYPE}.v1",
                "subject": record.agreed.engagement,
                "time": at,
                "datacontenttype": "application/json",
                "data": data,
            }
        )
    return canonical({"type": _TYPE, "timestamp": at, "data": data})


def made_ms(record: BillingRecord) -> int:
    """Return when what made this revision happened, Unix milliseconds."""
    ends = [one.last_ms for one in record.sessions]
    told = [one.at_ms for one in record.weighed.facts] if record.weighed else []
    return max([*ends, *told], default=record.agreed.confirmed_ms)


def _instant(at_ms: int) -> str:
    at = dt.datetime.fromtimestamp(at_ms / 1000, tz=dt.UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --- when to try again ---------------------------------------------------------------


def delay_s(
    attempts: int,
    jitter: int,
    *,
    asked_s: int = 0,
    schedule: Sequence[int] = SCHEDULE_S,
) -> float | None:
    """Return the seconds until the next attempt; ``None`` when that was the last.

    Args:
        attempts: how many there have been, at least one.
        jitter: a random number from 0 to 999.
        asked_s: the pause that the receiver asked for.
        schedule: seconds before each attempt.
    """
    if attempts >= len(schedule):
        return None
    planned = schedule[attempts]
    spread = planned * JITTER_PERCENT / 100 * jitter / 1000
    return max(planned + spread, float(min(asked_s, RETRY_AFTER_MAX_S)))


def read_retry_after(text: str, now_s: int) -> int:
    """Return the seconds that a ``Retry-After`` asks for (RFC 9110, 10.2.3).

    Both of its forms are understood; anything else asks for nothing.
    """
    if re.fullmatch(r"[0-9]{1,9}", text.strip()):
        return min(int(text), RETRY_AFTER_MAX_S)
    try:
        at = dt.datetime.strptime(text.strip(), "%a, %d %b %Y %H:%M:%S GMT")  # noqa: DTZ007 - GMT is in the text
    except ValueError:
        return 0
    seconds = round(at.replace(tzinfo=dt.UTC).timestamp()) - now_s
    return max(0, min(seconds, RETRY_AFTER_MAX_S))
