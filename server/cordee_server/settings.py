"""Settings: read once from a TOML file and the environment, then frozen.

Rules:

1. A wrong setting stops the relay before it starts, with one sentence that names the
   key, the file's line where there is one, and what was expected.
2. ``CORDEE_<SECTION>_<KEY>`` in the environment wins over the file, for every key
   but the tariffs.
3. Sizes are no settings: both ends count on them (``limits.py``).
4. A console is served over https, or over http to this very machine: browsers hold
   keys and cookies back anywhere else.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, get_args, get_origin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from cordee_shared.billing.calendar import OpeningHours
from cordee_shared.billing.contract import CONTRACTS, Contract
from cordee_shared.billing.policy import DEFAULT_POLICY, POLICIES, Policy
from cordee_shared.billing.provider import Provider as BillingProvider
from cordee_shared.errors import SettingsError

from .front import Branding as Branding
from .front import Downloads as Downloads
from .origins import HERE, is_origin
from .provider import read_provider
from .sections import Anchor as Anchor
from .sections import Billing as Billing
from .sections import Deadlines as Deadlines
from .sections import Listen as Listen
from .sections import Mail as Mail
from .sections import Provider as Provider
from .sections import Retention as Retention
from .sections import Section, Text
from .sections import Terms as Terms
from .sections import Tls as Tls
from .sections import Usual as Usual
from .sections import Watch as Watch
from .tariffs import TariffBook, TariffRow, read_tariffs
from .terms import read_terms
from .whereabouts import parse, place, read_text, sentence

#: Where the file is looked for when nobody names one.
DEFAULT_FILE: Final = Path("cordee.toml")
#: In the environment, but no settings.
_NO_SETTINGS: Final = frozenset({"CORDEE_CONFIG"})


class Settings(Section, frozen=True):
    """Everything that an operator decides."""

    provider: Provider
    terms: Terms
    #: Rows of prices, here or in files of their own, or both.
    tariffs: tuple[TariffRow, ...] = ()
    tariff_files: tuple[Path, ...] = ()
    #: Database, keys and the billing file.
    data: Path = Path("data")
    listen: Listen = Listen()
    watch: Watch = Watch()
    tls: Tls | None = None
    #: What browsers have in their address bar: scheme, host, port. Empty: this
    #: machine, by http.
    public_origin: str = ""
    #: Days of tariffs begin at midnight here.
    zone: Text = "Europe/Paris"
    #: Good Friday and 26 December are holidays as well (R04).
    alsace_moselle: bool = False
    #: Which rules turn time into units (``cordee_shared.billing.policy``).
    policy: Text = DEFAULT_POLICY.id
    #: The operator's own rules, in the form of the shipped ones; wins over ``policy``.
    policy_file: Path | None = None
    #: Who bills, as documents print it; nothing leaves the house without it.
    provider_file: Path = Path("provider.toml")
    usual: Usual = Usual()
    deadlines: Deadlines = Deadlines()
    retention: Retention = Retention()
    anchor: Anchor = Anchor()
    billing: Billing = Billing()
    #: Where documents are handed over by SMTP; without it: files in ``data/mail``.
    mail: Mail | None = None
    #: What customers find at the relay's address.
    downloads: Downloads = Downloads()
    branding: Branding = Branding()

    @property
    def origin(self) -> str:
        """The one origin that browsers may come from, exactly as they send it."""
        return self.public_origin or f"http://localhost:{self.listen.port}"

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the console by https."""
        return self.origin.startswith("https://")

    @property
    def database_file(self) -> Path:
        """The SQLite database."""
        return self.data / "cordee.db"

    @property
    def relay_key_file(self) -> Path:
        """The relay's long-term Ed25519 key."""
        return self.data / "relay.key"

    @property
    def seed_key_file(self) -> Path:
        """The key that seals the seeds of second factors."""
        return self.data / "seeds.key"

    @property
    def billing_file(self) -> Path:
        """Where billing records are handed over, one JSON line each."""
        return self.data / "billing.jsonl"

    @property
    def documents_folder(self) -> Path:
        """Where the document of every intervention is kept."""
        return self.data / "documents"

    @property
    def mail_folder(self) -> Path:
        """Where documents wait as e-mails when no mail server is named."""
        return self.data / "mail"

    @property
    def webhook_secrets_file(self) -> Path:
        """What the webhook is signed with, the newest first, one a line."""
        return self.data / "webhook.secrets"

    def rules(self) -> tuple[Policy, Contract]:
        """Return the policy in force and what it asks customers.

        Raises:
            SettingsError: the policy's file cannot be read, or is wrong.
        """
        if self.policy_file is None:
            return POLICIES[self.policy], CONTRACTS[self.policy]
        text, where = read_text(self.policy_file), str(self.policy_file)
        try:
            return Policy.from_toml(text, where), Contract.from_toml(text, where)
        except SettingsError as error:
            said = str(error)
            raise SettingsError(
                said if said.startswith(where) else f"{where}: {said}"
            ) from None

    def billing_provider(self) -> BillingProvider:
        """Return who bills; for documents and whatever else leaves the house.

        Raises:
            SettingsError: facts are missing or wrong: billing refuses to start.
        """
        facts = read_provider(self.provider_file)
        if facts.name != self.provider.organisation:
            raise SettingsError(
                f"{self.provider_file}: name: expected what customers are shown, "
                f"provider.organisation ({self.provider.organisation!r}); "
                f"got {facts.name!r}"
            )
        return facts

    @property
    def terms_folder(self) -> Path:
        """Where the text of terms is kept by its hash, also of those that were."""
        return self.data / "terms"

    def terms_text(self) -> str:
        """Return the general terms in force, word for word (R09).

        Raises:
            SettingsError: they cannot be read, or are not those of ``terms.hash``.
        """
        return read_terms(self.terms.file, self.terms.hash)

    def tariff_book(self) -> TariffBook:
        """Return the tariffs, in order (R05)."""
        return TariffBook.of(self.tariffs, self.zone)

    def opening_hours(self) -> OpeningHours:
        """Return when the provider can be called: flags a session, never stops one."""
        return OpeningHours(ZoneInfo(self.zone), alsace_moselle=self.alsace_moselle)


def load(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """Read the settings.

    Args:
        file: the file named by the operator; ``None``: ``CORDEE_CONFIG``, else
            ``cordee.toml`` here if there is one.
        environment: variables; only those that begin with ``CORDEE_`` are read.

    Raises:
        SettingsError: which key, which line, what was expected.
    """
    named = file or (
        Path(environment["CORDEE_CONFIG"]) if environment.get("CORDEE_CONFIG") else None
    )
    text = ""
    if named is not None or DEFAULT_FILE.exists():
        file = named or DEFAULT_FILE
        text = read_text(file)
    where = str(file or "no settings file")
    value = parse(text, where)
    from_environment = _overlay(value, environment)
    try:
        settings = msgspec.convert(value, Settings, dec_hook=_path_from)
    except msgspec.ValidationError as error:
        raise sentence(str(error), text, where, from_environment) from None
    _check(settings, text, where)
    settings = _beside(settings, file)
    rows = (*settings.tariffs, *read_tariffs(settings.tariff_files))
    settings = msgspec.structs.replace(settings, tariffs=rows)
    try:
        settings.tariff_book()
    except SettingsError as error:
        raise SettingsError(f"{place(text, where, ['tariffs'])}: {error}") from None
    settings.rules()
    return settings


def _beside(settings: Settings, file: Path | None) -> Settings:
    """Take relative paths from the file's folder, not from wherever one stands."""
    folder = file.resolve().parent if file else Path.cwd()
    tls = settings.tls
    if tls is not None:
        tls = Tls(cert=folder / tls.cert, key=folder / tls.key)
    own, billing = settings.policy_file, settings.billing
    terms = msgspec.structs.replace(settings.terms, file=folder / settings.terms.file)
    mail = settings.mail
    if mail is not None and mail.password_file is not None:
        word = folder / mail.password_file
        mail = msgspec.structs.replace(mail, password_file=word)
    if billing.drop_folder is not None:
        drop = folder / billing.drop_folder
        billing = msgspec.structs.replace(billing, drop_folder=drop)
    return msgspec.structs.replace(
        settings,
        data=folder / settings.data,
        tls=tls,
        terms=terms,
        tariff_files=tuple(folder / one for one in settings.tariff_files),
        anchor=settings.anchor.beside(folder),
        billing=billing,
        mail=mail,
        downloads=settings.downloads.beside(folder),
        branding=settings.branding.beside(folder),
        policy_file=None if own is None else folder / own,
        provider_file=folder / settings.provider_file,
    )


# --- the environment ---------------------------------------------------------------


def _names() -> dict[str, tuple[tuple[str, ...], object]]:
    """Return every variable's name, the key it sets and that key's type."""
    found: dict[str, tuple[tuple[str, ...], object]] = {}
    sections: dict[str, type[Section]] = {
        "listen": Listen,
        "watch": Watch,
        "tls": Tls,
        "provider": Provider,
        "terms": Terms,
        "usual": Usual,
        "deadlines": Deadlines,
        "retention": Retention,
        "anchor": Anchor,
        "billing": Billing,
        "mail": Mail,
        "downloads": Downloads,
        "branding": Branding,
    }
    for field in msgspec.structs.fields(Settings):
        section = sections.get(field.name)
        if section is not None:
            for inner in msgspec.structs.fields(section):
                path = (field.name, inner.name)
                found["_".join(("CORDEE", *path)).upper()] = (path, inner.type)
        elif field.name != "tariffs":
            found[f"CORDEE_{field.name}".upper()] = ((field.name,), field.type)
    return found


def _overlay(
    value: dict[str, Any], environment: Mapping[str, str]
) -> dict[tuple[str, ...], str]:
    """Put the environment's settings over the file's; return what came from where.

    Raises:
        SettingsError: a variable of ours that sets nothing.
    """
    names = _names()
    ours = tuple(f"CORDEE_{p[0].upper()}_" for p, _ in names.values() if p[1:])
    came: dict[tuple[str, ...], str] = {}
    for name, given in environment.items():
        if name in _NO_SETTINGS or not name.startswith("CORDEE_"):
            continue
        if name not in names:
            if name.startswith(ours):
                raise SettingsError(
                    f"environment: {name}: expected one of {', '.join(sorted(names))}"
                )
            continue  # the agent's and the tests' variables live there too
        path, kind = names[name]
        at = value
        for key in path[:-1]:
            inner = at.setdefault(key, {})
            if not isinstance(inner, dict):
                break  # the file holds something else there: said by the conversion
            at = inner
        else:
            at[path[-1]] = _from_text(given, kind)
            came[path] = name
    return came


def _from_text(given: str, kind: Any) -> object:  # noqa: ANN401 - a type, or an alias of one
    """Give a variable's text the type of its key; the conversion judges the rest."""
    if hasattr(kind, "__metadata__"):
        kind = kind.__origin__
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        parts = (part.strip() for part in given.split(","))
        return [_from_text(part, inner) for part in parts if part]
    if kind is bool:
        return {"true": True, "false": False}.get(given.lower(), given)
    if kind is int:
        try:
            return int(given)
        except ValueError:
            return given
    return given


def _path_from(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str) and value:
        return Path(value)
    raise ValueError("Expected a path")


# --- what a type cannot say ----------------------------------------------------------


def _check(settings: Settings, text: str, where: str) -> None:
    def wrong(key: str, why: str) -> SettingsError:
        return SettingsError(f"{place(text, where, key.split('.'))}: {key}: {why}")

    if settings.public_origin and not is_origin(settings.public_origin):
        raise wrong(
            "public_origin",
            "expected https://host or https://host:port, nothing after it, or "
            f"http://localhost:port on this machine; got {settings.public_origin!r}",
        )
    for proxy in settings.listen.proxies:
        try:
            ipaddress.ip_network(proxy)
        except ValueError:
            raise wrong(
                "listen.proxies", f"expected addresses or networks; got {proxy!r}"
            ) from None
    if not settings.is_secure:
        if settings.tls is not None:
            raise wrong("public_origin", "expected an https origin, since tls is set")
        if settings.listen.address not in HERE:
            raise wrong(
                "listen.address",
                "expected 127.0.0.1 while public_origin is http: passwords would cross "
                "the network in clear; set public_origin to the https address",
            )
    for section in ("billing", "mail", "branding"):
        held: Billing | Mail | Branding | None = getattr(settings, section)
        if held is not None and (found := held.mistake()) is not None:
            raise wrong(f"{section}.{found[0]}", found[1])
    if settings.deadlines.tick_s > 60:
        raise wrong(
            "deadlines.tick_s", "expected at most 60: a crash costs one of them"
        )
    if settings.policy not in POLICIES:
        raise wrong(
            "policy", f"expected one of {', '.join(POLICIES)}; got {settings.policy!r}"
        )
    try:
        ZoneInfo(settings.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong(
            "zone", f"expected a time zone like Europe/Paris; got {settings.zone!r}"
        ) from None
