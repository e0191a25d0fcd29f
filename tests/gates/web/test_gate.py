"""What a worker's connections share."""

from leeward.config import parse
from leeward.gates.web.gate import ca_folder, own_addresses


def test_leewards_own_addresses_are_known() -> None:
    config = parse(
        '[gateway]\nlisten = ["0.0.0.0:8080", "[::1]:81"]\nadmin = "127.0.0.1:8081"\n[console]\nlisten = "127.0.0.1:8000"'
    )
    assert own_addresses(config) == [("", 8080), ("::1", 81), ("127.0.0.1", 8081), ("127.0.0.1", 8000)]


def test_the_ca_lies_in_the_state_folder_unless_told_otherwise() -> None:
    assert ca_folder(parse('state = "s"', folder="/x")).as_posix() == "/x/s/ca"
    assert ca_folder(parse('[gateway]\nca_folder = "/y"', folder="/x")).as_posix() == "/y"
