"""Who is there: by address, by session, by proxy authentication, or sent to sign in."""

import base64
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from argon2 import PasswordHasher

from leeward.gates.web.who import is_sign_in, is_worry
from leeward.identity.sessions import Session, SessionStore
from leeward.policy.url import parse
from tests.gates.web.running import RunningGateway, read_response, start_gateway

SIGN_IN = """
unknown_clients = "sign-in"
sign_in_url = "http://127.0.0.9:{port}/sign-in"
"""


def test_an_unknown_client_gets_the_strictest_profile(tmp_path: Path) -> None:
    with start_gateway(tmp_path, tail="") as gateway:
        assert gateway.get(gateway.url("ok.test")).startswith(b"HTTP/1.1 403")
        assert gateway.events(profile="strict", attribution="unattributed")


def test_a_session_gives_an_address_its_person_at_once(tmp_path: Path) -> None:
    with start_gateway(tmp_path, tail="") as gateway:
        store = SessionStore(tmp_path / "state" / "sessions.sqlite")
        now = time.time()
        store.start(Session("127.0.0.1", "tok-1", "personal", "", "pupil", "pupil", ("y9",), now, now + 60))
        time.sleep(0.4)
        assert gateway.get(gateway.url("ok.test")).startswith(b"HTTP/1.1 200")
        (event,) = gateway.events(person="tok-1")
        assert (event["attribution"], event["group"]) == ("personal", "y9")
        store.end("127.0.0.1")
        time.sleep(0.4)
        assert gateway.get(gateway.url("ok.test")).startswith(b"HTTP/1.1 403")
        store.close()


def test_an_unknown_client_is_sent_to_sign_in(tmp_path: Path) -> None:
    with start_gateway(tmp_path, extra=SIGN_IN.format(port=9), tail="") as gateway:
        response = gateway.get(gateway.url("ok.test", "/a?b=1"))
        assert response.startswith(b"HTTP/1.1 302")
        assert b"Location: http://127.0.0.9:9/sign-in?next=http%3A%2F%2Fok.test%3A" in response
        with gateway.tunnel("ok.test", gateway.secure.port) as sock:
            sock.sendall(f"GET / HTTP/1.1\r\nHost: ok.test:{gateway.secure.port}\r\n\r\n".encode())
            assert sock.recv(4096).startswith(b"HTTP/1.1 302")


USERS = """
[[users]]
login = "kiosk"
password_hash = "{hash}"
profile = "pupil"
"""


@pytest.fixture(scope="module")
def with_users(tmp_path_factory: pytest.TempPathFactory) -> object:
    tail = USERS.format(hash=PasswordHasher(time_cost=1, memory_cost=1024).hash("sesame"))
    with start_gateway(tmp_path_factory.mktemp("users"), extra="proxy_auth = true\n", tail=tail) as gateway:
        yield gateway


def credentials(text: str) -> str:
    return "Proxy-Authorization: Basic " + base64.b64encode(text.encode()).decode()


def test_a_device_logs_in_by_proxy_authentication(with_users: RunningGateway) -> None:
    gateway = with_users
    refused = gateway.get(gateway.url("ok.test"))
    assert refused.startswith(b"HTTP/1.1 407")
    assert b"Proxy-Authenticate: Basic" in refused
    for _ in range(2):  # checked, then remembered
        assert gateway.get(gateway.url("ok.test", "/echo"), credentials("kiosk:sesame")).startswith(b"HTTP/1.1 200")
    assert gateway.get(gateway.url("ok.test"), credentials("kiosk:wrong")).startswith(b"HTTP/1.1 407")
    assert gateway.events(person="kiosk", attribution="proxy-auth")


def test_a_tunnel_asks_for_the_log_in_too(with_users: RunningGateway) -> None:
    connect = b"CONNECT ok.test:443 HTTP/1.1\r\nHost: x\r\n"
    assert with_users.send(connect + b"Connection: close\r\n\r\n").startswith(b"HTTP/1.1 407")
    with with_users.connect() as sock:
        sock.sendall(connect + credentials("kiosk:sesame").encode() + b"\r\n\r\n")
        assert b" 200 " in sock.recv(4096)


def test_a_worry_can_be_told_by_everybody_and_nothing_else_is_open_by_its_name() -> None:
    gate: Any = SimpleNamespace(sign_in=parse("http://console.test/sign-in"))
    for path in ("/worry", "/worry/", "/worry/thread"):
        assert is_worry(gate, parse(f"http://console.test{path}"))
        assert is_sign_in(gate, parse(f"http://console.test{path}"))
    for path in ("/worry/../people/", "/worries/poster", "/worry/thread/..%2f..%2fpeople", "/worryx"):
        assert not is_worry(gate, parse(f"http://console.test{path}"))
    assert not is_worry(gate, parse("http://other.test/worry"))


@pytest.mark.parametrize(
    ("path", "is_door"),
    [("/sign-in", True), ("/sign-in?next=x", True), ("/sign-in/out", True), ("/static/a.css", True), ("/", False),
     ("/sign-in/../rules/", False), ("/static/../rules/", False), ("/static/%2e%2e/rules/", False),
     ("/static/..%2frules/", False), ("/sign-inside", False)],
)  # fmt: skip
def test_the_sign_in_door_is_a_page_however_its_address_is_read(path: str, is_door: bool) -> None:
    gate: Any = SimpleNamespace(sign_in=parse("http://console.test/sign-in"))
    assert is_sign_in(gate, parse(f"http://console.test{path}")) is is_door
    assert not is_sign_in(gate, parse(f"http://other.test{path}"))


def test_a_proxy_log_in_is_good_for_one_request(with_users: RunningGateway) -> None:
    gateway = with_users
    url = gateway.url("ok.test", "/echo")
    with gateway.connect() as sock:
        good = f"GET {url} HTTP/1.1\r\nHost: ok.test\r\n{credentials('kiosk:sesame')}\r\n\r\n".encode()
        sock.sendall(good)
        assert read_response(sock).startswith(b"HTTP/1.1 200")
        sock.sendall(good)
        assert read_response(sock).startswith(b"HTTP/1.1 200")
        sock.sendall(f"GET {url} HTTP/1.1\r\nHost: ok.test\r\n\r\n".encode())
        assert read_response(sock).startswith(b"HTTP/1.1 407")
        sock.sendall(f"GET {url} HTTP/1.1\r\nHost: ok.test\r\n{credentials('kiosk:wrong')}\r\n\r\n".encode())
        assert read_response(sock).startswith(b"HTTP/1.1 407")
