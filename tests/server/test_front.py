from pathlib import Path

import pytest

from cordee_server.front import ACCENT, CONTRAST, Branding, Downloads, contrast_to_white


@pytest.mark.parametrize(
    ("colour", "contrast"), [("#000000", 21.0), ("#ffffff", 1.0), ("#767676", 4.54)]
)
def test_contrast_is_measured_as_wcag_does(colour: str, contrast: float) -> None:
    assert contrast_to_white(colour) == pytest.approx(contrast, abs=0.01)


def test_the_products_own_accent_can_be_read() -> None:
    assert contrast_to_white(ACCENT) >= CONTRAST
    assert Branding().mistake() is None


@pytest.mark.parametrize(
    ("branding", "key", "why"),
    [
        (Branding(accent="#ffd500"), "accent", "a contrast of 1.4"),
        (Branding(logo=Path("logo.gif")), "logo", ".svg or a .png"),
    ],
)
def test_what_customers_could_not_read_or_see_is_refused(
    branding: Branding, key: str, why: str
) -> None:
    found = branding.mistake()
    assert found is not None
    assert found[0] == key
    assert why in found[1]


def test_paths_are_taken_from_the_settings_folder() -> None:
    here = Path("/srv/cordee")
    assert Downloads().beside(here).folder == here / "downloads"
    branding = Branding(logo=Path("l.svg"), privacy_file=Path("p.txt")).beside(here)
    assert (branding.logo, branding.privacy_file) == (here / "l.svg", here / "p.txt")
    assert Branding().beside(here) == Branding()
