"""Listening sockets."""

import socket

import pytest

from leeward.config import ConfigError
from leeward.gates.web.doors import listen, original_destination, split_address


def test_addresses_are_host_and_port() -> None:
    assert split_address("[::1]:80") == ("::1", 80)
    with pytest.raises(ConfigError):
        split_address("127.0.0.1")


def test_twins_share_a_port_and_strangers_are_told() -> None:
    one = listen("127.0.0.1", 0)
    port = one.getsockname()[1]
    two = listen("127.0.0.1", port)
    one.close()
    two.close()
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ConfigError, match="can't be opened"):
        listen("127.0.0.1", taken.getsockname()[1])


def test_a_connection_that_was_not_redirected_went_where_it_arrived() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert original_destination(server) == server.getsockname()
