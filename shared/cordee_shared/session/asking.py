"""What the customer is asked beside "may I see your screen?", and may answer.

Rules:

1. No answer is prepared: nothing is ticked before the customer ticks it (R13).
2. Only an answer that lets work begin goes with a yes; else there is no yes to give.
3. The words are part of the hashed text of consent: see :mod:`.consent`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Ask(StrEnum):
    """What may be asked."""

    #: R08: of age, or authorised.
    ADULT = "adult"
    #: R31: are the data safe?
    BACKUP = "backup"
    #: R13 a: the express request to begin before the time to withdraw is over.
    EARLY = "early"
    #: R13 b: knowing that complete performance ends the right to withdraw.
    WAIVER = "waiver"


#: What may be answered, in the order shown. The lone answer of a statement is a tick.
ANSWERS: Final[Mapping[Ask, tuple[str, ...]]] = {
    Ask.ADULT: ("adult", "authorised", "minor"),
    Ask.BACKUP: ("done", "nothing", "please"),
    Ask.EARLY: ("yes",),
    Ask.WAIVER: ("yes",),
}
#: The answer with which nothing begins: the technician is told, and asks a parent.
MINOR: Final = "minor"
#: Orders a backup as an extra, at the price shown beside it; where none has been
#: agreed on, nothing begins before the technician has proposed one.
PLEASE: Final = "please"


class Why(StrEnum):
    """Why there was no yes."""

    NO = "no"
    TIMEOUT = "timeout"
    #: R08: neither of age nor authorised.
    MINOR = "minor"
    #: R31: the data have to be backed up first.
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as shown: its words, and each answer's."""

    ask: Ask
    words: str
    #: Value and words; for a statement its words are those of the tick itself.
    answers: tuple[tuple[str, str], ...]
    #: Answers with which nothing begins.
    stops: tuple[str, ...] = ()

    @property
    def is_statement(self) -> bool:
        """Whether there is nothing to choose: one tick, or none."""
        return len(self.answers) == 1

    def lets_begin(self, answer: str) -> bool:
        """Tell whether ``answer`` is one of these and lets work begin."""
        known = any(answer == value for value, _ in self.answers)
        return known and answer not in self.stops


def are_answered(asked: tuple[Asked, ...], answers: Mapping[str, object]) -> bool:
    """Tell whether every question, and nothing else, has an answer to begin with."""
    return set(answers) == {each.ask.value for each in asked} and all(
        isinstance(answer := answers[each.ask.value], str) and each.lets_begin(answer)
        for each in asked
    )
