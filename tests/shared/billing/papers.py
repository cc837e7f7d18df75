"""Providers and customers for tests of documents; every one of them is made up."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from cordee_shared.billing.addressee import Addressee
from cordee_shared.billing.provider import Provider, Vat, VatRegime
from cordee_shared.billing.siren import vat_number_of

PARIS: Final[dt.tzinfo] = ZoneInfo("Europe/Paris")

FRANCHISE: Final = Provider.from_toml(
    """\
name = "Micro-Alpes"
person = "Lemaistre Olivier"
legal_form = "EI"
siren = "828971028"
ape = "6202A"
phones = ["06 86 22 95 74", "04 79 07 11 96"]
email = "contact@micro-alpes.fr"
website = "http://www.micro-alpes.fr"
payment_means = ["transfer"]

[address]
lines = ["Les Carcavelles A3"]
postcode = "73210"
city = "LANDRY"

[vat]
regime = "franchise"

[[vat.mentions]]
text = "TVA non applicable, art. 293 B du CGI"

[mediator]
name = "Médiateur d’essai"
address = "1 rue de l’Essai, 75000 Paris"
website = "https://mediateur.example"
"""
)
STANDARD: Final = replace(
    FRANCHISE,
    vat=Vat(
        regime=VatRegime.STANDARD,
        rate_bp=2000,
        number=vat_number_of(FRANCHISE.siren),
    ),
)

CONSUMER: Final = Addressee(
    name="Mme Martin",
    email="martin@example.org",
    post=("12 rue des Lilas", "73000 CHAMBÉRY"),
)
PROFESSIONAL: Final = Addressee(
    name="Boulangerie Duval",
    is_professional=True,
    siren="732829320",
    email="duval@example.org",
    post=("3 place du Marché", "73200 ALBERTVILLE"),
)
