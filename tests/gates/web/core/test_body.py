"""Bodies are decoded within bounds."""

import contextlib
import gzip
import time
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from leeward.gates.web.core.body import BadBody, StreamDecoder, decoded

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
def test_rubbish_is_refused_or_bounded(data: bytes, coding: bytes) -> None:
    with contextlib.suppress(BadBody):
        assert len(decoded(data, coding, 50)) <= 50


def test_a_body_with_one_wrong_byte_is_refused() -> None:
    damaged = bytearray(gzip.compress(b"hello" * 100))
    damaged[-6] ^= 1
    with pytest.raises(BadBody):
        decoded(bytes(damaged), b"gzip", 10_000)


def test_every_member_of_a_gzip_file_is_read_and_what_follows_is_not() -> None:
    assert decoded(gzip.compress(b"one ") + gzip.compress(b"two") + b"junk", b"gzip", 100) == b"one two"


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"br", b"zstd", b"gzip, br"])
@given(cuts=st.lists(st.integers(0, 400), max_size=6))
def test_a_stream_is_decoded_wherever_it_is_cut(coding: bytes, cuts: list[int]) -> None:
    text = b"".join(b"line %d\n" % number for number in range(200))
    packed = CODED[b"br"](CODED[b"gzip"](text)) if coding == b"gzip, br" else CODED[coding](text)
    stream, out, start = StreamDecoder(coding), b"", 0
    for end in [*sorted(cut for cut in cuts if cut < len(packed)), len(packed)]:
        out += stream.feed(packed[start:end])
        start = end
    assert out == text


@pytest.mark.parametrize("coding", [b"gzip", b"br", b"zstd"])
def test_a_stream_that_inflates_without_end_is_refused(coding: bytes) -> None:
    with pytest.raises(BadBody):
        StreamDecoder(coding).feed(CODED[coding](bytes(40_000_000)))


def test_endless_rubbish_after_the_last_member_costs_nothing() -> None:
    stream = StreamDecoder(b"gzip")
    assert stream.feed(gzip.compress(b"hello")) == b"hello"
    began = time.monotonic()
    for _ in range(500):
        assert stream.feed(b"q" * 65_536) == b""
    assert time.monotonic() - began < 2


def test_a_member_whose_first_bytes_are_cut_is_read_and_thousands_of_them_too() -> None:
    stream = StreamDecoder(b"gzip")
    data = gzip.compress(b"one") + gzip.compress(b"two")
    cut = data.index(b"\x1f\x8b", 5) + 1
    assert stream.feed(data[:cut]) + stream.feed(data[cut:]) == b"onetwo"
    assert decoded(gzip.compress(b"x") * 5_000, b"gzip", 1 << 20) == b"x" * 5_000
