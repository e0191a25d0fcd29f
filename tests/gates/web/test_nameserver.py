"""One DNS server is asked; the rest is told in the resolver's tests, which ask it through a socket."""

import asyncio

import pytest

from leeward.config import ConfigError
from leeward.gates.web.nameserver import NameServer, NoAddress
from tests.ports import free_port


@pytest.mark.parametrize("server", ["name.example", "1.2.3.4:x", "300.1.1.1"])
def test_a_server_that_is_none_is_said_clearly(server: str) -> None:
    with pytest.raises(ConfigError, match="is not an address"):
        NameServer(server)


def test_a_server_that_does_not_answer_is_no_address() -> None:
    with pytest.raises(NoAddress, match=r"a\.test has no address"):
        asyncio.run(NameServer(f"127.0.0.1:{free_port()}").find("a.test"))
