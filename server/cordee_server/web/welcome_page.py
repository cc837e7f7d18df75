"""The customer's pages as HTML: every value is escaped, nothing runs in them.

There is no script at all: a page that only shows needs none, and works in whatever
browser a customer has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from cordee_shared.session.language import Language

from .offers import Offer
from .systems import COMPUTERS, System
from .welcome_words import PRIVACY, WORDS, Words

_MB: Final = 1_000_000
_CURRENT: Final = ' aria-current="true"'


@dataclass(frozen=True, slots=True)
class House:
    """Whose page it is."""

    name: str
    organisation: str
    phone: str
    has_logo: bool


def download_page(
    house: House, language: Language, system: System, offers: Sequence[Offer]
) -> str:
    """Return the page that customers are sent to."""
    words = WORDS[language]
    body = f"""
<h1>{escape(words.heading)}</h1>
<p class="lead">{escape(words.lead)}</p>
<section class="get" data-testid="get" data-system="{system.value}">
{_get(house, words, system, offers)}
{_others(words, language, system)}
</section>
<h2>{escape(words.steps_title)}</h2>
<ol class="steps">{_steps(words)}</ol>
<section class="warning" data-testid="warning">
<h2>{escape(words.warning_title)}</h2>
<p>{escape(words.warning)}</p>
</section>
<p class="phone" data-testid="phone">{escape(words.question.format(house.name))}
{_phone(house)}</p>
{_check(words, [one for one in offers if one.system is system], language)}
"""
    return _document(house, language, words.title.format(house.name), body, "")


def terms_page(house: House, language: Language, version: str, text: str) -> str:
    """Return the general terms, word for word."""
    words = WORDS[language]
    body = f"""
<h1>{escape(words.terms_title)}</h1>
<p>{escape(words.terms_version.format(version))}</p>
<div class="text" data-testid="terms">{escape(text)}</div>
{_back(words, language)}
"""
    return _document(house, language, words.terms_title, body, "terms")


def privacy_page(house: House, language: Language, own: str) -> str:
    """Return the privacy notice: the operator's own, or what the relay does."""
    words = WORDS[language]
    if own:
        text = f'<div class="text" data-testid="privacy">{escape(own)}</div>'
    else:
        paragraphs = (
            f"<p>{escape(one.format(house.organisation, house.phone))}</p>"
            for one in PRIVACY[language]
        )
        text = f'<div data-testid="privacy">{"".join(paragraphs)}</div>'
    body = f"<h1>{escape(words.privacy_title)}</h1>{text}{_back(words, language)}"
    return _document(house, language, words.privacy_title, body, "privacy")


def _get(house: House, words: Words, system: System, offers: Sequence[Offer]) -> str:
    """Return the one big button, or an honest word that there is none."""
    if system is System.MOBILE:
        return f'<p class="note" data-testid="mobile">{escape(words.on_computer)}</p>'
    if system is System.UNKNOWN:
        return f'<p class="note" data-testid="unknown">{escape(words.which)}</p>'
    name = words.systems[system]
    ours = [one for one in offers if one.system is system]
    if not ours:
        none = words.no_file.format(name)
        call = words.no_file_call.format(house.name, house.phone)
        return (
            f'<p class="note" data-testid="no-file">{escape(none)} {escape(call)}</p>'
        )
    first, *more = ours
    button = (
        '<a class="button" data-testid="download" '
        f'href="/download/{escape(first.name)}" download>'
        f"<strong>{escape(words.download)}</strong> "
        f"<span>{escape(words.for_system.format(name))}, "
        f"{size_text(first.size, words)}</span></a>"
    )
    rest = "".join(
        f'<p><a href="/download/{escape(one.name)}" download>{escape(one.name)}</a>, '
        f"{size_text(one.size, words)}</p>"
        for one in more
    )
    return f"{button}{rest}<p>{escape(words.open_after)}</p>"


def _others(words: Words, language: Language, system: System) -> str:
    links = " ".join(
        f'<a href="/?lang={language.value}&amp;system={one.value}" '
        f'data-testid="system-{one.value}">{escape(words.systems[one])}</a>'
        for one in COMPUTERS
        if one is not system
    )
    return f'<p class="others">{escape(words.others)} {links}</p>'


def _steps(words: Words) -> str:
    return "".join(
        f'<li><img src="/welcome/step-{number}.svg" alt="{escape(picture)}" '
        f'width="240" height="160" /><h3>{escape(title)}</h3><p>{escape(text)}</p></li>'
        for number, (title, text, picture) in enumerate(words.steps, 1)
    )


def _check(words: Words, offers: Sequence[Offer], language: Language) -> str:
    if not offers:
        return ""
    rows = "".join(
        f'<dl data-testid="check"><dt>{escape(words.saved_as)}</dt>'
        f"<dd>{escape(one.saved_as)}</dd><dt>{escape(words.size)}</dt>"
        f"<dd>{bytes_text(one.size, language)}</dd><dt>SHA-256</dt>"
        f'<dd class="hash">{one.sha256}</dd></dl>'
        for one in offers
    )
    return (
        f"<details><summary>{escape(words.check_title)}</summary>"
        f"<p>{escape(words.check)}</p>{rows}</details>"
    )


def _phone(house: House) -> str:
    digits = "".join(one for one in house.phone if one.isdigit() or one == "+")
    return f'<a href="tel:{escape(digits)}">{escape(house.phone)}</a>'


def _back(words: Words, language: Language) -> str:
    return f'<p><a href="/?lang={language.value}">{escape(words.back)}</a></p>'


def _document(
    house: House, language: Language, title: str, body: str, here: str
) -> str:
    words = WORDS[language]
    logo = '<img src="/welcome/logo" alt="" height="40" />' if house.has_logo else ""
    switch = " ".join(
        f'<a href="/{here}?lang={one.value}" lang="{one.value}" hreflang="{one.value}" '
        f'data-testid="language-{one.value}"{_CURRENT if one is language else ""}>'
        f"{one.name}</a>"
        for one in Language
    )
    return f"""<!doctype html>
<html lang="{language.value}">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="robots" content="noindex" />
<title>{escape(title)}</title>
<link rel="icon" href="/console/icon.svg" type="image/svg+xml" />
<link rel="stylesheet" href="/welcome/brand.css" />
<link rel="stylesheet" href="/welcome/welcome.css" />
</head>
<body>
<header>
<p class="brand">{logo}<strong data-testid="brand">{escape(house.name)}</strong></p>
<nav aria-label="{escape(words.languages)}">{switch}</nav>
</header>
<main>{body}</main>
<footer>
<a href="/terms?lang={language.value}" data-testid="to-terms">{escape(words.terms)}</a>
<a href="/privacy?lang={language.value}" data-testid="to-privacy">{
        escape(words.privacy)
    }</a>
<a href="/console/" data-testid="to-console">{escape(words.technician)}</a>
</footer>
</body>
</html>
"""


def size_text(size: int, words: Words) -> str:
    """Return a size as people compare it: ``48,2 Mo``, ``48.2 MB``."""
    text = f"{max(size, _MB // 10) / _MB:.1f}"
    if words.unit == "Mo":
        text = text.replace(".", ",")
    return f"{text}\u00a0{words.unit}"


def bytes_text(size: int, language: Language) -> str:
    """Return a size to the byte: ``48 213 504 octets``, ``48,213,504 bytes``."""
    grouped = f"{size:,}"
    if language is Language.FR:
        return grouped.replace(",", "\u202f") + "\u00a0octets"
    return f"{grouped} bytes"
