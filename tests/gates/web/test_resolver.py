"""Names, aliases, and the addresses that may be reached."""

import asyncio
import ipaddress
import threading
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from leeward.config import ConfigError
from leeward.gates.web.resolver import Destinations, ResolveError, Resolver, read_hosts
from leeward.policy.hosts import normalise


class NameServer:
    """A DNS server on loopback: alias.test is an alias of real.test; nothing else exists."""

    def __init__(self) -> None:
        import socket

        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.bind(("127.0.0.1", 0))
        self.port = self._sock.getsockname()[1]
        self.asked = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                data, address = self._sock.recvfrom(4096)
            except OSError:
                return
            self.asked += 1
            query = dns.message.from_wire(data)
            reply = dns.message.make_response(query)
            name = str(query.question[0].name)
            if name == "alias.test." and query.question[0].rdtype == 1:
                reply.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", "real.test."))
                reply.answer.append(dns.rrset.from_text("real.test.", 60, "IN", "A", "203.0.113.5"))
            elif name != "alias.test.":
                reply.set_rcode(dns.rcode.NXDOMAIN)
            self._sock.sendto(reply.to_wire(), address)

    def close(self) -> None:
        self._sock.close()


def test_an_alias_is_seen_and_answers_are_shared() -> None:
    server = NameServer()
    resolver = Resolver(server=f"127.0.0.1:{server.port}")

    async def ask() -> None:
        answers = await asyncio.gather(*(resolver.resolve(normalise("alias.test")) for _ in range(10)))
        assert answers[0].aliases == ("real.test",)
        assert answers[0].addresses == (ipaddress.ip_address("203.0.113.5"),)
        assert resolver.peek(normalise("alias.test")) is not None
        with pytest.raises(ResolveError):
            await resolver.resolve(normalise("nowhere.test"))

    asyncio.run(ask())
    assert server.asked <= 3
    server.close()


def test_a_hosts_map_goes_first_and_faults_have_their_line(tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    path.write_text("# c\n192.0.2.1 A.test b.test\n192.0.2.2 a.test\n")
    assert [str(a) for a in read_hosts(path)["a.test"].addresses] == ["192.0.2.1", "192.0.2.2"]
    path.write_text("192.0.2.1 a.test\nnonsense b.test\n")
    with pytest.raises(ConfigError, match="line 2"):
        read_hosts(path)


@pytest.mark.parametrize(
    ("address", "port", "reached"),
    [
        ("198.41.0.4", 80, True), ("10.0.0.1", 80, False), ("127.0.0.1", 80, False), ("169.254.169.254", 80, False),
        ("::1", 80, False), ("::ffff:10.0.0.1", 80, False), ("fd00::1", 80, False), ("224.0.0.1", 80, False),
        ("0.0.0.0", 80, False), ("100.64.0.1", 80, False), ("10.1.2.3", 443, True), ("10.1.2.3", 80, False),
        ("10.9.0.1", 80, True), ("10.9.0.1", 8000, True), ("127.0.0.1", 8000, False), ("2001:4860:4860::8888", 443, True),
    ],
)  # fmt: skip
def test_private_addresses_are_reached_only_where_allowed(address: str, port: int, reached: bool) -> None:
    destinations = Destinations(("10.1.2.3:443", "10.9.0.0/24", "127.0.0.0/8"), own=[("127.0.0.1", 8000), ("", 80)])
    assert destinations.may_reach(ipaddress.ip_address(address), port) is (
        reached and not (address == "127.0.0.1" and port == 80)
    )


def test_a_faulty_allowance_is_named() -> None:
    with pytest.raises(ConfigError, match="allow_private"):
        Destinations(("10.0.0.0/33",))


def test_a_name_that_has_no_address_is_remembered_as_words_not_as_what_led_to_it(tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("127.0.0.1 there.test\n")
    resolver = Resolver(hosts_file=tmp_path / "hosts")

    async def ask_twice() -> list[BaseException]:
        return [one for one in await asyncio.gather(
            *(resolver.resolve(normalise("gone.test")) for _ in range(3)), return_exceptions=True
        ) if isinstance(one, BaseException)]  # fmt: skip

    errors = asyncio.run(ask_twice())
    assert len(errors) == 3
    assert all(isinstance(known, str) for _, known in resolver._known.values())


@pytest.mark.parametrize(
    "address", ["fec0::1", "::ffff:0:7f00:1", "5f00::1", "100:0:0:1::1", "192.88.99.1", "2620::5efe:7f00:1", "3fff::1"]
)
def test_what_is_special_by_the_registries_is_not_reached(address: str) -> None:
    assert not Destinations(()).may_reach(ipaddress.ip_address(address), 443)
