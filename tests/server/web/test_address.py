import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from cordee_server import keys
from cordee_server.settings import Listen, Settings
from cordee_server.web.address import address_of


class Transport:
    """As much of a transport as a request asks."""

    def __init__(self, address: str) -> None:
        self._address = address

    def get_extra_info(self, name: str, default: object = None) -> object:
        return (self._address, 1) if name == "peername" else default


@pytest.mark.parametrize(
    ("came_from", "forwarded", "address"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        # Nobody outside may say where they come from.
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["rubbish"], "rubbish"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: Settings, came_from: str, forwarded: list[str], address: str
) -> None:
    app = web.Application()
    app[keys.SETTINGS] = msgspec.structs.replace(
        settings, listen=Listen(proxies=("10.0.0.0/8",))
    )
    headers = CIMultiDict(("X-Forwarded-For", line) for line in forwarded)
    request = make_mocked_request(
        "GET", "/", headers=headers, transport=Transport(came_from)
    )
    assert address_of(request, app) == address
