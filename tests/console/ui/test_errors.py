"""Pages for what went wrong: the console's own, and nothing of the machine in them."""

from collections.abc import Callable

import pytest
from django.test import Client

from leeward.console.accounts import views


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The start page meets a fault."""

    def fail(*_: object) -> None:
        raise RuntimeError("secret detail of the machine")

    monkeypatch.setattr(views, "render", fail)


@pytest.mark.usefixtures("broken")
def test_a_fault_has_a_page_that_says_what_to_do(signed_in: Callable[..., Client]) -> None:
    client = signed_in("teacher")
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    page = response.content.decode()
    assert "Something went wrong" in page
    assert "secret detail" not in page


def test_a_request_that_can_not_be_read_has_a_page(signed_in: Callable[..., Client]) -> None:
    client = signed_in("it-manager")
    client.raise_request_exception = False
    many = {f"field{number}": "x" for number in range(2_000)}
    response = client.post("/people/import", many)
    assert response.status_code == 400
    assert "That did not work" in response.content.decode()


def test_a_form_that_is_too_old_is_told_in_words(signed_in: Callable[..., Client]) -> None:
    client = signed_in("it-manager")
    client.handler.enforce_csrf_checks = True
    response = client.post("/rules/publish")
    assert response.status_code == 403
    assert "This page was too old" in response.content.decode()
