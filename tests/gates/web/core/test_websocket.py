"""Frames are read as they pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.frame_protocol import FrameProtocol

from leeward.gates.web.core.errors import ProtocolError
from leeward.gates.web.core.websocket import FrameTap, close_frame


def test_a_message_in_pieces_is_read_whole() -> None:
    speaker = FrameProtocol(client=True, extensions=[])
    data = speaker.send_data("hello ", fin=False) + speaker.ping(b"x") + speaker.send_data("world", fin=True)
    tap = FrameTap(client=True, limit=1000)
    said = [message for byte in data for message in tap.feed(bytes([byte]))]
    assert said == [b"hello world"]


def test_a_long_message_is_kept_up_to_the_limit() -> None:
    speaker = FrameProtocol(client=False, extensions=[])
    (message,) = FrameTap(client=False, limit=100).feed(bytes(speaker.send_data("x" * 100_000, fin=True)))
    assert len(message) == 100


def test_an_unmasked_client_is_refused() -> None:
    speaker = FrameProtocol(client=False, extensions=[])
    with pytest.raises(ProtocolError):
        FrameTap(client=True, limit=100).feed(bytes(speaker.send_data("x", fin=True)))


@given(st.binary(max_size=60))
def test_no_bytes_break_it(data: bytes) -> None:
    try:
        FrameTap(client=False, limit=100).feed(data)
    except ProtocolError:
        return


def test_the_close_frame_says_why() -> None:
    assert b"blocked by the school" in close_frame(from_client=False)
