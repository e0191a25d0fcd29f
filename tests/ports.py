"""Ports for servers of tests, outside the range from which the kernel gives ports to outgoing connections.

A port that was free when it was asked for and lies in that range (net.ipv4.ip_local_port_range, from 32768 by
default) may be taken by any connection of any test before the server opens it.
"""

import itertools
import os
import socket

_numbers = itertools.cycle(range(20_000, 32_000, 4))  # the demonstration takes the port after its own, too
for _ in range(os.getpid() * 1_009 % 3_000):  # two runs at a time begin at different places
    next(_numbers)


def free_port() -> int:
    """A port that nobody listens on and that was not given out before in this run."""
    for number in itertools.islice(_numbers, 3_000):
        try:
            with socket.create_server(("127.0.0.1", number)):
                return number
        except OSError:
            continue
    raise AssertionError("no port between 20000 and 32000 is free")
