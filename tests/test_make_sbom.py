"""S-54: installed is what the locks name, by its hash; the SBOM lists it all."""

import json
import re
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.make_sbom import DEV, FILE, ROOT, RUNTIME, VENDOR, bill, pins

RUNTIME_EXTRAS = ("server", "agent", "documents")
DEV_EXTRAS = (*RUNTIME_EXTRAS, "facturx", "dev")


def wanted(extras: tuple[str, ...]) -> Iterator[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [
        *project["dependencies"],
        *(one for extra in extras for one in project["optional-dependencies"][extra]),
    ]
    for requirement in map(Requirement, names):
        if requirement.name != "cordee":
            yield requirement


@pytest.mark.parametrize(
    ("lock", "extras"), [(RUNTIME, RUNTIME_EXTRAS), (DEV, DEV_EXTRAS)]
)
def test_s54_the_lock_holds_whatever_pyproject_asks_for(
    lock: object, extras: tuple[str, ...]
) -> None:
    locked = pins(RUNTIME if lock == RUNTIME else DEV)
    stale = [
        f"{one}: run `make lock`"
        for one in wanted(extras)
        if not any(
            one.specifier.contains(version)
            for version in locked.get(canonicalize_name(one.name), ())
        )
    ]
    assert stale == []


@pytest.mark.parametrize("lock", [RUNTIME, DEV])
def test_s54_every_pin_has_its_hashes_and_no_place_of_its_own(lock: object) -> None:
    text = (RUNTIME if lock == RUNTIME else DEV).read_text("utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) > 40
    bare = [
        b.split("\n")[0] for b in blocks if not re.search(r"sha256:[0-9a-f]{64}", b)
    ]
    assert bare == []
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_s54_aiohttp_is_new_enough_everywhere() -> None:
    for lock in (RUNTIME, DEV):
        assert all(Version(v) >= Version("3.14.1") for v in pins(lock)["aiohttp"])


def test_s54_setup_installs_from_the_locks_and_nothing_else() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    installs = [line for line in makefile.splitlines() if "pip install" in line]
    into_ours = [line for line in installs if "mkdocs" not in line]
    assert into_ours
    assert all("--require-hashes" in one or "--no-deps" in one for one in into_ours)
    assert "$(LOCKED) .ci/runtime.lock" in makefile
    assert "$(LOCKED) .ci/dev.lock" in makefile


def test_s54_the_consoles_tests_are_locked_as_well() -> None:
    lock = json.loads((ROOT / "tests/console/package-lock.json").read_text("utf-8"))
    fetched = [one for name, one in lock["packages"].items() if name]
    assert fetched
    assert all(one["integrity"].startswith("sha512-") for one in fetched)


def test_s54_the_sbom_is_what_the_locks_and_the_vendored_files_give() -> None:
    made = bill()
    assert json.loads(FILE.read_text("utf-8")) == made, "run `make lock`"
    names = [one["bom-ref"] for one in made["components"]]
    assert len(set(names)) == len(names)
    listed = json.loads((VENDOR / "VENDOR.json").read_text("utf-8"))["files"]
    assert {f"vendor/{one['file']}" for one in listed} <= set(names)
    required = {c["name"] for c in made["components"] if c["scope"] == "required"}
    assert {"aiohttp", "cryptography", "websockets"} <= required
    assert "pytest" not in required
