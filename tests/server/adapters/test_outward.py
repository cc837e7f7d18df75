import ipaddress
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from cordee_server.adapters.outward import (
    AddressRefused,
    GuardedResolver,
    Outward,
    was_refused,
)

PUBLIC = "93.184.215.14"


class Names(AbstractResolver):
    """A resolver of which each question gets the next answer."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        """Return the next answer; the last one stays."""
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Inside:
    """What an attacker would like to have called: it counts its visitors."""

    port: int = 0
    visits: list[str] = field(default_factory=list)

    async def visit(self, request: web.Request) -> web.Response:
        """Give away a secret."""
        self.visits.append(request.path)
        return web.Response(text="secret")


@pytest.fixture
async def inside() -> AsyncIterator[Inside]:
    """A server that listens on this machine only."""
    found = Inside()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.visit)
    async with TestServer(app, host="127.0.0.1") as server:
        found.port = server.port or 0
        yield found


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1"),  # noqa: S104 - to be refused
        *("192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1"),
        *("192.0.2.1", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
        *("255.255.255.255", "192.0.0.8", "192.0.0.170", "192.88.99.1x", ""),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1"),
        *("ff02::1", "ff0e::1", "2001:db8::1", "100::1", "::ffff:127.0.0.1"),
        *("::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "2002:7f00:1::"),
        *("2002:a00:1::1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1"),
        *("2001:0:4136:e378:8000:63bf:3fff:fdd2", "localhost", "2130706433"),
    ],
)
def test_s47_what_is_not_global_is_refused(address: str) -> None:
    assert not Outward().may(address)
    with pytest.raises(AddressRefused):
        Outward().check(address)


@pytest.mark.parametrize(
    "address",
    [PUBLIC, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"],
)
def test_what_anybody_could_reach_is_allowed(address: str) -> None:
    assert Outward().may(address)


@given(st.ip_addresses())
def test_s47_nothing_private_is_let_through(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if Outward().may(str(address)):
        assert not address.is_loopback
        assert not address.is_link_local
        assert not address.is_multicast
        assert not address.is_private or address in ipaddress.ip_network("64:ff9b::/96")


def test_a_network_is_allowed_by_its_name_and_no_other() -> None:
    outward = Outward(["10.1.0.0/16", "::1/128"])
    assert outward.may("10.1.2.3")
    assert outward.may("::ffff:10.1.2.3")
    assert outward.may("::1")
    assert not outward.may("10.2.0.1")
    assert not outward.may("127.0.0.1")
    with pytest.raises(ValueError, match="host bits set"):
        Outward(["10.1.0.1/16"])


async def attempt(outward: Outward, url: str, resolver: Names | None = None) -> str:
    """Ask once; return what was read, or that it was refused."""
    async with outward.session(5, resolver) as client:
        try:
            async with client.get(url, allow_redirects=False) as answer:
                return await answer.text()
        except aiohttp.ClientError as error:
            # aiohttp itself takes no address that is written in an odd way.
            odd = isinstance(error, aiohttp.InvalidURL)
            return "refused" if odd or was_refused(error) else repr(error)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"],
)
async def test_s47_this_machine_is_refused_however_it_is_written(
    inside: Inside, host: str
) -> None:
    said = await attempt(Outward(), f"http://{host}:{inside.port}/x")
    assert said == "refused"
    assert inside.visits == []


async def test_s47_a_name_that_turns_inward_later_is_refused_then(
    inside: Inside,
) -> None:
    # Good while it was looked at, bad when it is used: rebinding.
    names = Names([PUBLIC], ["127.0.0.1"])
    outward = Outward()
    guarded = GuardedResolver(outward, names)
    assert [one["host"] for one in await guarded.resolve("evil.example")] == [PUBLIC]
    said = await attempt(outward, f"http://evil.example:{inside.port}/", names)
    assert said == "refused"
    assert inside.visits == []
    assert names.asked == 2


async def test_s47_of_mixed_addresses_only_the_public_ones_are_left() -> None:
    guarded = GuardedResolver(Outward(), Names(["127.0.0.1", PUBLIC, "::1"]))
    assert [one["host"] for one in await guarded.resolve("mixed.example")] == [PUBLIC]


async def test_s47_the_socket_refuses_though_the_resolver_were_fooled(
    inside: Inside,
) -> None:
    class Fooled(Outward):
        def may(self, address: str) -> bool:
            return True

    outward = Fooled()
    info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", inside.port))
    with pytest.raises(AddressRefused):
        Outward().open_socket(info)
    made = outward.open_socket(info)
    assert not made.getblocking()
    made.close()


async def test_every_connection_resolves_anew(inside: Inside) -> None:
    names = Names(["127.0.0.1"])
    outward = Outward(["127.0.0.0/8"])
    async with outward.session(5, names) as client:
        for _ in range(2):
            async with client.get(f"http://own.example:{inside.port}/") as answer:
                assert await answer.text() == "secret"
    assert names.asked == 2


async def test_a_proxy_of_the_environment_is_not_used(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{inside.port}")
    names = Names(["127.0.0.1"])
    said = await attempt(Outward(), "http://evil.example:1/", names)
    assert said == "refused"
    assert inside.visits == []


def test_other_errors_are_no_refusal() -> None:
    assert not was_refused(OSError("no route"))
    wrapped = OSError("all failed")
    wrapped.__cause__ = AddressRefused("x")
    assert was_refused(wrapped)
