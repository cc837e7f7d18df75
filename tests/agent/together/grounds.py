"""A ground for handlers to stand on, and what they did on it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from cordee_agent.channels import Ground
from cordee_shared.canonical import Json
from cordee_shared.session.language import Language
from cordee_shared.session.machine import Kind
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.picture import Layout
from tests.clock import ManualClock


@dataclass
class Did:
    """What a handler did with its session."""

    clock: ManualClock = field(default_factory=ManualClock)
    sealed: list[tuple[Channel, bytes]] = field(default_factory=list)
    acts: list[tuple[Kind, Mapping[str, Json]]] = field(default_factory=list)
    changes: int = 0
    #: Whether there is a line to send on.
    is_open: bool = True
    #: The monitors that the technician sees.
    layout: Layout | None = None

    def seal(self, channel: Channel, payload: bytes) -> None:
        """Note it, unless the line is shut."""
        if self.is_open:
            self.sealed.append((channel, payload))

    async def send(self, channel: Channel, payload: bytes) -> bool:
        """Note it; there is always room."""
        self.seal(channel, payload)
        return self.is_open

    def act(self, kind: Kind, data: Mapping[str, Json]) -> None:
        """Note it."""
        self.acts.append((kind, data))

    def changed(self) -> None:
        """Count it."""
        self.changes += 1


def ground(group: asyncio.TaskGroup, did: Did | None = None) -> Ground:
    """Return a ground on which ``did`` notes what happens."""
    did = did or Did()
    return Ground(
        did.seal,
        did.send,
        did.act,
        did.changed,
        did.clock,
        Language.FR,
        lambda: did.layout,
        group,
    )
