"""The relay's parts, put together: for the app, and for the operator's command.

The composition root: the only place that knows which adapters are behind the ports.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.errors import SettingsError, Unavailable
from cordee_shared.journal.checkpoint import Signer

from .adapters.billing_files import Files, FolderSink
from .adapters.billing_webhook import WebhookSink
from .adapters.mail import FolderPost, SmtpPost
from .adapters.outward import Outward
from .adapters.pdf import FpdfPress
from .adapters.shelf import FileShelf
from .adapters.sql.deliveries import SqlDeliveries, SqlHeads
from .adapters.sql.engagements import SqlEngagements
from .adapters.sql.engine import Database, open_sqlite
from .adapters.sql.facts import SqlFacts
from .adapters.sql.journal import SqlJournal
from .adapters.sql.log import SqlLog
from .adapters.sql.privacy import SqlPrivacy
from .adapters.sql.staff import SqlStaff
from .adapters.sql.technicians import SqlTechnicians
from .adapters.sql.vault import SqlVault
from .adapters.system import SystemClock, SystemEntropy
from .evidence import LogStore
from .keyfiles import (
    add_webhook_secret,
    make_key_file,
    read_key_file,
    read_relay_key,
    read_webhook_secrets,
    relay_id,
)
from .papers import DocumentShelf
from .ports import BillingOutbox, Clock, Entropy
from .services.accounts import Accounts
from .services.agreements import Agreements
from .services.anchor import Anchor
from .services.billing import BillingService, replace_file
from .services.documents import Documents
from .services.engagements import EngagementService
from .services.evidence import Evidence
from .services.facts import Facts
from .services.handover import Handover
from .services.journal import JournalService
from .services.privacy import Privacy
from .services.technicians import TechnicianService
from .services.throttle import Throttle
from .settings import Mail, Settings
from .sinks import BillingSink, DeliveryStore

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows: there the port alone tells
    fcntl = None


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that outlives a session. Close it when done."""

    settings: Settings
    clock: Clock
    entropy: Entropy
    relay_key: Ed25519PrivateKey
    journal: JournalService
    #: The Merkle log over the journal.
    log: LogStore
    engagements: EngagementService
    agreements: Agreements
    technicians: TechnicianService
    accounts: Accounts
    billing: BillingService
    throttle: Throttle
    database: Database
    handover: Handover
    outbox: BillingOutbox
    deliveries: DeliveryStore
    #: Where records are sent; ``None``: nowhere but into files.
    sink: BillingSink | None
    documents: Documents
    evidence: Evidence
    privacy: Privacy
    #: Puts a checkpoint elsewhere every day; ``None``: nobody said where.
    anchor: Anchor | None
    #: The text of terms, by hash: those in force and those that were (R09).
    terms: DocumentShelf

    def close(self) -> None:
        """Write what is queued, then let go. Blocks; nothing runs any more."""
        self.technicians.close()
        self.database.close()


def initialise(settings: Settings) -> list[str]:
    """Make the data folder, its keys and its database; return what was made.

    What is there stays as it is: running it twice changes nothing.

    Raises:
        SettingsError: the folder cannot be made or written.
    """
    made: list[str] = []
    folder = settings.data
    if not folder.is_dir():
        try:
            folder.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise SettingsError(
                f"data: {folder}: cannot be made ({error.strerror}); "
                "expected a folder that can be written"
            ) from None
        made.append(str(folder))
    entropy = SystemEntropy()
    for file in (
        settings.relay_key_file,
        settings.seed_key_file,
        customer_key_file(settings),
    ):
        if not file.exists():
            make_key_file(file, entropy.token)
            made.append(str(file))
    if not settings.database_file.exists():
        # Names of customers are in it: not for other accounts of this machine.
        settings.database_file.touch(0o600)
        open_sqlite(settings.database_file).close()
        made.append(str(settings.database_file))
    return made


@contextmanager
def hold_folder(settings: Settings) -> Iterator[None]:
    """Keep a second relay off the data folder while one runs on it.

    It would take the first one's running sessions for unfinished ones and end them.

    Raises:
        SettingsError: another relay runs on it.
    """
    path = settings.data / "relay.lock"
    try:
        file = path.open("a", encoding="ascii")
    except OSError as error:
        raise SettingsError(
            f"data: {path}: cannot be written ({error.strerror})"
        ) from None
    with file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise SettingsError(
                    f"data: {settings.data}: another relay runs on it; stop that first"
                ) from None
        yield


def open_parts(settings: Settings, *, clock: Clock | None = None) -> Parts:
    """Open what ``cordee init`` made and put the services together.

    Raises:
        SettingsError: something is missing, damaged or locked; the sentence says what.
    """
    if not settings.relay_key_file.exists():
        raise SettingsError(
            f"data: {settings.data}: holds no relay yet; `cordee init` makes one"
        )
    relay_key = read_relay_key(settings.relay_key_file)
    seed_key = read_key_file(settings.seed_key_file)
    keep_terms(settings)
    database = open_sqlite(settings.database_file)
    clock, entropy = clock or SystemClock(), SystemEntropy()
    rows, agreements = SqlJournal(database), SqlEngagements(database)
    journal, log = JournalService(rows), SqlLog(database, Signer(relay_key))
    vault = SqlVault(read_key_file(customer_key_file(settings)), entropy.token)
    database.use_vault(vault)
    staff, people = SqlStaff(database), SqlTechnicians(database)
    technicians = TechnicianService(
        people,
        clock,
        entropy,
        seed_key,
        settings.provider.organisation,
        staff=staff,
    )
    facts = Facts(SqlFacts(database), relay_key, clock, settings.opening_hours())
    billing = BillingService(
        journal,
        rows,
        agreements,
        relay_key,
        clock,
        settings.billing_file,
        facts=facts,
    )
    engaging = EngagementService(agreements, settings, clock, entropy)
    deliveries, sink = SqlDeliveries(database), sink_of(settings, clock)
    return Parts(
        settings=settings,
        clock=clock,
        entropy=entropy,
        relay_key=relay_key,
        journal=journal,
        log=log,
        engagements=engaging,
        agreements=Agreements(engaging, billing, facts),
        technicians=technicians,
        accounts=Accounts(people, staff, technicians, clock),
        billing=billing,
        throttle=Throttle(clock, technicians.lock),
        database=database,
        handover=Handover(
            billing,
            rows,
            deliveries,
            SqlHeads(database),
            Files(settings.data),
            relay_id(relay_key),
            dialect=settings.billing.dialect(settings.zone),
            sink=sink.name if sink is not None else "",
        ),
        outbox=rows,
        deliveries=deliveries,
        sink=sink,
        evidence=Evidence(journal, log, agreements, rows, relay_key),
        privacy=Privacy(
            SqlPrivacy(database, vault, log),
            agreements,
            rows,
            SqlFacts(database),
            journal,
            SqlTechnicians(database),
            clock,
            settings.retention,
        ),
        anchor=None
        if settings.anchor.folder is None
        else Anchor(log, FileShelf(settings.anchor.folder), clock),
        documents=Documents(
            rows,
            agreements,
            facts,
            FileShelf(settings.documents_folder),
            FpdfPress,
            FolderPost(settings.mail_folder)
            if settings.mail is None
            else SmtpPost(settings.mail),
            settings.billing_provider,
            clock,
            ZoneInfo(settings.zone),
            settings.billing_file,
        ),
        terms=FileShelf(settings.terms_folder),
    )


def keep_terms(settings: Settings) -> None:
    """Keep the terms in force by their hash: an engagement is read under its own.

    Raises:
        SettingsError: they cannot be read or kept, or are not those that are named.
    """
    text = settings.terms_text()
    file = settings.terms_folder / f"{settings.terms.hash}.txt"
    try:
        if not file.exists():
            file.parent.mkdir(mode=0o700, exist_ok=True)
            replace_file(file, text.encode())
    except (OSError, Unavailable) as error:
        raise SettingsError(f"data: {file}: cannot be written ({error})") from None


def customer_key_file(settings: Settings) -> Path:
    """Return the file under whose key customers' keys lie; keep it out of backups."""
    return settings.data / "customers.key"


def sink_of(settings: Settings, clock: Clock) -> BillingSink | None:
    """Return where records are sent; ``None`` when the settings name nothing."""
    billing = settings.billing
    if billing.webhook_url:
        return webhook_to(billing.webhook_url, settings, clock)
    if billing.drop_folder is not None:
        return FolderSink(billing.drop_folder, billing.envelope)
    return None


def webhook_to(address: str, settings: Settings, clock: Clock) -> WebhookSink:
    """Return a receiver at this address, under the rules of the settings."""
    file = settings.webhook_secrets_file
    return WebhookSink(
        address,
        lambda: read_webhook_secrets(file),
        clock,
        Outward(settings.billing.allowed_networks),
        timeout_s=settings.billing.timeout_s,
        envelope=settings.billing.envelope,
    )


def new_webhook_secret(settings: Settings) -> str:
    """Make a secret for the webhook beside the former ones; return it, once.

    Raises:
        SettingsError: the file cannot be written, or is damaged.
    """
    return add_webhook_secret(settings.webhook_secrets_file, SystemEntropy().token)


def try_mail(settings: Mail) -> None:
    """Sign in at the mail server and leave again; nothing is sent.

    Raises:
        OSError, smtplib.SMTPException: it does not work; says why.
    """
    SmtpPost(settings).try_out()


def check_sending(settings: Settings) -> None:
    """Insist that what is to be sent can be, before the relay starts.

    Raises:
        SettingsError: no secret, no folder, or facts about the provider are missing.
    """
    billing = settings.billing
    if not billing.is_sending:
        return
    settings.billing_provider()
    if billing.webhook_url:
        read_webhook_secrets(settings.webhook_secrets_file)
    elif billing.drop_folder is not None and not billing.drop_folder.is_dir():
        raise SettingsError(
            f"billing.drop_folder: {billing.drop_folder}: expected a folder"
        )
