import base64
import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from cordee_shared.billing.facts import WORDING_MAX
from cordee_shared.billing.record import Weighed
from cordee_shared.billing.webhook import (
    BODY_MAX,
    REASON_MAX,
    RETRY_AFTER_MAX_S,
    SCHEDULE_S,
    Envelope,
    body_of,
    delay_s,
    headers,
    made_ms,
    read_retry_after,
    read_secret,
    signature,
    verify,
    write_secret,
)
from cordee_shared.canonical import canonical, sha256_hex
from cordee_shared.errors import MalformedFrame, SettingsError, Tampered
from cordee_shared.limits import TEXT_MAX
from tests.shared.billing.samples import RELAY_ID, long, raw, record
from tests.shared.journals import WALL_MS

SECRET = bytes(range(32))
OLD = bytes(range(32, 64))
AT_S = 1_795_424_400


# --- secrets and signatures


@given(st.binary(min_size=24, max_size=64), st.binary(max_size=200))
def test_a_signature_is_that_of_the_official_library(key: bytes, body: bytes) -> None:
    text = body.decode("utf-8", "replace")
    official = Webhook(write_secret(key)).sign(
        "msg", dt.datetime.fromtimestamp(AT_S, tz=dt.UTC), text
    )
    assert signature(key, "msg", AT_S, text.encode()) == official


def test_the_official_library_accepts_what_is_sent_now() -> None:
    now = int(dt.datetime.now(tz=dt.UTC).timestamp())  # noqa: TID251 - the library has no other clock
    body = body_of(raw(record()))
    sent = headers([SECRET, OLD], record().id, now, body)
    for key in (SECRET, OLD):
        found = Webhook(write_secret(key)).verify(body, sent)
        assert found["data"]["record"]["units"] == 2


@given(st.binary(min_size=24, max_size=64))
def test_a_secret_is_read_as_it_was_written(key: bytes) -> None:
    assert read_secret(write_secret(key)) == key


@pytest.mark.parametrize("size", [0, 23, 65])
def test_a_secret_has_24_to_64_bytes(size: int) -> None:
    with pytest.raises(ValueError, match="24 to 64"):
        write_secret(bytes(size))
    text = "whsec_" + base64.b64encode(bytes(size)).decode()
    with pytest.raises(SettingsError, match="24 to 64 bytes in base64"):
        read_secret(text)


@pytest.mark.parametrize("text", ["", "x", "whsec_", "whsec_!!!", "A" * 44])
def test_what_is_no_secret_is_said_without_saying_it(text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_secret(text)
    assert len(text) < 2 or text == "whsec_" or text not in str(refused.value)


def test_either_secret_of_a_rotation_is_enough() -> None:
    sent = headers([SECRET, OLD], "id", AT_S, b"{}")
    for known in ([SECRET], [OLD], [OLD, SECRET]):
        assert verify(known, sent, b"{}", AT_S) == "id"
    with pytest.raises(Tampered, match="no signature fits"):
        verify([b"\x01" * 32], sent, b"{}", AT_S)


@pytest.mark.parametrize(
    ("changed", "body", "now_s"),
    [
        ({}, b"{ }", AT_S),
        ({"webhook-id": "other"}, b"{}", AT_S),
        ({"webhook-id": ""}, b"{}", AT_S),
        ({"webhook-id": "a.b"}, b"{}", AT_S),
        ({"webhook-timestamp": str(AT_S + 1)}, b"{}", AT_S),
        ({"webhook-timestamp": "now"}, b"{}", AT_S),
        ({"webhook-signature": "v1,é"}, b"{}", AT_S),
        ({"webhook-signature": ""}, b"{}", AT_S),
        ({}, b"{}", AT_S + 301),
        ({}, b"{}", AT_S - 301),
    ],
)
def test_what_was_changed_or_is_old_is_refused(
    changed: dict[str, str], body: bytes, now_s: int
) -> None:
    sent = headers([SECRET], "id", AT_S, b"{}") | changed
    with pytest.raises(Tampered):
        verify([SECRET], sent, body, now_s)


def test_an_id_cannot_hold_what_separates_it() -> None:
    with pytest.raises(ValueError, match="dot"):
        signature(SECRET, "a.1", AT_S, b"")


# --- the body


def test_a_body_holds_the_record_and_the_hash_of_its_line() -> None:
    one = record()
    body = json.loads(body_of(raw(one)))
    assert set(body) == {"type", "timestamp", "data"}
    assert body["type"] == "cordee.billing.record"
    assert body["timestamp"] == "2026-11-23T09:30:01.000Z"
    data = body["data"]
    assert data["complete"] is True
    assert data["sha256"] == sha256_hex(raw(one))
    assert sha256_hex(canonical(data["record"])) == data["sha256"]


def test_cloudevents_says_the_same_in_structured_mode() -> None:
    one = record()
    plain = json.loads(body_of(raw(one)))
    event = json.loads(body_of(raw(one), Envelope.CLOUDEVENTS))
    assert event.pop("data") == plain["data"]
    assert event == {
        "specversion": "1.0",
        "id": one.id,
        "source": f"urn:cordee:relay:{RELAY_ID}",
        "type": "cordee.billing.record.v1",
        "subject": "e-0123456789abcdef",
        "time": "2026-11-23T09:30:01.000Z",
        "datacontenttype": "application/json",
    }
    assert Envelope.CLOUDEVENTS.content_type.startswith("application/cloudevents+json")
    assert Envelope.STANDARD.content_type == "application/json"


@pytest.mark.parametrize("envelope", list(Envelope))
@pytest.mark.parametrize("times", [1, 25, 26, 27, 28, 29, 30, 200])
def test_a_body_stays_below_20_kb_however_long_the_record(
    envelope: Envelope, times: int
) -> None:
    one = long(times)
    body = body_of(raw(one), envelope)
    assert len(body) <= BODY_MAX < 20_000
    data = json.loads(body)["data"]
    assert data["sha256"] == sha256_hex(raw(one))
    assert data["record"]["units"] == one.units
    assert data["record"]["amount_cents"] == one.amount_cents
    assert data["complete"] is (data["record"]["segments"] != [])


def test_a_record_that_is_too_long_goes_without_its_lists() -> None:
    one = long(60)
    assert len(one.line) > 20_000
    data = json.loads(body_of(raw(one)))["data"]
    assert data["complete"] is False
    assert [data["record"][k] for k in ("segments", "consents", "sessions")] == [[]] * 3


def test_the_longest_words_in_the_widest_letters_fit() -> None:
    wide = "🖨" * TEXT_MAX
    one = replace(
        long(60),
        agreed=replace(long(60).agreed, customer=wide, purpose=wide),
        unit_label=wide,
    )
    told = replace(one, weighed=weighed("🖨" * WORDING_MAX))
    data = json.loads(body_of(raw(told)))["data"]
    assert len(body_of(raw(told), Envelope.CLOUDEVENTS)) <= BODY_MAX
    assert data["complete"] is False
    assert data["record"]["weighed"]["reason"] == "🖨" * REASON_MAX
    assert data["sha256"] == sha256_hex(raw(told))


def weighed(reason: str) -> Weighed:
    return Weighed(
        due="service",
        mention="",
        wait_s=0,
        reason=reason,
        side="technician",
        author="luc",
        remedies_hash="0" * 64,
        facts=(),
    )


def test_an_attempt_years_later_has_the_same_bytes() -> None:
    assert body_of(raw(record())) == body_of(raw(record()))


def test_a_revision_carries_its_number_and_what_it_supersedes() -> None:
    from tests.shared.journals import helped

    first, second = (
        record(helped(60)),
        record(helped(60), helped(90, number=2)),
    )
    data = json.loads(body_of(raw(second)))["data"]["record"]
    assert (data["revision"], data["supersedes"]) == (2, first.id)
    assert second.id != first.id


def test_what_made_a_revision_dates_it() -> None:
    assert made_ms(record()) == WALL_MS + 1_801_000


def test_only_a_record_is_sent() -> None:
    with pytest.raises(MalformedFrame):
        body_of(b"{}")


# --- when to try again


def test_the_schedule_is_that_of_standard_webhooks() -> None:
    assert SCHEDULE_S == (0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    assert sum(SCHEDULE_S) == 75 * 3600 + 35 * 60 + 5
    planned = [delay_s(n, 0) for n in range(1, len(SCHEDULE_S) + 1)]
    assert planned == [float(s) for s in SCHEDULE_S[1:]] + [None]


@given(st.integers(1, 9), st.integers(0, 999))
def test_jitter_only_delays_and_never_by_more_than_a_tenth(n: int, dice: int) -> None:
    delay = delay_s(n, dice)
    assert delay is not None
    assert SCHEDULE_S[n] <= delay <= SCHEDULE_S[n] * 1.1


def test_a_pause_that_was_asked_for_is_kept_within_a_day() -> None:
    assert delay_s(1, 0, asked_s=90) == 90
    assert delay_s(9, 0, asked_s=90) == 86_400
    assert delay_s(1, 0, asked_s=10**9) == RETRY_AFTER_MAX_S
    assert delay_s(10, 0, asked_s=90) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("99999999", RETRY_AFTER_MAX_S),
        ("99999999999", 0),
        ("-5", 0),
        ("1.5", 0),
        ("", 0),
        ("soon", 0),
        ("Mon, 23 Nov 2026 09:02:00 GMT", 120),
        ("Mon, 23 Nov 2026 08:00:00 GMT", 0),
        ("Mon, 23 Nov 2099 08:00:00 GMT", RETRY_AFTER_MAX_S),
        ("Mon, 32 Nov 2026 09:02:00 GMT", 0),
    ],
)
def test_retry_after_is_read_in_both_forms(text: str, seconds: int) -> None:
    assert read_retry_after(text, AT_S) == seconds
