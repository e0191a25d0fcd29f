"""Subjects carry the facets that rules see."""

import ipaddress

import pytest

from leeward.config import Client, ConfigError, User, parse
from leeward.identity.subjects import AddressBook, check_clients, make_subject, of_client, of_user
from leeward.policy.model import Policy, Profile

POLICY = Policy(
    profiles=(Profile(name="pupil"), Profile(name="strict")), default_profile="pupil", strictest_profile="strict"
)


def test_facets_name_everything_that_is_known() -> None:
    subject = make_subject(profile="pupil", person="t", groups=("y7", "chess"), role="pupil", site="north")
    assert subject.facets == {"profile:pupil", "person:t", "group:y7", "group:chess", "role:pupil", "site:north"}
    assert subject.group == "y7"


def test_the_longest_prefix_wins() -> None:
    book = AddressBook([Client(networks=("10.0.0.0/8",), profile="a"), Client(networks=("10.1.0.0/16",), profile="b")])
    found = book.find(ipaddress.ip_address("10.1.2.3"))
    assert found is not None
    assert found.profile == "b"
    assert book.find(ipaddress.ip_address("192.0.2.1")) is None
    with pytest.raises(ConfigError):
        AddressBook([Client(networks=("10.0.0.300",))])


def test_nobody_known_gets_the_strictest_profile() -> None:
    assert of_client(None, POLICY).profile == "strict"
    assert of_client(Client(networks=(), site="north"), POLICY).attribution == "unattributed"
    assert of_client(Client(networks=(), profile="pupil"), POLICY).attribution == "address"
    assert of_user(User(login="u", password_hash="x"), None, POLICY).profile == "pupil"


def test_a_profile_that_is_not_there_is_named() -> None:
    config = parse('[[clients]]\nnetworks = ["10.0.0.0/8"]\nprofile = "gone"')
    assert "gone" in check_clients(config, POLICY)[0]


def test_an_ipv6_address_that_holds_somebodys_ipv4_address_is_not_them() -> None:
    book = AddressBook([Client(networks=("10.9.9.9/32",), profile="staff")])
    assert book.find(ipaddress.ip_address("::ffff:10.9.9.9")) is not None, "the same address on a dual-stack socket"
    for text in ("2002:0a09:0909::1", "64:ff9b::a09:909", "::10.9.9.9"):
        assert book.find(ipaddress.ip_address(text)) is None, text
