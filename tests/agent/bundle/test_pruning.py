"""What the customer's file leaves out, and what it may not."""

import importlib.util
import subprocess
import sys

import pytest

from tests.e2e.rig.processes import ROOT

_PATH = ROOT / "agent" / "bundle" / "pruning.py"
_SPEC = importlib.util.spec_from_file_location("pruning", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
pruning = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(pruning)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/qwindows.dll",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6/Qt/lib/libQt6DBus.so.6",
        "libxcb-cursor.so.0",
        "libxkbcommon-x11.so.0",
        "libssl.so.3",
        "pillow.libs/libtiff-20b7e810.so.6.3.0",
        "pillow.libs/libxcb-9065bb12.so.1.1.0",
        "pillow.libs/libwebp-51b0b3f7.so.7.2.0",
        "numpy.libs/libscipy_openblas64_-32a4b2a6.so",
        "cordee_agent/window/fonts/AtkinsonHyperlegibleNext-400.ttf",
        "cordee_agent/about/sbom.json",
        "cordee-0.1.0.dist-info/METADATA",
    ],
)
def test_what_the_agent_needs_comes_along(name: str) -> None:
    assert pruning.keeps(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/translations/qtbase_fr.qm",
        "PySide6/Qt/lib/libQt6Network.so.6",
        "libgtk-3.so.0",
        "libX11.so.6",
        "libxcb.so.1",
        "libstdc++.so.6",
        "libfontconfig.so.1",
        "pillow.libs/libavif-c6062d5f.so.16.4.2",
        "numpy/linalg/_umath_linalg.cpython-311-x86_64-linux-gnu.so",
    ],
)
def test_what_a_desktop_has_or_nobody_asks_for_stays_out(name: str) -> None:
    assert not pruning.keeps(name)


def test_the_agent_imports_nothing_that_is_left_out() -> None:
    """Every module of the agent is imported as in the file: without those."""
    program = (
        "import sys, pkgutil, importlib\n"
        f"sys.path.insert(0, {str(_PATH.parent)!r})\n"
        "from pruning import EXCLUDED_MODULES as out\n"
        "class Gone:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if any(name == o or name.startswith(o + '.') for o in out):\n"
        "            raise ModuleNotFoundError(name, name=name)\n"
        "sys.meta_path.insert(0, Gone())\n"
        "import no_linalg, cordee_agent\n"
        "for each in pkgutil.walk_packages(cordee_agent.__path__, 'cordee_agent.'):\n"
        "    if not each.name.endswith('__main__'):\n"
        "        importlib.import_module(each.name)\n"
        "from io import BytesIO\n"
        "from PIL import Image\n"
        "for kind in ('WEBP', 'JPEG'):\n"
        "    Image.new('RGB', (64, 64)).save(BytesIO(), kind)\n"
        "print('all there')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "all there\n", done.stderr
