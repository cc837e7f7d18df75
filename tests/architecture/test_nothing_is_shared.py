"""Nothing is shared with third parties unless somebody asked for it (terms, 11; R40).

The terms of 2021 let the provider pass customers' data on until they object by
registered letter; the law wants it the other way round (billing_legal.md L8). There is
no such function here: what leaves the relay goes to the two ends, to the customer, and
to the provider's own billing system once an operator names it.
"""

import ast
import re

import msgspec

from cordee_server.sections import Billing
from cordee_server.settings import Settings
from tests.architecture.sources import Module, console_modules, imported
from tests.architecture.sources import modules as all_modules

#: What can open a connection to somewhere else, as it is imported.
OUTWARD = re.compile(
    r"^(aiohttp\.ClientSession|smtplib|ftplib|http\.client|urllib\.request|"
    r"httpx|xmlrpc|telnetlib|websockets|paramiko)(\.|$)"
)
#: Who may, and to whom.
MAY = {
    "agent/cordee_agent/link.py": "the relay that this agent is for",
    "server/cordee_server/adapters/mail.py": "the customer, by the provider's server",
    "server/cordee_server/adapters/outward.py": "the provider's billing",
    "server/cordee_server/demo.py": "this machine",
    "server/cordee_server/doctor.py": "what the operator's settings name, to look",
    "server/cordee_server/local_console.py": "the relay that a technician names",
    "server/cordee_server/verify_console.py": "the relay that a technician names",
}


def opens_connections(module: Module) -> bool:
    """Tell whether a module can connect to another machine by itself."""
    names = set(imported(module.tree))
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
    }
    return any(OUTWARD.match(name) for name in names | calls) or any(
        call in ("socket.create_connection", "asyncio.open_connection")
        for call in calls
    )


def test_r40_only_these_modules_reach_out_and_each_is_asked_for() -> None:
    found = {m.name for m in all_modules() if opens_connections(m)}
    assert found - MAY.keys() == set()
    # The guard knows what it looks for, and nothing in the list is out of date.
    assert MAY.keys() - found == set()


def test_r40_a_relay_that_nobody_told_to_sends_nothing_anywhere() -> None:
    defaults = {field.name: field for field in msgspec.structs.fields(Settings)}
    assert defaults["mail"].default is None
    assert defaults["billing"].default == Billing()
    assert not Billing().is_sending


def test_r40_the_console_speaks_with_its_own_relay_only() -> None:
    spoken = re.compile(r"""["'`](?:https?|wss?)://(?!\$\{)([a-z0-9.-]+)""")
    hosts = {
        host
        for _, text in console_modules()
        for host in spoken.findall(text)
        if host not in ("www.w3.org", "localhost", "127.0.0.1")
    }
    assert hosts == set()
