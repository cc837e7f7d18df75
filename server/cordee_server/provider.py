"""Where the provider's legal facts are read from: ``provider.toml``.

Sessions do not need them: the journal and the usage record name nobody but the
customer. Whatever leaves the house does: documents, drafts, the hand-over. So the
relay serves without the file, says so at its start, and billing refuses.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cordee_shared.billing.provider import Provider
from cordee_shared.errors import SettingsError

#: What ships, filled from the terms of 2021, with what they leave out marked.
TEMPLATE: Final = Path(__file__).parent / "data" / "provider.toml"

#: The general terms that it was filled from; the demonstration's customers read them.
TERMS: Final = TEMPLATE.with_name("terms-2021-11-01.txt")


def read_provider(file: Path) -> Provider:
    """Read and check the provider's facts.

    Raises:
        SettingsError: the file is not there, cannot be read, is no TOML, or lacks
            facts; the sentence names each one that is missing.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError(
            f"{file}: not there; billing cannot start without the provider's facts: "
            "`cordee init` writes the file to fill in"
        ) from None
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: expected TOML in UTF-8") from None
    return Provider.from_toml(text, str(file))
