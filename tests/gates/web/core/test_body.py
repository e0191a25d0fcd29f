"""Bodies are decoded within bounds."""

import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from leeward.gates.web.core.body import (
    BadBody,
    decoded,
    is_event_stream,
    is_scanned_request,
    is_scanned_response,
    try_decoded,
)

CODED = {
    b"gzip": gzip.compress,
    b"x-gzip": gzip.compress,
    b"deflate": zlib.compress,
    b"br": brotli.compress,
    b"zstd": zstandard.ZstdCompressor().compress,
    b"identity": bytes,
}


@pytest.mark.parametrize("coding", CODED)
def test_every_coding_is_undone(coding: bytes) -> None:
    assert decoded(CODED[coding](b"hello" * 100), coding, 10_000) == b"hello" * 100


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"br", b"zstd"])
def test_a_bomb_stops_at_the_limit(coding: bytes) -> None:
    assert decoded(CODED[coding](bytes(20_000_000)), coding, 1000) == bytes(1000)


def test_raw_deflate_is_understood() -> None:
    packer = zlib.compressobj(wbits=-15)
    assert decoded(packer.compress(b"hello") + packer.flush(), b"deflate", 100) == b"hello"


def test_two_codings_are_undone_from_the_last() -> None:
    assert decoded(brotli.compress(gzip.compress(b"x")), b"gzip, br", 100) == b"x"
    with pytest.raises(BadBody):
        decoded(b"x", b"br, br, br, br", 100)


@given(st.binary(max_size=100), st.sampled_from([b"gzip", b"deflate", b"br", b"zstd", b"made-up"]))
def test_rubbish_is_taken_as_it_came(data: bytes, coding: bytes) -> None:
    assert isinstance(try_decoded(data, coding, 50), bytes)


def test_what_people_read_is_scanned_and_scripts_are_not() -> None:
    assert is_scanned_response(b"text/html; charset=utf-8")
    assert is_scanned_response(b"application/json")
    assert is_scanned_response(None)
    assert not is_scanned_response(b"text/css")
    assert not is_scanned_response(b"image/png")
    assert is_event_stream(b"text/event-stream")
    assert is_scanned_request(b"application/x-www-form-urlencoded")
    assert not is_scanned_request(b"application/octet-stream")
