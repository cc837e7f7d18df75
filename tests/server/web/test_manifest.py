import hashlib

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_server.web.door import CSP
from cordee_server.web.manifest import KEY_NAME, Release, manifest_of, read_manifest
from cordee_server.web.pages import read_pages
from cordee_shared.errors import MalformedFrame, Tampered

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
OURS = manifest_of(read_pages(), "1.2.3")


def test_a_manifest_names_every_file_by_its_hash_and_the_exact_headers() -> None:
    pages = read_pages()
    assert {f"/{name}" for name in OURS.files} | {"/"} == set(pages)
    for name, file in OURS.files.items():
        page = pages[f"/{name}"]
        assert file.sha256 == hashlib.sha256(page.body).hexdigest()
        assert file.type == page.kind
    assert OURS.headers["Content-Security-Policy"] == CSP
    assert (OURS.base, OURS.index) == ("/console/", "index.html")


def test_what_was_signed_is_read_again() -> None:
    note = Release(KEY).sign(OURS)
    assert read_manifest(note, PUBLIC) == OURS
    text, _, signature = note.partition("\n\n")
    assert "\n" not in text
    assert signature.startswith(f"— {KEY_NAME} ")


def test_signatures_of_others_stand_beside_ours() -> None:
    other = Release(Ed25519PrivateKey.generate()).sign(OURS).splitlines()[-1]
    note = Release(KEY).sign(OURS)
    assert read_manifest(f"{note}{other}\n", PUBLIC) == OURS


def test_s53_one_changed_byte_of_a_manifest_is_found() -> None:
    note = Release(KEY).sign(OURS)
    end = note.index("\n\n")
    for at in range(0, end, 97):
        changed = chr(ord(note[at]) ^ 1)
        with pytest.raises((Tampered, MalformedFrame)):
            read_manifest(note[:at] + changed + note[at + 1 :], PUBLIC)


def test_another_key_has_signed_nothing_here() -> None:
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    with pytest.raises(Tampered):
        read_manifest(Release(KEY).sign(OURS), other)


@pytest.mark.parametrize(
    "note", ["", "{}", "{}\n", "{}\n\n", "{}\n\n— cordee/console AAAA\n", "\n\n\n"]
)
def test_what_is_no_signed_manifest_is_refused(note: str) -> None:
    with pytest.raises((MalformedFrame, Tampered)):
        read_manifest(note, PUBLIC)


@pytest.mark.parametrize(
    "name", ["../secret", "/main.js", "a//b", "a b", "https://x/y"]
)
def test_a_manifest_names_no_file_outside_the_console(name: str) -> None:
    file = next(iter(OURS.files.values()))
    odd = msgspec.structs.replace(OURS, files={name: file})
    with pytest.raises(MalformedFrame, match="outside"):
        read_manifest(Release(KEY).sign(odd), PUBLIC)


def test_a_manifest_of_another_version_is_refused() -> None:
    later = msgspec.structs.replace(OURS, v=2)
    with pytest.raises(MalformedFrame, match="another version"):
        read_manifest(Release(KEY).sign(later), PUBLIC)
