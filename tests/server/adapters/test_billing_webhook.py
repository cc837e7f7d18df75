import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from cordee_server.adapters import billing_webhook
from cordee_server.adapters.billing_webhook import WebhookSink
from cordee_server.adapters.outward import Outward
from cordee_server.sinks import Answer, Outcome
from cordee_shared.billing.webhook import Envelope, body_of, verify
from cordee_shared.errors import SettingsError, Unavailable
from tests.clock import ManualClock
from tests.server.adapters.test_outward import Names
from tests.shared.billing.samples import raw, record

SECRETS = [b"n" * 32, b"o" * 32]
HERE = Outward(["127.0.0.0/8"])
ONE = record()


@dataclass
class Receiver:
    """Another system that answers as it is told."""

    answers: list[Callable[[], web.StreamResponse]] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    stuck: asyncio.Event = field(default_factory=asyncio.Event)
    is_stuck: bool = False
    port: int = 0

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Hear a request."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.heard.append((headers, await request.read()))
        self.paths.append(request.path)
        if self.is_stuck:
            await self.stuck.wait()
        return self.answers.pop(0)() if self.answers else web.Response()

    def say(self, status: int, **headers: str) -> None:
        """Answer the next request so."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append(lambda: web.Response(status=status, headers=named))


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver on this machine."""
    told = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", told.take)
    async with TestServer(app, host="127.0.0.1") as server:
        told.port = server.port or 0
        yield told
        told.stuck.set()


Make = Callable[..., WebhookSink]


@pytest.fixture
async def sink(receiver: Receiver, clock: ManualClock) -> AsyncIterator[Make]:
    """Make a sink that sends to the receiver."""
    made: list[WebhookSink] = []

    def make(
        address: str = "",
        *,
        secrets: Callable[[], list[bytes]] = lambda: SECRETS,
        outward: Outward = HERE,
        timeout_s: float = 5,
        envelope: Envelope = Envelope.STANDARD,
        resolver: Names | None = None,
    ) -> WebhookSink:
        address = address or f"http://127.0.0.1:{receiver.port}/hook?key=hidden"
        made.append(
            WebhookSink(
                address,
                secrets,
                clock,
                outward,
                timeout_s=timeout_s,
                envelope=envelope,
                resolver=resolver,
            )
        )
        return made[-1]

    yield make
    for one in made:
        await one.close()


def send(sink: WebhookSink) -> Awaitable[Answer]:
    return sink.hand_over(ONE.id, raw(ONE))


async def test_a_record_is_sent_signed_by_every_secret(
    sink: Make, receiver: Receiver, clock: ManualClock
) -> None:
    assert await send(sink()) == Answer(Outcome.DELIVERED, 200)
    ((headers, body),) = receiver.heard
    assert body == body_of(raw(ONE))
    assert headers["webhook-id"] == ONE.id
    assert headers["content-type"] == "application/json"
    assert "cookie" not in headers
    now_s = clock.now_ms() // 1000
    for secret in SECRETS:
        assert verify([secret], headers, body, now_s) == ONE.id


async def test_the_id_is_constant_and_the_timestamp_is_the_attempts(
    sink: Make, receiver: Receiver, clock: ManualClock
) -> None:
    sender = sink()
    await send(sender)
    clock.advance(seconds=300)
    await send(sender)
    (first, one), (second, two) = receiver.heard
    assert one == two
    assert first["webhook-id"] == second["webhook-id"]
    passed = int(second["webhook-timestamp"]) - int(first["webhook-timestamp"])
    assert passed == 300


async def test_secrets_are_read_for_each_attempt(
    sink: Make, receiver: Receiver, clock: ManualClock
) -> None:
    secrets = [SECRETS[1]]
    sender = sink(secrets=lambda: list(secrets))
    await send(sender)
    secrets.insert(0, SECRETS[0])
    await send(sender)
    counts = [len(h["webhook-signature"].split(" ")) for h, _ in receiver.heard]
    assert counts == [1, 2]


async def test_cloudevents_is_an_option(sink: Make, receiver: Receiver) -> None:
    await send(sink(envelope=Envelope.CLOUDEVENTS))
    ((headers, body),) = receiver.heard
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert json.loads(body)["id"] == headers["webhook-id"] == ONE.id


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_only_2xx_is_an_acknowledgement(
    sink: Make, receiver: Receiver, status: int
) -> None:
    receiver.say(status)
    assert (await send(sink())).outcome is Outcome.DELIVERED


@pytest.mark.parametrize("status", [300, 304, 400, 401, 404, 409, 422, 500, 503])
async def test_any_other_status_is_tried_again(
    sink: Make, receiver: Receiver, status: int
) -> None:
    receiver.say(status)
    assert await send(sink()) == Answer(Outcome.FAILED, status, "status")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_s47_redirects_are_not_followed(
    sink: Make, receiver: Receiver, status: int
) -> None:
    receiver.say(status, location="/elsewhere")
    assert (await send(sink())).outcome is Outcome.FAILED
    assert receiver.paths == ["/hook"]


async def test_410_means_never_again(sink: Make, receiver: Receiver) -> None:
    receiver.say(410)
    assert await send(sink()) == Answer(Outcome.GONE, 410, "status")


@pytest.mark.parametrize("status", [429, 502, 504])
async def test_overload_asks_for_a_pause(
    sink: Make, receiver: Receiver, status: int
) -> None:
    receiver.say(status)
    receiver.say(status, retry_after="7")
    sender = sink()
    assert (await send(sender)).pause_s == 60
    assert (await send(sender)).pause_s == 7


async def test_retry_after_is_honoured_with_any_refusal(
    sink: Make, receiver: Receiver
) -> None:
    receiver.say(503, retry_after="Fri, 14 Mar 2025 09:02:00 GMT")
    assert (await send(sink())).pause_s == 120


async def test_a_receiver_that_says_nothing_is_not_waited_for(
    sink: Make, receiver: Receiver
) -> None:
    receiver.is_stuck = True
    answer = await send(sink(timeout_s=0.1))
    assert answer == Answer(Outcome.FAILED, 0, "timeout")


async def test_nobody_there_is_tried_again(sink: Make, unused_tcp_port: int) -> None:
    answer = await send(sink(f"http://127.0.0.1:{unused_tcp_port}/"))
    assert answer == Answer(Outcome.FAILED, 0, "connection")


async def test_s47_a_private_address_is_refused_at_connect_time(
    sink: Make, receiver: Receiver
) -> None:
    names = Names(["127.0.0.1"])
    for sender in (
        sink(outward=Outward()),
        sink(
            f"http://inside.example:{receiver.port}/",
            outward=Outward(),
            resolver=names,
        ),
    ):
        assert await send(sender) == Answer(Outcome.FAILED, 0, "address")
    assert receiver.heard == []


async def test_plain_http_where_tls_was_meant_is_no_delivery(
    sink: Make, receiver: Receiver
) -> None:
    answer = await send(sink(f"https://127.0.0.1:{receiver.port}/"))
    assert answer.outcome is Outcome.FAILED
    assert answer.why in ("certificate", "connection")
    assert receiver.heard == []


async def test_a_secret_that_is_missing_or_a_record_that_is_none_is_not_sent(
    sink: Make, receiver: Receiver
) -> None:
    def missing() -> list[bytes]:
        raise SettingsError("no secret")

    assert (await send(sink(secrets=missing))).why == "secret_or_record"
    assert (await sink().hand_over(ONE.id, b"{}")).why == "secret_or_record"
    assert receiver.heard == []


def test_a_sink_is_named_without_its_address(clock: ManualClock) -> None:
    one, two = (
        WebhookSink(f"https://{h}/?key=x", lambda: SECRETS, clock, HERE, timeout_s=5)
        for h in ("a.example", "b.example")
    )
    assert len(one.name) == 64
    assert one.name != two.name
    assert "example" not in one.name


# --- the receiver's list


async def test_the_list_is_asked_for_with_a_signature(
    sink: Make, receiver: Receiver, clock: ManualClock
) -> None:
    receiver.answers.append(lambda: web.Response(body=b"[]"))
    address = f"http://127.0.0.1:{receiver.port}/records"
    assert await sink().fetch_list(address) == b"[]"
    ((headers, body),) = receiver.heard
    assert verify(SECRETS, headers, body, clock.now_ms() // 1000) == "list"


async def test_a_list_that_cannot_be_had_is_said(
    sink: Make, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"http://127.0.0.1:{receiver.port}/records"
    receiver.say(403)
    with pytest.raises(Unavailable, match="answered 403"):
        await sink().fetch_list(address)
    receiver.say(302, location="/other")
    with pytest.raises(Unavailable, match="answered 302"):
        await sink().fetch_list(address)
    with pytest.raises(Unavailable, match=r"cannot be had \(address\)"):
        await sink(outward=Outward()).fetch_list(address)
    monkeypatch.setattr(billing_webhook, "LIST_MAX", 100)
    receiver.answers.append(lambda: web.Response(body=b" " * 101))
    with pytest.raises(Unavailable, match="above 16 MiB"):
        await sink().fetch_list(address)
