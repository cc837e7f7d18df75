"""The settings of what customers see first: the download page, and whose it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import msgspec

from cordee_shared.limits import TEXT_MAX

from .sections import Section

#: White on the accent has to be read: WCAG 2.2, 1.4.3.
CONTRAST: Final = 4.5
#: The product's blue.
ACCENT: Final = "#1557c0"


class Downloads(Section, frozen=True):
    """The agent's files that customers are offered, one or more for each system."""

    #: What lies there is offered by its ending: .exe, .dmg, .AppImage …
    folder: Path = Path("downloads")

    def beside(self, folder: Path) -> Downloads:
        """Take a relative path from the settings' folder."""
        return msgspec.structs.replace(self, folder=folder / self.folder)


class Branding(Section, frozen=True):
    """Whose page it looks like."""

    #: The name that customers know; empty: the provider's organisation.
    name: Annotated[str, msgspec.Meta(max_length=TEXT_MAX)] = ""
    #: A picture beside it: .svg or .png.
    logo: Path | None = None
    #: Of buttons and links: #rrggbb.
    accent: Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-fA-F]{6}$")] = ACCENT
    #: The privacy notice in your own words; without it the relay says what it keeps.
    privacy_file: Path | None = None

    def beside(self, folder: Path) -> Branding:
        """Take relative paths from the settings' folder."""
        logo, privacy = self.logo, self.privacy_file
        return msgspec.structs.replace(
            self,
            logo=None if logo is None else folder / logo,
            privacy_file=None if privacy is None else folder / privacy,
        )

    def mistake(self) -> tuple[str, str] | None:
        """Return the first key that cannot be so and why, or ``None``."""
        if self.logo is not None and self.logo.suffix not in (".svg", ".png"):
            return "logo", "expected an .svg or a .png"
        if (found := contrast_to_white(self.accent)) < CONTRAST:
            return (
                "accent",
                f"expected a darker colour: white on it has a contrast of {found:.1f}, "
                f"and people need {CONTRAST}",
            )
        return None


def contrast_to_white(colour: str) -> float:
    """Return the contrast of ``#rrggbb`` with white, from 1 to 21 (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
