"""What every page shows: the red banner when records may suffer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from leeward.console.ui import context
from leeward.upkeep import health

PAGES = {
    "teacher": ("/", "/here/", "/lists/look-up"),
    "dsl": ("/", "/activity/", "/people/"),
    "governor": ("/reports/",),
}


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of other tests are forgotten."""
    monkeypatch.setattr(context, "_known", {})


def test_a_full_disk_turns_every_page_red_for_all_staff(
    signed_in: Callable[..., Client], snapshot: object, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "LOW_DISK_BYTES", 1 << 60)
    for role, addresses in PAGES.items():
        client = signed_in(role)
        for address in addresses:
            page = client.get(address).content.decode()
            assert "tell the IT manager" in page, address
            assert "left on the disk" in page, address


def test_without_a_fault_no_page_is_red(signed_in: Callable[..., Client], state: Path) -> None:
    assert "leeward-alarm" not in signed_in("teacher").get("/").content.decode()


def test_the_it_manager_sees_what_is_wrong_with_the_platform_and_others_do_not(
    signed_in: Callable[..., Client], state: Path
) -> None:
    assert "the gateway does not answer" in signed_in("it-manager").get("/").content.decode()
    assert "the gateway does not answer" not in signed_in("dsl").get("/").content.decode()


def test_before_the_second_factor_nothing_is_told(person: Callable[..., object]) -> None:
    from tests.console.conftest import PASSWORD

    person("ito", "it-manager")
    client = Client()
    client.post("/console/sign-in", {"login": "ito", "password": PASSWORD})
    page = client.get("/console/verify").content.decode()
    assert "leeward-alarm" not in page
    assert "/people/" not in page
