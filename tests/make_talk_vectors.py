"""Writes ``shared/vectors/talk.json``: what may be said on the chat channel.

``python -m tests.make_talk_vectors``
"""

import json
from collections.abc import Callable
from typing import Any, Final

from cordee_shared.errors import CordeeError
from cordee_shared.limits import (
    MACHINE_LINES_MAX,
    MARK_POINTS_MAX,
    MARK_S,
    SAID_KEPT,
    SAID_MAX,
    TALK_MAX,
)
from cordee_shared.wire.talk import (
    from_agent,
    from_console,
    words,
)
from tests.make_vectors import VECTORS

#: What each side might send; a string is sent as it stands, anything else as JSON.
AGENT: Final[tuple[Any, ...]] = (
    {"t": "say", "id": 1, "text": "Bonjour, je n’ai plus d’imprimante 🖨"},
    {"t": "say", "id": 2, "text": "deux\nlignes\tet un tabulateur"},
    {"t": "say", "id": 3, "text": "é" * SAID_MAX},
    {"t": "say", "id": 3, "text": "é" * (SAID_MAX + 1)},
    {"t": "say", "id": 3, "text": ""},
    {"t": "say", "id": 3, "text": "une\rligne"},
    {"t": "say", "id": 3, "text": "échap\u001b[2J"},
    {"t": "say", "id": 0, "text": "zéro"},
    {"t": "say", "id": 1.5, "text": "demi"},
    {"t": "say", "id": 2**53, "text": "trop"},
    {"t": "say", "id": "1", "text": "texte"},
    {"t": "say", "id": 1},
    {"t": "say", "id": 1, "text": "un champ de plus", "at": 3},
    {"t": "got", "id": 7},
    {"t": "seen", "id": 7},
    {"t": "seen"},
    {"t": "clip", "n": 1, "yes": True},
    {"t": "clip", "n": 1, "yes": 1},
    {"t": "clip", "n": -1, "yes": False},
    {"t": "machine", "n": 1, "lines": ["Système : Debian 12", "Mémoire : 8 Go"]},
    {"t": "machine", "n": 1, "lines": []},
    {"t": "machine", "n": 1, "lines": ["x" * 200] * MACHINE_LINES_MAX},
    {"t": "machine", "n": 1, "lines": ["x"] * (MACHINE_LINES_MAX + 1)},
    {"t": "machine", "n": 1, "lines": ["x" * 201]},
    {"t": "machine", "n": 1, "lines": ["a\nb"]},
    {"t": "machine", "n": 1, "lines": [""]},
    {"t": "machine", "n": 1, "lines": "Debian"},
    {"t": "clip_ask", "n": 1},
    {"t": "mark", "id": 1, "mon": 0, "cfg": 1, "points": [[0, 0]]},
    {"t": "shout", "id": 1},
    {"id": 1},
    [],
    None,
    "",
    "{",
    '{"t":"got","id":1}x',
)
CONSOLE: Final[tuple[Any, ...]] = (
    {"t": "say", "id": 1, "text": "Bonjour"},
    {"t": "got", "id": 1},
    {"t": "seen", "id": 1},
    {"t": "clip_ask", "n": 1},
    {"t": "clip_offer", "n": 2},
    {"t": "clip_offer", "n": 0},
    {"t": "machine_ask", "n": 1},
    {"t": "mark", "id": 1, "mon": 0, "cfg": 3, "points": [[0, 65535], [12, 40]]},
    {"t": "mark", "id": 1, "mon": 0, "cfg": 3, "points": []},
    {"t": "mark", "id": 1, "mon": 0, "cfg": 3, "points": [[0, 0]] * MARK_POINTS_MAX},
    {
        "t": "mark",
        "id": 1,
        "mon": 0,
        "cfg": 3,
        "points": [[0, 0]] * (MARK_POINTS_MAX + 1),
    },
    {"t": "mark", "id": 1, "mon": 0, "cfg": 3, "points": [[0, 65536]]},
    {"t": "mark", "id": 1, "mon": 0, "cfg": 3, "points": [[0]]},
    {"t": "mark", "id": 1, "mon": 256, "cfg": 3, "points": [[0, 0]]},
    {"t": "unmark"},
    {"t": "clip", "n": 1, "yes": True},
    {"t": "machine", "n": 1, "lines": []},
)
TYPED: Final = (
    "  bonjour \r\n",
    "a\r\nb\rc",
    "\x00\x07",
    "",
    "œ" * (SAID_MAX + 5),
    "🖨" * (SAID_MAX + 5),
    "moitié \ud83d",
)


def _read(said: object, read: Callable[[bytes], object]) -> dict[str, Any]:
    text = said if isinstance(said, str) else json.dumps(said)
    made: dict[str, Any] = {"text": text}
    try:
        read(text.encode())
        made["good"] = True
    except CordeeError as error:
        made["error"] = type(error).__name__
    return made


def vectors() -> dict[str, Any]:
    """Return the file's content."""
    large = '{"t":"say","id":1,"text":"x"' + " " * TALK_MAX + "}"
    said_by_agent = [_read(said, from_agent) for said in (*AGENT, large)]
    return {
        "limits": {
            "SAID_MAX": SAID_MAX,
            "SAID_KEPT": SAID_KEPT,
            "TALK_MAX": TALK_MAX,
            "MARK_POINTS_MAX": MARK_POINTS_MAX,
            "MARK_MS": round(MARK_S * 1000),
            "MACHINE_LINES_MAX": MACHINE_LINES_MAX,
        },
        "agent": said_by_agent,
        "console": [_read(said, from_console) for said in CONSOLE],
        "words": [{"typed": typed, "said": words(typed)} for typed in TYPED],
    }


def text() -> str:
    """Return the file's exact text."""
    return json.dumps(vectors(), indent=1) + "\n"


def main() -> None:
    """Write the file."""
    (VECTORS / "talk.json").write_text(text(), "ascii")


if __name__ == "__main__":
    main()
