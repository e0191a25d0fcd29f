"""Address -> subject."""

import time
from pathlib import Path

from leeward.config import parse
from leeward.identity.resolve import Identity
from leeward.identity.sessions import Session, SessionStore
from leeward.policy.model import Policy, Profile

POLICY = Policy(
    profiles=(Profile(name="pupil"), Profile(name="strict")), default_profile="pupil", strictest_profile="strict"
)
CONFIG = parse('[[clients]]\nnetworks = ["10.0.0.0/8"]\nprofile = "pupil"\nsite = "north"\nhas_ca = false')


def test_a_session_goes_before_the_address(tmp_path: Path) -> None:
    store = SessionStore(tmp_path / "s.sqlite")
    identity = Identity(CONFIG, POLICY, store)
    assert identity.subject("10.0.0.1").attribution == "address"
    assert identity.subject("192.0.2.1").profile == "strict"
    now = time.time()
    other = SessionStore(tmp_path / "s.sqlite")
    other.start(Session("10.0.0.1", "tok", "class", "4", "strict", "pupil", ("y3",), now, now + 60))
    identity.refresh()
    subject = identity.subject("10.0.0.1")
    assert (subject.person, subject.attribution, subject.seat, subject.profile) == ("tok", "class", "4", "strict")
    assert "site:north" in subject.facets
    assert not subject.has_ca
    store.close()
    other.close()


def test_mapped_addresses_are_the_same_device() -> None:
    identity = Identity(CONFIG, POLICY, None)
    assert identity.subject("::ffff:10.0.0.1").attribution == "address"
    assert identity.client_entry("10.0.0.1") is not None
