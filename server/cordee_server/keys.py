"""The keys under which the app holds its parts; ``app.py`` fills them in."""

from __future__ import annotations

from typing import Final

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .ports import Clock
from .services.accounts import Accounts
from .services.agreements import Agreements
from .services.billing import BillingService
from .services.documents import Documents
from .services.engagements import EngagementService
from .services.evidence import Evidence
from .services.journal import JournalService
from .services.sessions import Sessions
from .services.technicians import TechnicianService
from .services.throttle import Throttle
from .settings import Settings

SETTINGS: Final = web.AppKey("settings", Settings)
CLOCK: Final = web.AppKey("clock", Clock)
RELAY_KEY: Final = web.AppKey("relay_key", Ed25519PrivateKey)
JOURNAL: Final = web.AppKey("journal", JournalService)
ENGAGEMENTS: Final = web.AppKey("engagements", EngagementService)
AGREEMENTS: Final = web.AppKey("agreements", Agreements)
ACCOUNTS: Final = web.AppKey("accounts", Accounts)
TECHNICIANS: Final = web.AppKey("technicians", TechnicianService)
BILLING: Final = web.AppKey("billing", BillingService)
DOCUMENTS: Final = web.AppKey("documents", Documents)
EVIDENCE: Final = web.AppKey("evidence", Evidence)
THROTTLE: Final = web.AppKey("throttle", Throttle)
SESSIONS: Final = web.AppKey("sessions", Sessions)
