"""Signed updates of the library."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from leeward.text import updates
from leeward.text.updates import BadUpdate, Update

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PRIVATE, PUBLIC = KEY.private_bytes_raw(), KEY.public_key().public_bytes_raw()
ONE = Update(2, "2026-11-22", "New slang.", {"packs/a.en.yaml": b"x", "contexts.yaml": b"", "idioms.yaml": b""})


def test_what_was_signed_is_what_is_opened() -> None:
    assert updates.opened(updates.seal(ONE, PRIVATE), PUBLIC) == ONE


@given(st.integers(0, 400), st.integers(1, 255))
def test_a_byte_that_was_changed_is_seen(place: int, change: int) -> None:
    data = bytearray(updates.seal(ONE, PRIVATE))
    data[place % len(data)] ^= change
    with pytest.raises(BadUpdate):
        updates.opened(bytes(data), PUBLIC)


def test_another_signer_or_something_else_is_refused() -> None:
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    with pytest.raises(BadUpdate, match="signature"):
        updates.opened(updates.seal(ONE, PRIVATE), other)
    with pytest.raises(BadUpdate, match="no update"):
        updates.opened(b"<html>", PUBLIC)


@pytest.mark.parametrize(
    "name", ["../x", "packs/../../x.yaml", "packs/x.py", "/etc/passwd", "packs/.x.yaml", "themes.toml"]
)
def test_files_that_are_no_packs_are_refused_whoever_signed_them(name: str) -> None:
    bad = Update(2, "", "", {**ONE.files, name: b""})
    with pytest.raises(BadUpdate, match="no packs"):
        updates.opened(updates.seal(bad, PRIVATE), PUBLIC)
    with pytest.raises(BadUpdate, match="holds no packs"):
        updates.opened(updates.seal(Update(2, "", "", {"contexts.yaml": b""}), PRIVATE), PUBLIC)


def test_a_version_is_in_force_when_it_is_said_so_and_not_before(tmp_path: Path) -> None:
    assert updates.in_force(tmp_path) is None
    updates.unpack(ONE, tmp_path)
    updates.put_in_force(tmp_path, 2)
    assert updates.in_force(tmp_path) is None, "it was not tried yet"
    updates.settle(tmp_path, 2)
    assert updates.in_force(tmp_path) == tmp_path / "update-2"
    assert updates.about(tmp_path).changes == "New slang."
    updates.put_in_force(tmp_path, 0)
    assert updates.in_force(tmp_path) is None
    updates.pointer(tmp_path).write_text("torn")
    assert updates.in_force(tmp_path) is None
