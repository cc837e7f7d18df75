"""``cordee sidecar``: the small file that tells an agent which relay it belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cordee_shared.canonical import b64
from cordee_shared.provision import SIDECAR, Provision

from .commands import Config, say, with_parts
from .keyfiles import public_bytes
from .parts import Parts


def sidecar(
    out: Annotated[
        Path, typer.Option("--out", help="Where to write it; beside the program.")
    ] = Path(SIDECAR),
    config: Config = None,
) -> None:
    """Write what lies beside a downloaded agent: address, key, your name and phone.

    Only where the file's own name cannot tell it: on a stick, in a package.
    """

    async def work(parts: Parts) -> None:
        settings = parts.settings
        key = parts.relay_key
        belongs = Provision(
            settings.origin,
            b64(public_bytes(key)),
            settings.provider.organisation,
            settings.provider.phone,
        )
        out.write_bytes(belongs.sidecar(key))

    with_parts(config, work)
    say(f"{out}: put it beside the agent's file, under this name: {SIDECAR}")
