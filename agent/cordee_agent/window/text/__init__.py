"""Every sentence the customer reads, by key; the same keys in each language.

What is consented to stands in ``cordee_shared/session/consent.py``, not here: it is
evidence and hashed.
"""

from collections.abc import Mapping

from cordee_agent.window.text import en, fr
from cordee_shared.session.consent import Language

_TEXTS = {Language.FR: fr.TEXT, Language.EN: en.TEXT}


def texts(language: Language) -> Mapping[str, str]:
    """Return the sentences in ``language``."""
    return _TEXTS[language]


def said(language: Language, family: str, key: str) -> str:
    """Return the sentence ``family.key``, or the family's own for an unknown key."""
    found = _TEXTS[language]
    return found.get(f"{family}.{key}", found[f"{family}."])


def duration(seconds: int) -> str:
    """Write a length of time as it is said: ``3 min 27 s``."""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    if minutes:
        return f"{minutes} min {rest:02d} s" if rest else f"{minutes} min"
    return f"{rest} s"


__all__ = ["duration", "said", "texts"]
