"""The protocol core, fuzzed: any bytes, in any pieces, give the same events or the same refusal."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.gates.web.core.errors import ProtocolError
from leeward.gates.web.core.messages import END, Bounds, End, RequestHead, RequestReader, ResponseHead, ResponseReader

type Told = list[tuple[str, object]]


def told(events: list[RequestHead | bytes | End] | list[ResponseHead | bytes | End]) -> Told:
    """Events in a form that can be compared; body pieces are joined."""
    out: Told = []
    for event in events:
        if isinstance(event, bytes):
            if out and out[-1][0] == "body":
                out[-1] = ("body", bytes(out[-1][1]) + event)  # type: ignore[call-overload]
            else:
                out.append(("body", event))
        elif isinstance(event, RequestHead):
            out.append(("head", (event.method, event.target, tuple(event.headers), event.length, event.keep_alive)))
        elif isinstance(event, ResponseHead):
            out.append(("head", (event.status, tuple(event.headers), event.length, event.keep_alive)))
        else:
            out.append(("end", None))
    return out


def read_requests(pieces: list[bytes]) -> tuple[Told, int]:
    """What a reader makes of pieces: events, and the status of the refusal or 0."""
    reader, events = RequestReader(Bounds()), []
    try:
        for piece in pieces:
            events += reader.feed(piece)
    except ProtocolError as error:
        return told(events + reader.take()), error.status
    return told(events), 0


_good = st.sampled_from(
    [
        b"GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n",
        b"POST http://a.test/x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello",
        b"POST http://a.test/x HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: 1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nok",
    ]
)
_mutated = st.tuples(_good, st.integers(0, 80), st.binary(max_size=6)).map(lambda t: t[0][: t[1]] + t[2] + t[0][t[1] :])


@settings(max_examples=300, deadline=None)
@given(
    data=st.lists(st.one_of(_good, _mutated, st.binary(max_size=40)), max_size=4).map(b"".join),
    cuts=st.lists(st.integers(0, 300), max_size=6),
)
def test_the_way_bytes_are_cut_changes_nothing(data: bytes, cuts: list[int]) -> None:
    whole, status = read_requests([data])
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[a:b] for a, b in itertools.pairwise(edges)]
    parts, parts_status = read_requests(pieces)
    unknown_method = (400, 501)  # a method that is cut can't be told from a broken line
    assert parts_status == status or {parts_status, status} <= set(unknown_method)
    assert parts[: len(whole)] == whole[: len(parts)]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"GET", b"HEAD", b"POST"]))
def test_no_bytes_of_a_server_break_the_reader(data: bytes, method: bytes) -> None:
    reader = ResponseReader(Bounds(), method)
    try:
        reader.feed(b"HTTP/1.1 200 OK\r\n" + data)
        reader.eof()
    except ProtocolError as error:
        assert error.status == 502


def test_repeated_fields_are_one_list() -> None:
    (head, *_) = RequestReader(Bounds()).feed(
        b"GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: y\r\n\r\n"
    )
    assert isinstance(head, RequestHead)
    assert head.values[b"connection"] == b"x, y"


def test_a_head_request_has_no_body_whatever_its_length_says() -> None:
    reader = ResponseReader(Bounds(), b"HEAD")
    events = reader.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
    assert events[-1] is END
    assert reader.done


def test_bytes_after_the_end_make_a_connection_unfit() -> None:
    reader = ResponseReader(Bounds(), b"GET")
    reader.feed(b"HTTP/1.1 304 Not Modified\r\n\r\nHTTP/1.1 200 OK\r\n")
    assert reader.done


def test_interim_answers_come_before_the_final_one() -> None:
    reader = ResponseReader(Bounds(), b"GET")
    events = reader.feed(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
    assert [event.status for event in events if isinstance(event, ResponseHead)] == [100, 200]


@pytest.mark.parametrize("piece", [b"X: " + b"y" * 4000 + b"\r\n", b"y" * 3000])
def test_a_head_that_never_ends_stops_growing(piece: bytes) -> None:
    reader = RequestReader(Bounds(header_bytes=8192, url_bytes=1024))
    reader.feed(b"GET http://a/ HTTP/1.1\r\nHost: a\r\nZ: ")
    with pytest.raises(ProtocolError) as caught:
        for _ in range(200):
            reader.feed(piece)
    assert caught.value.status == 431


def test_one_parser_reads_the_responses_of_a_connection_one_after_the_other() -> None:
    reader = ResponseReader(Bounds(), b"GET")
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nTrailer: x\r\n\r\n"
    for _ in range(3):
        head = reader.feed(chunked)[0]
        assert isinstance(head, ResponseHead)
        assert b"trailer" not in head.values
        assert reader.done
        assert reader.restart(b"GET")
    assert reader.restart(b"HEAD") is False, "a response is being waited for"
    other = ResponseReader(Bounds(), b"HEAD")
    other.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
    assert other.restart(b"GET") is False, "the parser still waits for a body"
