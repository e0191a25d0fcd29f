"""Every view has its permission; each role sees only its own work."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from leeward.console.people.roles import ROLES, May

# What each page may be opened by; a new page is not in the table until somebody has thought about it.
PAGES: dict[str, tuple[dict[str, Any], May | None]] = {
    "accounts:home": ({}, May.SIGN_IN),
    "accounts:sign-in": ({}, None),
    "accounts:verify": ({}, None),
    "accounts:verify-passkey": ({}, None),
    "accounts:factors": ({}, May.SIGN_IN),
    "accounts:password": ({}, May.SIGN_IN),
    "accounts:drop-factor": ({}, May.SIGN_IN),
    "accounts:sign-out": ({}, None),
    "accounts:device": ({}, None),
    "accounts:device-out": ({}, None),
    "people:list": ({}, May.SEE_PEOPLE),
    "people:new": ({}, May.EDIT_PEOPLE),
    "people:load": ({}, May.EDIT_PEOPLE),
    "people:passwords": ({}, May.EDIT_PEOPLE),
    "people:drop-factors": ({"login": "nobody"}, May.EDIT_PEOPLE),
    "people:edit": ({"login": "nobody"}, May.EDIT_PEOPLE),
    "rules:list": ({}, May.SEE_RULES),
    "rules:profiles": ({}, May.SEE_RULES),
    "rules:new-profile": ({}, May.EDIT_RULES),
    "rules:edit-profile": ({"name": "pupil"}, May.EDIT_RULES),
    "rules:new": ({}, May.EDIT_RULES),
    "rules:discard": ({}, May.EDIT_RULES),
    "rules:publish": ({}, May.EDIT_RULES),
    "rules:roll-back": ({"number": 1}, May.EDIT_RULES),
    "rules:edit": ({"identifier": "games"}, May.EDIT_RULES),
    "rules:change": ({"identifier": "games"}, May.EDIT_RULES),
    "activity:live": ({}, May.SEE_ACTIVITY),
    "activity:search": ({}, May.SEE_ACTIVITY),
    "activity:table": ({}, May.SEE_ACTIVITY),
    "activity:day": ({"token": "0123abcd", "date": "2026-11-20"}, May.SEE_ACTIVITY),
    "activity:explain": ({}, May.EXPLAIN),
    "activity:requests": ({}, May.SEE_REQUESTS),
    "activity:answer": ({"event": "0123abcd"}, May.SEE_REQUESTS),
    "lists:list": ({}, May.SEE_LISTS),
    "lists:bring": ({}, May.EDIT_LISTS),
    "lists:look-up": ({}, May.EXPLAIN),
    "presence:list": ({}, May.SEE_PRESENCE),
    "presence:end": ({}, May.EDIT_PRESENCE),
    "presence:seat": ({}, May.EDIT_PRESENCE),
    "reports:overview": ({}, May.SEE_REPORTS),
    "reports:table": ({}, May.SEE_REPORTS),
    "audit:log": ({}, May.SEE_AUDIT),
    "worries:tell": ({}, None),
    "worries:thread": ({}, None),
    "worries:poster": ({}, May.SIGN_IN),
    "worries:answer": ({"number": 1}, May.ANSWER_ALERTS),
    "phones:page": ({}, May.LOG_PHONES),
    "presence:coverage": ({}, May.SEE_PRESENCE),
    "notices:page": ({}, May.EDIT_NOTICES),
    "oversight:list": ({}, May.SEE_SAMPLES),
    "oversight:draw": ({}, May.TAKE_SAMPLES),
    "oversight:sample": ({"number": 1}, May.SEE_SAMPLES),
    "oversight:close": ({"number": 1}, May.SEE_SAMPLES),
    "oversight:read": ({"number": 1}, May.SEE_SAMPLES),
    "alerts:tray": ({}, May.SEE_ALERTS),
    "alerts:see": ({"number": 1}, May.SEE_ALERTS),
    "alerts:answer": ({"number": 1, "what": "acknowledge"}, May.ANSWER_ALERTS),
    "alerts:decide": ({"number": 1, "what": "concern"}, May.DECIDE_ALERTS),
    "alerts:risks": ({}, May.SEE_RISKS),
    "alerts:conflicts": ({}, May.END_CONFLICTS),
    "alerts:health": ({}, May.SEE_ALERT_HEALTH),
    "alerts:push": ({}, May.SEE_ALERTS),
    "alerts:worker": ({}, None),
    "alerts:routes": ({}, May.EDIT_ROUTES),
    "alerts:new-route": ({}, May.EDIT_ROUTES),
    "alerts:route": ({"number": 1}, May.EDIT_ROUTES),
    "alerts:change-route": ({"number": 1}, May.EDIT_ROUTES),
    "alerts:contact": ({"login": "nobody"}, May.EDIT_ROUTES),
    "alerts:hours": ({}, May.EDIT_ROUTES),
    "alerts:end-conflict": ({"number": 1}, May.END_CONFLICTS),
    "alerts:library": ({}, May.SEE_LIBRARY),
    "alerts:exclude": ({}, May.EDIT_LIBRARY),
    "alerts:include": ({"number": 1}, May.EDIT_LIBRARY),
    "alerts:add": ({}, May.EDIT_LIBRARY),
    "alerts:remove": ({"number": 1}, May.EDIT_LIBRARY),
}
POST_ONLY = {
    *("accounts:sign-out", "accounts:device-out", "accounts:verify-passkey", "accounts:drop-factor"),
    *(
        "activity:answer",
        "rules:publish",
        "rules:roll-back",
        "rules:change",
        "rules:discard",
        "people:drop-factors",
        "lists:bring",
        "presence:end",
        "presence:seat",
        "worries:answer",
        "oversight:draw",
        "oversight:close",
        "oversight:read",
        "alerts:answer",
        "alerts:decide",
        "alerts:change-route",
        "alerts:end-conflict",
        "alerts:include",
        "alerts:remove",
    ),
}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for item in resolver.url_patterns:
        if isinstance(item, URLResolver):
            yield from patterns(item, f"{item.namespace}:" if item.namespace else prefix)
        elif isinstance(item, URLPattern):
            yield f"{prefix}{item.name}", item


def test_every_address_is_in_the_table_with_the_permission_that_its_view_names() -> None:
    found = dict(patterns(get_resolver()))
    assert found.keys() == PAGES.keys()
    for name, pattern in found.items():
        marked = pattern.callback
        while not hasattr(marked, "is_marked"):
            marked = marked.__wrapped__  # type: ignore[attr-defined]
        assert marked.may == PAGES[name][1], name  # type: ignore[attr-defined]


def ask(client: Client, name: str) -> int:
    address = reverse(name, kwargs=PAGES[name][0])
    return (client.post(address) if name in POST_ONLY else client.get(address)).status_code


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, (_, may) in PAGES.items() if may is not None])
def test_nobody_enters_without_signing_in(name: str) -> None:
    assert ask(Client(), name) == 302


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_each_role_opens_its_own_pages_and_no_others(
    role: str, signed_in: Callable[..., Client], snapshot: object
) -> None:
    client = signed_in(*([role] if role else []))
    for name, (_, may) in PAGES.items():
        if may is None:
            continue
        status = ask(client, name)
        allowed = may in ROLES.get(role, frozenset())
        assert (status != 403) is allowed, f"{role or 'nobody'} {name}: {status}"


def test_the_navigation_shows_only_what_may_be_opened(signed_in: Callable[..., Client]) -> None:
    page = signed_in("governor").get("/").content.decode()
    assert reverse("reports:overview") in page
    assert reverse("activity:search") not in page
    assert reverse("rules:list") not in page


def test_it_staff_do_not_read_what_pupils_do(signed_in: Callable[..., Client]) -> None:
    assert May.SEE_ACTIVITY not in ROLES["it-manager"]
    assert signed_in("it-manager").get(reverse("activity:live")).status_code == 403


@pytest.mark.django_db
def test_pages_allow_no_script_from_elsewhere_and_no_frame() -> None:
    response = Client().get("/console/sign-in")
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert b"<script" not in response.content
    assert b"style=" not in response.content


def test_a_form_without_its_token_is_refused(signed_in: Callable[..., Client]) -> None:
    client = signed_in("it-manager")
    client.handler.enforce_csrf_checks = True
    assert client.post(reverse("rules:publish")).status_code == 403
