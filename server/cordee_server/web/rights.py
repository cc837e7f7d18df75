"""ONE table: who may ask for what (security.md 5, S-51).

Rules:

1. Deny by default: a route without a row answers nobody.
2. A row names a route of the app's router as it is written there, and its method;
   HEAD is GET. ``tests/server/web/test_rights.py`` walks table × roles × methods over
   the real router: a new route needs a row before it is green.
3. The row says who may ask; whose things they are shown is the service's to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from ..roles import ALL, HELPING, Role

#: (method, route): who may.
Key = tuple[str, str]


class Open(Enum):
    """Whom a row lets in besides roles."""

    #: No sign-in needed.
    TO_ALL = "to all"


Who = frozenset[Role] | Open

_ADMIN: Final = frozenset({Role.ADMIN})
#: Deeds on accounts: those who do them and those who check on them.
_CHECKING: Final = frozenset({Role.ADMIN, Role.AUDITOR})
#: The journal of everybody's sessions; read only, there is no other way to it.
_READING: Final = frozenset({Role.SUPERVISOR, Role.AUDITOR})

TABLE: Final[Mapping[Key, Who]] = MappingProxyType(
    {
        # the pages: they hold nothing, and nobody is signed in yet
        ("GET", "/"): Open.TO_ALL,
        ("GET", "/terms"): Open.TO_ALL,
        ("GET", "/privacy"): Open.TO_ALL,
        ("GET", "/download/{file}"): Open.TO_ALL,
        ("GET", "/welcome/{page}"): Open.TO_ALL,
        ("GET", "/console"): Open.TO_ALL,
        ("GET", "/console/{page}"): Open.TO_ALL,
        ("GET", "/healthz"): Open.TO_ALL,
        ("GET", "/readyz"): Open.TO_ALL,
        # the two sockets: an admin and an auditor cannot join a session
        ("GET", "/agent/v1"): Open.TO_ALL,
        ("GET", "/console/v1"): HELPING,
        # one's own sign-in
        ("POST", "/api/login"): Open.TO_ALL,
        ("POST", "/api/logout"): Open.TO_ALL,
        ("GET", "/api/me"): Open.TO_ALL,
        ("GET", "/api/me/sign-ins"): ALL,
        ("POST", "/api/me/sign-ins/revoke"): ALL,
        ("POST", "/api/me/recovery"): ALL,
        # helping
        ("GET", "/api/today"): HELPING,
        ("GET", "/api/history"): HELPING,
        ("GET", "/api/history-month"): HELPING,
        ("GET", "/api/history/{session}"): HELPING,
        ("GET", "/api/tariffs"): HELPING,
        ("GET", "/api/engagements"): HELPING,
        ("POST", "/api/engagements"): HELPING,
        ("GET", "/api/engagements/{engagement}"): HELPING,
        ("POST", "/api/engagements/{engagement}/facts"): HELPING,
        ("GET", "/api/documents"): HELPING,
        ("GET", "/api/documents/{record}"): HELPING,
        ("GET", "/api/documents/{record}/receipt"): HELPING,
        ("POST", "/api/documents/{record}/posted"): HELPING,
        # what happened
        ("GET", "/api/journal"): _READING,
        ("GET", "/api/journal/{session}"): _READING,
        # administration
        ("GET", "/api/office"): _ADMIN,
        ("GET", "/api/accounts"): _ADMIN,
        ("POST", "/api/accounts"): _ADMIN,
        ("GET", "/api/accounts/deeds"): _CHECKING,
        ("POST", "/api/accounts/{name}/role"): _ADMIN,
        ("POST", "/api/accounts/{name}/lock"): _ADMIN,
        ("POST", "/api/accounts/{name}/reset"): _ADMIN,
        ("GET", "/api/accounts/{name}/sign-ins"): _ADMIN,
        ("POST", "/api/accounts/{name}/sign-ins/revoke"): _ADMIN,
    }
)


#: What a page asks by itself, also when nobody looks: no sign-in lives longer by it.
BY_ITSELF: Final[frozenset[Key]] = frozenset({("GET", "/api/today")})


def who_may(method: str, route: str) -> Who:
    """Return whom a route answers; without a row: nobody."""
    return TABLE.get(("GET" if method == "HEAD" else method, route), frozenset())
