"""No payment is recorded and no real invoice is numbered, by design (issue 6, 7).

Recording payments would make this cash-register software (CGI 286-I-3° bis); numbering
invoices would make it the keeper of an unbroken sequence. Both belong to the billing
system. What is handed over are rated sessions and drafts.
"""

import ast
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect
from typer.main import get_command

from cordee_server.adapters.sql.engine import open_sqlite
from cordee_server.adapters.sql.tables import METADATA
from cordee_server.cli import app
from cordee_server.ports import Engagement, Outgoing
from cordee_shared.billing.facts import FORMS, FactKind
from cordee_shared.billing.record import Agreed, BillingRecord, Weighed
from tests.architecture.sources import Module, console_modules, modules

#: Words of money that has changed hands. ``paid_states`` are states that cost, and
#: ``payment_means`` is a list that documents print (B07); neither says who paid what.
PAID = re.compile(
    r"(?<![a-z])(pay(?!_?load|pal)[a-z]*|paid|settled_at|received_cents|encaiss[a-z]*|"
    r"règlement_reçu|acquitt[a-z]*|receipt_of_payment|iban_of_customer|card_number)"
)
#: Words of a sequence of invoices.
NUMBERED = re.compile(
    r"(invoice|facture)_?(no|number|numero|seq|sequence|counter)(?![a-z])|"
    r"(next|last)_(invoice|facture)|numero_(de_)?facture"
)
#: What a name may be that only looks like it, and why.
MEANT = {
    "paid_states": "states that cost: a rule, no event",
    "payment_means": "what documents print as accepted (B07)",
    "late_payment": "the terms' wording for professionals (B10)",
    "payment_terms": "what documents print as due (B10)",
}


def speaks_of_money_received(name: str) -> bool:
    """Tell whether a name is for a payment, or for an invoice's number."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_")
    for meant in MEANT:
        plain = plain.replace(meant, "")
    words = plain.replace("_", " ")
    return bool(PAID.search(words) or NUMBERED.search(plain))


@pytest.mark.parametrize(
    ("name", "speaks"),
    [
        ("paid", True),
        ("paid_at", True),
        ("paymentReceived", True),
        ("invoice_number", True),
        ("next_invoice", True),
        ("encaissement", True),
        ("numero_facture", True),
        ("payload", False),
        ("paid_states", False),
        ("payment_means", False),
        ("price_cents", False),
        ("invoice", False),
    ],
)
def test_b07_the_guard_knows_what_it_looks_for(name: str, speaks: bool) -> None:
    assert speaks_of_money_received(name) is speaks


# --- what is kept -------------------------------------------------------------------


def test_b07_no_table_has_a_place_for_a_payment_or_an_invoices_number(
    tmp_path: Path,
) -> None:
    declared = [
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
    ]
    database = open_sqlite(tmp_path / "cordee.db")
    database.close()
    engine = create_engine(f"sqlite:///{tmp_path / 'cordee.db'}")
    made = [
        f"{table}.{column['name']}"
        for table in inspect(engine).get_table_names()
        for column in inspect(engine).get_columns(table)
    ]
    engine.dispose()
    assert len(made) >= len(declared) > 30
    names = [part for name in (*declared, *made) for part in name.split(".")]
    assert [name for name in names if speaks_of_money_received(name)] == []


@pytest.mark.parametrize("kept", [BillingRecord, Agreed, Weighed, Engagement, Outgoing])
def test_b07_no_record_has_a_field_for_it(kept: type) -> None:
    names = [field.name for field in dataclasses.fields(kept)]
    assert [name for name in names if speaks_of_money_received(name)] == []


def test_b07_no_fact_of_an_engagement_is_a_payment() -> None:
    names = [kind.value for kind in FactKind]
    names += [key for form in FORMS.values() for key in form]
    assert [name for name in names if speaks_of_money_received(name)] == []


# --- what can be done ---------------------------------------------------------------


def commands(command: object, path: str = "") -> Iterator[str]:
    """Yield every command and every option of it."""
    for name, one in getattr(command, "commands", {}).items():
        yield name
        for option in one.params:
            yield option.name
        yield from commands(one, f"{path} {name}")


def test_b07_no_command_takes_a_payment_or_numbers_an_invoice() -> None:
    found = list(commands(get_command(app)))
    assert "export" in found
    assert [name for name in found if speaks_of_money_received(name)] == []


def names_in(module: Module) -> Iterator[str]:
    """Yield every name that a module defines: functions, classes, fields, keys."""
    for node in ast.walk(module.tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Name(ctx=ast.Store()):
                yield node.id
            case ast.AnnAssign(target=ast.Attribute() as target):
                yield target.attr
            case ast.arg():
                yield node.arg


OURS = [m for m in modules() if m.folder in ("shared", "server")]


@pytest.mark.parametrize("module", OURS, ids=[m.name for m in OURS])
def test_b07_no_module_defines_anything_for_it(module: Module) -> None:
    found = [name for name in names_in(module) if speaks_of_money_received(name)]
    assert found == []


def test_b07_no_page_of_the_console_asks_for_it() -> None:
    names = re.compile(r"(?:const|let|function|class)\s+(\w+)|(\w+)\s*[:=(]")
    found = [
        (file, word)
        for file, text in console_modules()
        for words in names.findall(text)
        for word in words
        if word and speaks_of_money_received(word)
    ]
    assert found == []
