"""Connections to origin servers."""

import asyncio
import ssl
import time

import pytest

from leeward.gates.web.core.messages import Bounds
from leeward.gates.web.resolver import Destinations, Resolver
from leeward.gates.web.upstream import Connector, Origin, Pool, Upstream, UpstreamError, explain_certificate
from leeward.policy.hosts import normalise

ORIGIN = Origin("http", normalise("127.0.0.1"), 80)


class _Transport:
    def close(self) -> None:
        """Nothing to close."""


def idle() -> Upstream:
    upstream = Upstream(Bounds())
    upstream.transport = _Transport()
    return upstream


def test_the_youngest_connection_is_used_first_and_stale_ones_never() -> None:
    pool = Pool(per_origin=2)
    one, two, three = idle(), idle(), idle()
    for upstream in (one, two, three):
        pool.give(ORIGIN, upstream)
    assert one.closed
    assert pool.take(ORIGIN) is three
    two.idle_since = time.monotonic() - 100
    assert pool.take(ORIGIN) is None
    assert two.closed


def test_a_private_destination_is_refused_before_connecting() -> None:
    connector = Connector(Resolver(), Destinations(()), ssl.create_default_context(), Bounds(), seconds=1)
    with pytest.raises(UpstreamError) as caught:
        asyncio.run(connector.open(ORIGIN, tls=False))
    assert (caught.value.status, caught.value.kind) == (403, "private")


def test_a_closed_port_is_a_page_not_a_crash() -> None:
    connector = Connector(Resolver(), Destinations(("127.0.0.1",)), ssl.create_default_context(), Bounds(), seconds=1)
    with pytest.raises(UpstreamError) as caught:
        asyncio.run(connector.open(ORIGIN._replace(port=1), tls=False))
    assert caught.value.kind == "connect"


def test_certificate_faults_are_told_in_words() -> None:
    error = ssl.SSLCertVerificationError()
    error.verify_code, error.verify_message = 10, "certificate has expired"
    assert "has expired" in explain_certificate("a.test", error)
    error.verify_code, error.verify_message = 99, "odd"
    assert "odd" in explain_certificate("a.test", error)
