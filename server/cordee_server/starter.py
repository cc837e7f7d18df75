"""The settings file that ``cordee init`` writes for a new relay."""

from __future__ import annotations

import json
import re
from typing import Final

from cordee_shared.billing.policy import DEFAULT_POLICY
from cordee_shared.limits import HALF_HOUR_S

from .provider import TEMPLATE

_TEXT: Final = """\
# Settings of this relay. Each key can be set in the environment as well, where
# CORDEE_LISTEN_PORT wins over [listen] port, and so on.

# Database, keys and the billing file; taken from this file's folder.
data = "data"
# What browsers have in their address bar. Without it: http://localhost, this machine.
# public_origin = "https://help.example"
# Rules by which time becomes units.
policy = {policy}

[listen]
address = "127.0.0.1"
port = {port}

[provider]
organisation = {organisation}
phone = {phone}
# Shown beside the phone to customers who have questions.
# email = "contact@example.fr"

# The general terms that customers read and agree to: their text, and its SHA-256.
[terms]
version = {terms_version}
file = "terms.txt"
hash = {terms_hash}

# A price never changes: give its row a valid_to, and the next row a valid_from.
[[tariffs]]
id = "remote"
label = {label}
price_cents = {price_cents}
unit_s = {unit_s}
minimum_units = 1
"""


#: Keys that are another business's facts, never a new one's.
_FACTS: Final = re.compile(
    r"^(person|siren|ape|phones|email|website|lines|postcode|city) = ", re.MULTILINE
)
#: What stands in the shipped file, by name.
_SHIPPED: Final = "Micro-Alpes"


def provider_starter(organisation: str) -> str:
    """Return ``provider.toml`` to fill in; the shipped business has its own facts.

    Whatever is missing is commented out, so that billing names it (R42).
    """
    text = TEMPLATE.read_text(encoding="utf-8")
    if organisation == _SHIPPED:
        return text
    text = _FACTS.sub(lambda key: f"# REQUIS\n# {key[0]}", text)
    name = json.dumps(organisation, ensure_ascii=False).replace("\x7f", "\\u007f")
    return text.replace(f'name = "{_SHIPPED}"', f"name = {name}", 1)


def starter(
    *,
    organisation: str,
    phone: str,
    terms_version: str,
    terms_hash: str,
    price_cents: int,
    port: int = 8080,
) -> str:
    """Return a settings file that works as it is, on this machine."""

    def quoted(text: str) -> str:
        # A JSON string is a TOML basic string, once DEL is escaped as well.
        return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

    return _TEXT.format(
        policy=quoted(DEFAULT_POLICY.id),
        port=port,
        organisation=quoted(organisation),
        phone=quoted(phone),
        terms_version=quoted(terms_version),
        terms_hash=quoted(terms_hash),
        label=quoted("Assistance à distance, par demi-heure commencée"),
        price_cents=price_cents,
        unit_s=HALF_HOUR_S,
    )
