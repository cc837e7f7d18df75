"""Connections to other systems: only to addresses that anybody could reach (S-47).

Whoever may name an address for the relay to call could have it call the router, the
database or the cloud's metadata service. Rules:

1. Judged is the address that a connection really goes to, at the moment it is made:
   a name that resolved well before and badly now is refused (rebinding), and so is an
   address that was written out, in whatever way.
2. An address that carries another one inside (IPv4 in IPv6, 6to4, NAT64, Teredo) is as
   good as the one inside.
3. What is not global is reached only in networks that the operator has named.
4. No proxy from the environment, no cookies, no connection kept.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: RFC 6052: how networks without IPv4 write the IPv4 address in the last 32 bits.
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
#: For protocols; older Pythons take single addresses in it for global.
_PROTOCOLS: Final = ipaddress.IPv4Network("192.0.0.0/24")
#: RFC 8215: translated wherever the network's owner likes.
_LOCAL_NAT64: Final = ipaddress.IPv6Network("64:ff9b:1::/48")


class AddressRefused(OSError):
    """The address is not one that anybody could reach, and nobody allowed it."""


class Outward:
    """Which addresses may be connected to."""

    def __init__(self, networks: Iterable[str] = ()) -> None:
        """Allow these networks besides everything that is global.

        Raises:
            ValueError: one is no network.
        """
        self._networks: tuple[_Network, ...] = tuple(
            ipaddress.ip_network(text) for text in networks
        )

    def may(self, address: str) -> bool:
        """Tell whether a connection to this address may be made."""
        try:
            # Link-local ones come with their interface: fe80::1%eth0.
            found = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return self._is_named(found) or all(
            _is_global(one) or self._is_named(one) for one in _with_inner(found)
        )

    def _is_named(self, address: _Address) -> bool:
        return any(
            address in network
            for network in self._networks
            if network.version == address.version
        )

    def check(self, address: str) -> None:
        """Insist that this address may be connected to.

        Raises:
            AddressRefused: it may not.
        """
        if not self.may(address):
            raise AddressRefused(f"{address} is not a public address")

    def open_socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """Make the socket for one address, or refuse; the last word on any of them.

        Raises:
            AddressRefused: the address may not be connected to.
        """
        family, kind, protocol, _, where = info
        self.check(str(where[0]))
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    def session(
        self, timeout_s: float, resolver: AbstractResolver | None = None
    ) -> aiohttp.ClientSession:
        """Return a client that connects to nothing else. Close it when done.

        Args:
            timeout_s: for a request and its answer's head, all told.
            resolver: what turns names into addresses; the system's when ``None``.
        """
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(self, resolver or ThreadedResolver()),
            use_dns_cache=False,
            socket_factory=self.open_socket,
            force_close=True,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=timeout_s),
            trust_env=False,
            auto_decompress=False,
        )


class GuardedResolver(AbstractResolver):
    """Names to addresses, those that may not be connected to left out."""

    def __init__(self, outward: Outward, inner: AbstractResolver) -> None:
        self._outward = outward
        self._inner = inner

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        """Resolve a name.

        Raises:
            AddressRefused: it has addresses, and none that may be connected to.
            OSError: it cannot be resolved.
        """
        found = await self._inner.resolve(host, port, family)
        good = [one for one in found if self._outward.may(one["host"])]
        if found and not good:
            raise AddressRefused(f"{host} has no public address")
        return good

    async def close(self) -> None:
        """Let go of the resolver behind."""
        await self._inner.close()


def was_refused(error: BaseException) -> bool:
    """Tell whether an error of the client comes from a refused address."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, AddressRefused):
            return True
        if isinstance(seen, aiohttp.ClientConnectorError) and isinstance(
            seen.os_error, AddressRefused
        ):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _with_inner(address: _Address) -> Iterable[_Address]:
    """Yield what a connection to an address may reach."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
    elif address.ipv4_mapped is not None:
        yield address.ipv4_mapped  # nothing but another way to write it
    elif address in _NAT64:
        yield ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    else:
        yield address
        if address.sixtofour is not None:
            yield address.sixtofour
        if address.teredo is not None:
            yield from address.teredo


def _is_global(address: _Address) -> bool:
    """Tell whether anybody could reach it; Python counts more among the global."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.is_site_local or address in _LOCAL_NAT64:
            return False
    elif address in _PROTOCOLS:
        return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )
