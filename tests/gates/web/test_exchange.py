"""Requests through a real gateway: framing, headers, scanning, faults of the origin."""

import socket
import time

import pytest

from tests.gates.web.origin import ANSWERS, plain
from tests.gates.web.running import RunningGateway, read_all, read_response


def head_of(response: bytes) -> bytes:
    return response.partition(b"\r\n\r\n")[0].lower()


def test_a_page_is_passed_on_and_written_down(gateway: RunningGateway) -> None:
    response = gateway.get(gateway.url("ok.test", "/?mark=1"))
    assert response.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Hello from the origin" in response
    (event,) = gateway.events(path="/?mark=1")
    assert (event["action"], event["status"], event["profile"], event["group"]) == ("allow", 200, "pupil", "y7")


def test_the_browser_is_not_led_to_http3(gateway: RunningGateway) -> None:
    assert b"alt-svc" not in head_of(gateway.get(gateway.url("ok.test")))


def test_fields_of_one_connection_are_not_passed_on(gateway: RunningGateway) -> None:
    url = gateway.url("ok.test", "/echo")
    seen = gateway.get(
        url, "Proxy-Authorization: Basic x", "Connection: X-Mine", "X-Mine: 1", "TE: trailers", "Upgrade: h2c",
        "HTTP2-Settings: x", "Proxy-Connection: keep-alive", "X-Kept: 1",
    ).lower()  # fmt: skip
    for gone in (b"proxy-authorization", b"x-mine", b"\nte:", b"h2c", b"http2-settings", b"proxy-connection"):
        assert gone not in seen.partition(b"\r\n\r\n")[2]
    assert b"x-kept: 1" in seen
    assert b"via: 1.1 leeward" in seen
    response = head_of(gateway.get(gateway.url("ok.test", "/hop")))
    assert b"x-secret" not in response
    assert b"x-kept" in response


def test_the_host_field_is_taken_from_the_address(gateway: RunningGateway) -> None:
    url = gateway.url("ok.test", "/echo")
    response = gateway.send(f"GET {url} HTTP/1.1\r\nHost: games.leeward.test\r\nConnection: close\r\n\r\n".encode())
    assert f"Host: ok.test:{gateway.origin.port}".encode() in response
    assert b"games.leeward.test" not in response


@pytest.mark.parametrize(("path", "body"), [("/chunked", b"abcdef"), ("/until-close", b"abc"), ("/no-content", b"")])
def test_every_framing_reaches_the_client_whole(gateway: RunningGateway, path: str, body: bytes) -> None:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=5)
    connection.request("GET", gateway.url("ok.test", path))
    assert connection.getresponse().read() == body
    connection.request("GET", gateway.url("ok.test", "/"))  # the connection goes on
    assert connection.getresponse().status == 200
    connection.close()


def test_early_hints_are_passed_on(gateway: RunningGateway) -> None:
    response = gateway.get(gateway.url("ok.test", "/hints"))
    assert response.startswith(b"HTTP/1.1 103 ")
    assert b"\r\n\r\nHTTP/1.1 200 OK\r\n" in response


def test_an_http_1_0_client_gets_no_chunks(gateway: RunningGateway) -> None:
    response = gateway.send(f"GET {gateway.url('ok.test', '/chunked')} HTTP/1.0\r\n\r\n".encode())
    assert b"chunked" not in head_of(response)
    assert response.endswith(b"\r\n\r\nabcdef")


def test_head_has_no_body_and_the_connection_goes_on(gateway: RunningGateway) -> None:
    url = gateway.url("ok.test")
    response = gateway.send(
        f"HEAD {url} HTTP/1.1\r\nHost: x\r\n\r\nGET {url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    )
    assert response.count(b"HTTP/1.1 200 OK") == 2
    assert response.count(b"Hello from the origin") == 1


def test_pipelined_requests_are_answered_in_order(gateway: RunningGateway) -> None:
    one, two = gateway.url("ok.test", "/chunked"), gateway.url("games.leeward.test")
    pipeline = f"GET {one} HTTP/1.1\r\nHost: x\r\n\r\nGET {two} HTTP/1.1\r\nHost: x\r\n\r\n" * 20
    response = gateway.send((pipeline + f"GET {one} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").encode())
    assert response.count(b"HTTP/1.1 200") == 21
    assert response.count(b"HTTP/1.1 403") == 20


def test_a_posted_body_arrives_with_either_framing(gateway: RunningGateway) -> None:
    url = gateway.url("ok.test", "/echo")
    fixed = gateway.send(
        f"POST {url} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello".encode()
    )
    assert fixed.endswith(b"\r\n\r\nhello")
    chunked = gateway.send(
        f"POST {url} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n".encode()
    )
    assert chunked.endswith(b"5\r\nhello\r\n0\r\n\r\n")


def test_a_body_with_an_upgrade_nobody_speaks_is_passed_on_as_http(gateway: RunningGateway) -> None:
    url = gateway.url("ok.test", "/echo")
    request = f"POST {url} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\nhello"
    response = gateway.send(request.encode())
    assert response.endswith(b"\r\n\r\nhello")
    assert b"h2c" not in response.partition(b"\r\n\r\n")[2]


def test_expect_is_answered_by_the_origin_or_not_at_all(gateway: RunningGateway) -> None:
    url = gateway.url("ok.test", "/echo")
    with gateway.connect() as sock:
        sock.sendall(
            f"POST {url} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n".encode()
        )
        sock.sendall(b"ok")
        assert b"Expect: 100-continue" in read_all(sock)


@pytest.mark.parametrize(
    ("path", "status"), [("/bad-phrase", b"403"), ("/bad-gzip", b"403"), ("/noted", b"200"), ("/bomb", b"200")]
)
def test_pages_are_scanned_in_their_coding_and_bombs_do_not_go_off(
    gateway: RunningGateway, path: str, status: bytes
) -> None:
    assert gateway.get(gateway.url("ok.test", path)).startswith(b"HTTP/1.1 " + status)


def test_what_was_found_is_written_down(gateway: RunningGateway) -> None:
    gateway.get(gateway.url("ok.test", "/noted?mark=2"))
    (event,) = gateway.events(path="/noted?mark=2")
    assert event["findings"] == "bypass"
    assert event["level"] == 5


def test_what_is_posted_is_scanned(gateway: RunningGateway) -> None:
    url = gateway.url("ok.test", "/echo?mark=3")
    body = b"text=forbidden phrase"
    head = f"POST {url} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    assert gateway.send(head.encode() + body).startswith(b"HTTP/1.1 403")
    assert not any(b"mark=3" in request for request in gateway.origin.requests)


def test_a_search_is_scanned_and_written_down(gateway: RunningGateway) -> None:
    url = gateway.url("www.google.com", "/search?q=forbidden+phrase")
    assert gateway.get(url).startswith(b"HTTP/1.1 403")
    assert gateway.events(term="forbidden phrase")[0]["action"] == "block"


def test_a_stream_is_cut_where_the_phrase_ends(gateway: RunningGateway) -> None:
    response = gateway.get(gateway.url("ok.test", "/events"))
    assert b"data: " in response
    assert b"ase!!" not in response


def test_safe_search_is_locked_on_the_way(gateway: RunningGateway) -> None:
    gateway.get(gateway.url("www.google.com", "/search?q=cats&safe=off"))
    request = next(r for r in gateway.origin.requests if b"q=cats" in r)
    assert b"safe=active" in request
    assert b"safe=off" not in request


@pytest.mark.parametrize("path", ["/both-framings", "/nonsense"])
def test_an_answer_that_can_not_be_understood_becomes_a_page(gateway: RunningGateway, path: str) -> None:
    response = gateway.get(gateway.url("ok.test", path))
    assert response.startswith(b"HTTP/1.1 502 ")
    assert b"can&#39;t be understood" in response


def test_an_answer_that_breaks_off_is_seen_as_broken(gateway: RunningGateway) -> None:
    response = gateway.get(gateway.url("ok.test", "/broken-off"))
    assert b"Content-Length: 10" in response
    assert response.endswith(b"abc")


@pytest.mark.parametrize(
    ("name", "status"),
    [("lan.test", b"403"), ("inside.test", b"403"), ("nowhere.test", b"502"), ("127.0.0.1", b"403"), ("0x7f.1", b"403"),
     ("[::ffff:127.0.0.1]", b"403"), ("169.254.169.254", b"403"), ("0.0.0.0", b"403")],
)  # fmt: skip
def test_private_addresses_are_not_reached(gateway: RunningGateway, name: str, status: bytes) -> None:
    assert gateway.get(f"http://{name}:{gateway.port}/").startswith(b"HTTP/1.1 " + status)


def test_a_site_that_does_not_answer_gives_a_page(gateway: RunningGateway) -> None:
    with socket.create_server(("127.0.0.9", 0)) as silent:
        response = gateway.get(f"http://ok.test:{silent.getsockname()[1]}/")
    assert response.startswith(b"HTTP/1.1 504 ")


def test_a_large_page_passes_whole(gateway: RunningGateway) -> None:
    response = gateway.get(gateway.url("ok.test", "/large"))
    assert len(response.partition(b"\r\n\r\n")[2]) == 3_000_000


def test_a_slow_reader_makes_nobody_else_wait(gateway: RunningGateway) -> None:
    with gateway.connect() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall(f"GET {gateway.url('ok.test', '/large')} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert gateway.get(gateway.url("ok.test")).startswith(b"HTTP/1.1 200")


def test_a_page_that_is_read_twice_uses_one_connection(gateway: RunningGateway) -> None:
    with gateway.connect() as sock:
        for _ in range(2):
            sock.sendall(f"GET {gateway.url('ok.test')} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert read_response(sock).startswith(b"HTTP/1.1 200")


def test_the_address_of_a_blocked_site_is_blocked_like_its_name(gateway: RunningGateway) -> None:
    for spelling in ("127.0.0.9", "0x7f000009", "2130706441", "[::ffff:127.0.0.9]"):
        response = gateway.get(f"http://{spelling}:{gateway.origin.port}/")
        assert response.startswith(b"HTTP/1.1 403"), spelling
    assert gateway.events(host="127.0.0.9", action="block")


@pytest.mark.parametrize("method", ["DELETE", "OPTIONS", "HEAD"])
def test_only_a_get_opens_a_websocket_and_the_others_stay_what_they_are(gateway: RunningGateway, method: str) -> None:
    fields = "Host: ok.test\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n\r\n"
    gateway.send(f"{method} {gateway.url('ok.test', '/echo?' + method)} HTTP/1.1\r\n{fields}".encode())
    sent = next(one for one in gateway.origin.requests if f"/echo?{method} ".encode() in one)
    assert sent.startswith(method.encode())
    assert b"websocket" not in sent.lower()


def test_a_try_to_upgrade_leaves_no_connection_for_others(gateway: RunningGateway) -> None:
    def late_words(sock: socket.socket, _: bytes) -> None:
        sock.sendall(plain(b"no websocket here", kind=b"text/css"))
        time.sleep(0.3)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL")

    ANSWERS[b"/half-upgrade"] = late_words
    fields = "Host: ok.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    with gateway.connect() as sock:
        sock.sendall(f"GET {gateway.url('ok.test', '/half-upgrade')} HTTP/1.1\r\n{fields}".encode())
        assert read_response(sock).endswith(b"no websocket here")
    time.sleep(0.5)
    assert b"EVIL" not in gateway.get(gateway.url("ok.test"))


def test_an_upgrade_that_nobody_speaks_is_answered_as_http_also_after_a_half_close(gateway: RunningGateway) -> None:
    with gateway.connect() as sock:
        fields = "Host: ok.test\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
        sock.sendall(f"GET {gateway.url('ok.test')} HTTP/1.1\r\n{fields}".encode() * 2)
        sock.shutdown(socket.SHUT_WR)
        assert read_all(sock).count(b"Hello from the origin") == 2


def test_what_a_log_in_of_the_connection_opened_serves_nobody_else(gateway: RunningGateway) -> None:
    seen: list[int] = []

    def mine(sock: socket.socket, _: bytes) -> None:
        seen.append(sock.fileno())
        sock.sendall(plain(b"mine", kind=b"text/css"))

    ANSWERS[b"/nego"] = mine
    with gateway.connect() as sock:
        url = gateway.url("ok.test", "/nego")
        sock.sendall(f"GET {url} HTTP/1.1\r\nHost: ok.test\r\nAuthorization: Negotiate YII\r\n\r\n".encode())
        assert read_response(sock).endswith(b"mine")
        gateway.get(url, source="127.0.0.2")
        sock.sendall(f"GET {url} HTTP/1.1\r\nHost: ok.test\r\n\r\n".encode())
        assert read_response(sock).endswith(b"mine")
    assert seen[0] == seen[2]
    assert seen[1] != seen[0]


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("G(T http://ok.test/ HTTP/1.1", b"400"),
        ("FOOBAR http://ok.test/ HTTP/1.1", b"501"),
        (" GET / HTTP/1.1", b"400"),
    ],
)
def test_a_broken_request_line_is_told_from_an_unknown_method(
    gateway: RunningGateway, request_line: str, status: bytes
) -> None:
    assert gateway.send(f"{request_line}\r\nHost: ok.test\r\n\r\n".encode()).split()[1] == status


def test_a_backslash_in_a_query_is_the_sites_affair_and_in_a_path_nobodys(gateway: RunningGateway) -> None:
    assert b" 200 " in gateway.get(gateway.url("ok.test", "/?a=b\\c"))[:20]
    assert b" 400 " in gateway.get(gateway.url("ok.test", "/a\\b"))[:20]


def test_a_host_longer_than_any_is_refused_before_anything_remembers_it(gateway: RunningGateway) -> None:
    long = "0" * 20_000 + "177.0.0.1"
    assert b" 400 " in gateway.send(f"GET http://ok.test/ HTTP/1.1\r\nHost: {long}\r\n\r\n".encode())[:20]


def test_a_status_that_is_none_becomes_a_page(gateway: RunningGateway) -> None:
    ANSWERS[b"/status-99"] = b"HTTP/1.1 099 What\r\nContent-Length: 0\r\n\r\n"
    assert gateway.get(gateway.url("ok.test", "/status-99")).startswith(b"HTTP/1.1 502")


def test_a_picture_on_a_page_searches_for_nothing(gateway: RunningGateway) -> None:
    url = gateway.url("www.google.com", "/search?q=forbidden+phrase+picture")
    head = f"GET {url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nSec-Fetch-Site: cross-site\r\n"
    for fields in ("Sec-Fetch-Dest: image\r\n", "Sec-Fetch-Dest: document\r\nSec-Purpose: prefetch\r\n"):
        assert not gateway.send((head + fields + "\r\n").encode()).startswith(b"HTTP/1.1 403")
    gateway.send((head + "Sec-Fetch-Dest: document\r\n\r\n").encode())
    events = [one for one in gateway.events(kind="finding", severity=5) if "picture" in one.get("path", "")]
    assert [(one["channel"], one.get("written", False)) for one in events] == [("page", False)], "a page opened another"
    gateway.send((head + "Sec-Fetch-Dest: document\r\nSec-Fetch-User: ?1\r\n\r\n").encode())
    events = [one for one in gateway.events(kind="finding", channel="search") if "picture" in one.get("path", "")]
    assert len(events) == 1
