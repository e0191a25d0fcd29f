"""Paths in one form."""

import pytest

from leeward.policy.paths import canonical_path, pattern_path, readings


@pytest.mark.parametrize(
    ("path", "canonical"),
    [("/A/b", "/a/b"), ("/%61", "/a"), ("/%2f", "/%2f"), ("//a", "/a"), ("/a/./b/../c/", "/a/c/"), ("/../..", "/")],
)
def test_paths_have_one_form(path: str, canonical: str) -> None:
    assert canonical_path(path) == canonical


@pytest.mark.parametrize(
    "path",
    ["/closed%2f", "/%2fclosed", "/x/..%2fclosed", "/x%2f..%2fclosed", "/closed;a=1", "/x/..;/closed", "/%252fclosed",
     "/x%5c..%5cclosed", "/x\\..\\closed"],
)  # fmt: skip
def test_a_lax_server_reads_the_same_page(path: str) -> None:
    assert any(form.rstrip("/") == "/closed" for form in readings(path))


def test_a_plain_path_has_one_reading_and_a_pattern_is_put_into_it() -> None:
    assert readings("/a/b?c=%2f") == ("/a/b?c=%2f",)
    assert pattern_path("/Caf\u00e9//Menu/../Card") == canonical_path("/caf%C3%A9/card")
