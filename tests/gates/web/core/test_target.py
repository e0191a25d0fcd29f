"""What a request asks for, in each way in."""

import pytest

from leeward.gates.web.core.errors import ProtocolError
from leeward.gates.web.core.messages import RequestHead
from leeward.gates.web.core.target import (
    Tunnel,
    connect_target,
    explicit_target,
    host_field,
    transparent_target,
    tunnel_target,
)
from leeward.policy.hosts import Host


def head(method: bytes, target: bytes, host: bytes = b"ok.test") -> RequestHead:
    return RequestHead(method, target, "1.1", [(b"host", b"Host", host)], {b"host": host})


def test_the_absolute_form_of_an_explicit_proxy() -> None:
    target = explicit_target(head(b"GET", b"http://OK.test:81/a?b", b"x"))
    assert (target.host.name, target.port, target.path) == ("ok.test", 81, "/a?b")
    assert host_field(target) == b"ok.test:81"
    assert explicit_target(head(b"OPTIONS", b"http://ok.test")).path == "*"


def test_a_tunnel_and_its_host_must_agree() -> None:
    tunnel = Tunnel("https", Host("ok.test"), 443)
    assert tunnel_target(head(b"GET", b"/x", b"OK.test"), tunnel).path == "/x"
    for host in (b"other.test", b"ok.test:8443", b""):
        with pytest.raises(ProtocolError):
            tunnel_target(head(b"GET", b"/", host), tunnel)


def test_a_redirected_request_is_for_its_host_field() -> None:
    assert transparent_target(head(b"GET", b"/x"), port=80).host.name == "ok.test"


def test_connect_names_host_and_port() -> None:
    assert connect_target(head(b"CONNECT", b"ok.test:443")).port == 443
    with pytest.raises(ProtocolError):
        connect_target(head(b"CONNECT", b"ok.test"))
