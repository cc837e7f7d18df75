"""Logs: one JSON object a line, facts with fields, whatever somebody sends (S-46).

A secret has no business in a log; a field that is called like one is left out all
the same, so that a slip stays a slip.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final, TextIO

import structlog

#: Longest text of one field.
FIELD_MAX: Final = 500
#: A traceback says where a bug is; it may be longer.
_TRACE_MAX: Final = 10_000
_SECRETS: Final = frozenset({"password", "totp", "secret", "seed", "token", "cookie"})

_Event = MutableMapping[str, Any]


def without_secrets(_logger: object, _method: str, event: _Event) -> _Event:
    """Leave out what is called like a secret."""
    for name in _SECRETS & event.keys():
        event[name] = "(left out)"
    return event


def bounded(_logger: object, _method: str, event: _Event) -> _Event:
    """Cut what is too long: a peer may send anything."""
    for name, value in event.items():
        most = _TRACE_MAX if name == "exception" else FIELD_MAX
        if isinstance(value, bytes):
            value = value[:most].hex()
        if not isinstance(value, bool | int | float | None):
            text = str(value)
            event[name] = text if len(text) <= most else f"{text[:most]}…"
    return event


def configure(out: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Send every log, ours and the libraries', to ``out`` as JSON lines.

    Args:
        out: where to; standard error without.
        level: least level that is written.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
        without_secrets,
        bounded,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # ASCII: no line separator of any alphabet gets through.
                structlog.processors.JSONRenderer(ensure_ascii=True, sort_keys=True),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Each statement and each migration step is no fact of ours.
    for noisy in ("alembic", "sqlalchemy", "aiohttp.access", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
