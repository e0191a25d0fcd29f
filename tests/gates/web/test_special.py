"""The gateway's own addresses: reports, warnings, the last hop."""

import re

from tests.gates.web.running import RunningGateway, read_response


def ticket_of(page: bytes, action: bytes) -> str:
    found = re.search(rb'action="/.leeward/%s">\s*<input type="hidden" name="ticket" value="([^"]+)"' % action, page)
    assert found
    return found[1].decode()


def post(gateway: RunningGateway, url: str, body: str) -> bytes:
    return gateway.send(
        f"POST {url} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()
    )


def test_a_pupil_says_i_saw_this_by_accident(gateway: RunningGateway) -> None:
    ticket = ticket_of(gateway.get("http://games.leeward.test/"), b"report")
    thanks = post(gateway, "http://games.leeward.test/.leeward/report", f"ticket={ticket}&what=accident")
    assert b"You have done nothing wrong" in thanks
    assert gateway.events(kind="report", what="accident", host="games.leeward.test")


def test_a_pupil_asks_for_a_page_to_be_opened(gateway: RunningGateway) -> None:
    ticket = ticket_of(gateway.get("http://games.leeward.test/"), b"report")
    post(gateway, "http://games.leeward.test/.leeward/report", f"ticket={ticket}&what=open&words=chess+club")
    (event,) = gateway.events(kind="report", what="open")
    assert event["words"] == "chess club"


def test_a_cry_for_help_on_a_block_page_is_heard_like_any_other(gateway: RunningGateway) -> None:
    ticket = ticket_of(gateway.get("http://games.leeward.test/"), b"report")
    post(
        gateway,
        "http://games.leeward.test/.leeward/report",
        f"ticket={ticket}&what=open&words=a+forbidden+phrase+please",
    )
    (event,) = gateway.events(kind="finding", host="games.leeward.test")
    assert (event["theme"], event["severity"], event["channel"], event["written"]) == ("profanity", 5, "message", True)
    assert (event["group"], event["action"]) == ("y7", "allow")


def test_a_made_up_ticket_is_refused(gateway: RunningGateway) -> None:
    assert post(gateway, "http://games.leeward.test/.leeward/report", "ticket=9999999999.abc&what=open").startswith(
        b"HTTP/1.1 403"
    )
    other = ticket_of(gateway.get("http://games.leeward.test/"), b"report")
    assert post(gateway, "http://warn.test/.leeward/report", f"ticket={other}&what=open").startswith(b"HTTP/1.1 403")


def test_a_warning_can_be_gone_past_once_it_was_read(gateway: RunningGateway) -> None:
    url = gateway.url("warn.test", "/?p=1")
    page = gateway.get(url)
    assert page.startswith(b"HTTP/1.1 403")
    ticket = ticket_of(page, b"continue")
    gone_on = post(gateway, gateway.url("warn.test", "/.leeward/continue"), f"ticket={ticket}&back=/%3Fp%3D1")
    assert gone_on.startswith(b"HTTP/1.1 303")
    assert b"Location: /?p=1\r\n" in gone_on
    cookie = re.search(rb"Set-Cookie: ([^;]+)", gone_on)
    assert cookie
    mine = cookie[1].decode()
    assert gateway.get(gateway.url("warn.test", "/echo"), f"Cookie: a=1; {mine}").startswith(b"HTTP/1.1 200")
    passed = next(r for r in gateway.origin.requests if b"Host: warn.test" in r)
    assert b"Cookie: a=1\r\n" in passed
    assert b"leeward-seen" not in passed
    assert gateway.get(url, f"Cookie: {mine}", source="127.0.0.2").startswith(b"HTTP/1.1 403")


def test_the_way_back_stays_on_the_site(gateway: RunningGateway) -> None:
    ticket = ticket_of(gateway.get(gateway.url("warn.test")), b"continue")
    gone_on = post(
        gateway, gateway.url("warn.test", "/.leeward/continue"), f"ticket={ticket}&back=//evil.test/%0d%0aX: y"
    )
    assert b"Location: /evil.test/%0D%0AX:%20y\r\n" in gone_on


def test_the_last_hop_answers_for_itself(gateway: RunningGateway) -> None:
    url = gateway.url("ok.test", "/echo")
    with gateway.connect() as sock:
        sock.sendall(f"OPTIONS {url} HTTP/1.1\r\nHost: x\r\nMax-Forwards: 0\r\n\r\n".encode())
        assert b"Allow: GET" in read_response(sock)
        sock.sendall(f"TRACE {url} HTTP/1.1\r\nHost: x\r\nMax-Forwards: 0\r\nCookie: secret\r\n\r\n".encode())
        traced = read_response(sock)
        assert b"message/http" in traced
        assert b"secret" not in traced
        sock.sendall(f"OPTIONS {url} HTTP/1.1\r\nHost: x\r\nMax-Forwards: 3\r\n\r\n".encode())
        assert b"Max-Forwards: 2" in read_response(sock)


def test_a_circle_is_broken(gateway: RunningGateway) -> None:
    assert gateway.get(gateway.url("ok.test"), "Via: 1.1 leeward, 1.1 leeward, 1.1 leeward").startswith(b"HTTP/1.1 508")


def test_pictures_get_words_instead_of_a_page(gateway: RunningGateway) -> None:
    response = gateway.get("http://games.leeward.test/x.png", "Sec-Fetch-Dest: image")
    assert response.startswith(b"HTTP/1.1 403")
    assert b"text/plain" in response


def test_a_sealed_page_is_neither_named_nor_discussed(gateway: RunningGateway) -> None:
    body = gateway.get("http://probe.leeward.test/").partition(b"\r\n\r\n")[2]
    assert b"probe.leeward.test" not in body
