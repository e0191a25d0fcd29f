"""Log levels and pages by what the browser wants."""

from types import SimpleNamespace
from typing import Any

import pytest

from leeward.gates.web.core.messages import RequestHead, ResponseHead
from leeward.gates.web.outcome import (
    _level,
    alias_decision,
    has_connection_auth,
    is_connection_auth,
    page_bytes,
    wants_page,
)
from leeward.gates.web.pages import Page
from leeward.identity.subjects import make_subject
from leeward.policy.model import Subject
from leeward.policy.url import Target, parse


def head(**fields: str) -> RequestHead:
    values = {name.replace("_", "-").encode(): value.encode() for name, value in fields.items()}
    return RequestHead(b"GET", b"/", "1.1", [], values)


def test_pictures_are_noise_and_pages_are_not() -> None:
    assert _level(head(sec_fetch_dest="image")) == 1
    assert _level(head(sec_fetch_dest="empty")) == 2
    assert _level(head(sec_fetch_dest="document")) == 3
    assert _level(head(accept="image/avif,*/*")) == 1


def test_only_what_a_person_sees_gets_a_page() -> None:
    assert wants_page(head(accept="text/html"))
    assert wants_page(head(sec_fetch_dest="iframe"))
    assert not wants_page(head(sec_fetch_dest="script", accept="text/html"))


def test_a_head_request_gets_a_page_without_its_body() -> None:
    page = Page(403, b"body")
    assert page_bytes(page, RequestHead(b"HEAD", b"/", "1.1", [], {}), keep_alive=True).endswith(
        b"Content-Length: 4\r\n\r\n"
    )


def test_ntlm_belongs_to_a_connection() -> None:
    fields = [(b"www-authenticate", b"WWW-Authenticate", b"NTLM")]
    for value in (b"NTLM", b"Negotiate abc", b'Basic realm="x", NTLM'):
        values = {b"www-authenticate": value}
        assert is_connection_auth(ResponseHead(401, "1.1", fields, values))
        assert not is_connection_auth(ResponseHead(200, "1.1", fields, values))
    assert not is_connection_auth(ResponseHead(401, "1.1", fields, {b"www-authenticate": b'Basic realm="x"'}))
    assert has_connection_auth(RequestHead(b"GET", b"/", "1.1", [], {b"authorization": b"Negotiate YII"}))
    assert not has_connection_auth(RequestHead(b"GET", b"/", "1.1", [], {b"authorization": b"Basic eDp5"}))


@pytest.mark.parametrize("alias", ["blocked.test", "-x-é\u202e.blocked.test", "a\\.b.blocked.test", "a b.blocked.test"])
def test_an_alias_that_is_no_host_is_judged_by_its_domain(alias: str) -> None:
    asked: list[str] = []

    def decide(target: Target, subject: Subject) -> None:
        asked.append(target.host.name)

    gate: Any = SimpleNamespace(decide=decide)
    alias_decision(gate, make_subject(profile="pupil"), parse("http://ok.test/"), alias)
    assert len(asked) == 1
    assert asked[0] in ("blocked.test", "b.blocked.test"), "the nearest name that can be written"


def test_an_alias_that_is_warned_of_is_a_warning_and_a_default_says_nothing() -> None:
    def decided(action: str, tier: str) -> Any:
        told = SimpleNamespace(action=action, tier=tier)
        gate: Any = SimpleNamespace(decide=lambda target, subject: told)
        return alias_decision(gate, make_subject(profile="pupil"), parse("http://ok.test/"), "other.test")

    assert decided("warn", "profile").action == "warn"
    assert decided("block", "sealed").action == "block"
    assert decided("block", "default") is None
    assert decided("allow", "profile") is None
