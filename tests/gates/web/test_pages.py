"""Pages speak to their reader; tickets can't be made up."""

import time

import pytest

from leeward.gates.web.pages import Pages, form_values, safe_back
from leeward.policy.model import Decision, Policy, Profile

POLICY = Policy(
    profiles=(Profile(name="young", audience="child"), Profile(name="staff", audience="adult")),
    school="Sandbay School", contact="Mrs Example",
)  # fmt: skip


def decision(profile: str, **changes: object) -> Decision:
    values: dict[str, object] = {
        "action": "block", "rule": "r1", "tier": "profile", "reason": "Not here.", "categories": ("games",),
        "profile": profile, "inspect": True, "safe_search": True, "scan": True, "log_level": 4, "snapshot": "x",
    }  # fmt: skip
    return Decision(**(values | changes))  # type: ignore[arg-type]


def test_a_child_is_told_kindly_and_an_adult_plainly() -> None:
    pages = Pages(b"k" * 32)
    child = pages.blocked(decision("young"), POLICY, host="g.test", client="192.0.2.1").body.decode()
    adult = pages.blocked(decision("staff"), POLICY, host="g.test", client="192.0.2.1").body.decode()
    assert "You have done nothing wrong." in child
    assert "your profile does not allow" in adult
    assert "Mrs Example" in child
    assert '<html lang="en">' in child


def test_what_a_host_or_reason_holds_can_not_become_markup() -> None:
    page = Pages(b"k").blocked(decision("young", reason="<b>x</b>"), POLICY, host="<script>", client="c")
    assert b"<script>" not in page.body
    assert b"<b>x" not in page.body


def test_a_ticket_is_for_one_client_one_host_and_one_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = Pages(b"k" * 32)
    ticket = pages.ticket("seen", "192.0.2.1", "a.test")
    assert pages.check_ticket(ticket, "seen", "192.0.2.1", "a.test")
    for what, client, host in (
        ("report", "192.0.2.1", "a.test"),
        ("seen", "192.0.2.2", "a.test"),
        ("seen", "192.0.2.1", "b.test"),
    ):
        assert not pages.check_ticket(ticket, what, client, host)
    later = time.time() + 4000
    monkeypatch.setattr(time, "time", lambda: later)
    assert not pages.check_ticket(ticket, "seen", "192.0.2.1", "a.test")


def test_forms_and_ways_back_are_read_carefully() -> None:
    assert form_values(b"a=1+2&b=%26&c") == {"a": "1 2", "b": "&", "c": ""}
    assert safe_back("//evil.test") == b"/evil.test"
    assert safe_back("\\\\evil.test") == b"/evil.test"
    assert b"\r" not in safe_back("/a\r\nX: y")
