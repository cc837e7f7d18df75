"""Bringing a database up to date: Alembic, run by the program itself at start."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine

from cordee_shared.errors import SettingsError

_SCRIPTS: Final = Path(__file__).with_name("migrations")


def migrate(engine: Engine, to: str = "head") -> None:
    """Run what migrations are missing up to ``to``, all in one transaction.

    Raises:
        SettingsError: a newer version of this program wrote the database.
        SQLAlchemyError: the database did not answer; nothing changed.
    """
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, to)
        except CommandError as error:
            raise SettingsError(
                f"a newer version of Cordée wrote this database ({error}); use that one"
            ) from None
