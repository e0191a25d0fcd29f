"""People with roles use the console in a real browser; axe looks at every page."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions
from selenium.webdriver.support.ui import WebDriverWait

from leeward.console.accounts.actions import sign_in_at
from leeward.console.accounts.models import Passkey
from leeward.console.alerts.joining import Heads, hit_of_finding, join
from leeward.console.alerts.models import Addition, Alert, Exclusion, Route
from leeward.console.audit.action import write
from leeward.console.oversight.actions import make
from leeward.console.oversight.models import Sample
from leeward.console.people.models import Person
from leeward.console.people.roles import ROLES
from leeward.console.worries import actions as worries
from leeward.console.worries.actions import Told
from leeward.events.kinds import Finding, Report, Web
from leeward.events.spool import SpoolWriter
from leeward.store.ingest import Ingest
from tests.console.conftest import PASSWORD, person, signed_in, snapshot, state  # noqa: F401 - fixtures
from tests.console.test_permissions import PAGES, POST_ONLY
from tests.journeys.chromium import axe_findings, needs_chromium, open_chromium

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(240),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.django_db(transaction=True),
    needs_chromium,
]


@pytest.fixture
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """Chromium as staff use it."""
    driver = open_chromium(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


@pytest.fixture
def site(live_server: Any) -> str:
    """The console's address: localhost, where browsers allow passkeys without HTTPS."""
    return str(live_server.url)


@pytest.fixture
def school(state: Path, snapshot: object, person: Callable[..., Person]) -> None:  # noqa: F811 - fixtures
    """A school with something on every page."""
    amira = person("amira", kind="pupil", groups=["Y7"])
    sign_in_at(person("8c", kind="class"), "10.0.0.7", "12")
    spool = SpoolWriter(state / "spool")
    for action in ("allow", "block", "warn"):
        spool.put(
            Web(
                person=amira.token, client="10.0.0.8", host="play.test", scheme="https", path="/a?b=<c>", action=action,
                verdict="games", categories="games", group="Y7", term="volcano", findings="a theme",
            )
        )  # fmt: skip
    spool.put(
        Web(host="b.test", scheme="http", path="/", action="allow", attribution="unattributed", client="10.0.0.9")
    )
    spool.put(Report(person=amira.token, what="open", host="play.test", words="for my homework"))
    spool.close()
    work = Ingest(state / "spool", state / "store")
    work.run()
    work.close()
    something_to_do(amira)


def something_to_do(amira: Person) -> None:
    """An alert with a pattern and a past, a worry with an answer, a route, an exclusion, a sample."""
    now = time.time()
    rows = [
        Finding(id=f"f{n}", at=now, person=amira.token, theme="drugs", severity=4, channel="search", written=True,
                evidence="the words", around="before the words after", entries="drugs/en/one", reason="Speaks of it.")
        for n in range(3)
    ]  # fmt: skip
    join([(hit_of_finding(row), Heads(group="Y7")) for row in rows])
    lead = Person.objects.create(login="lead", name="The Lead", kind="staff", roles=["dsl"], token="lead")
    Route.objects.create(name="Nights", people=["role:dsl"], ways=["mail"])
    Exclusion.objects.create(entry="hate/en/one", reason="a song in assembly", by=lead)
    Addition.objects.create(name="own", theme="gangs", meaning="A local group.", phrases=["pond club"], by=lead)
    worries.tell("10.0.0.8", Told("somebody is hurt", "a friend", "no", "", False))
    write(lead, "activity.day", subject="amira", is_read=True)
    make("looks", timezone.localdate(), timezone.localdate(), by=None)


def enter(browser: webdriver.Chrome, site: str, client: Client) -> None:
    """The browser takes over a session."""
    browser.get(f"{site}/console/sign-in")
    browser.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value})


def wait(browser: webdriver.Chrome, condition: Callable[[webdriver.Chrome], Any]) -> None:
    """Wait for the browser, ten seconds at most."""
    WebDriverWait(browser, 10).until(condition)


@pytest.mark.usefixtures("school")
def test_axe_finds_nothing_on_any_page_in_any_width(
    browser: webdriver.Chrome,
    site: str,
    signed_in: Callable[..., Client],  # noqa: F811 - a fixture
) -> None:
    findings: dict[str, list[str]] = {}
    browser.get(f"{site}/console/sign-in")
    for address in ("/console/sign-in", "/sign-in", "/nowhere"):
        browser.get(site + address)
        findings[address] = axe_findings(browser)
    client = signed_in(*ROLES, login="everything")
    enter(browser, site, client)
    token, today = Person.objects.get(login="amira").token, timezone.localdate()
    known: dict[str, dict[str, Any]] = {
        "people:edit": {"login": "amira"}, "activity:day": {"token": token, "date": today},
        "alerts:see": {"number": Alert.objects.get(theme="drugs").pk}, "alerts:route": {"number": Route.objects.get().pk},
        "alerts:contact": {"login": "everything"}, "oversight:sample": {"number": Sample.objects.get().pk},
    }  # fmt: skip
    queries = {
        "activity:day": "?purpose=x",
        "activity:explain": "?url=play.test&profile=pupil",
        "activity:search": "?host=play.test&purpose=x",
        "lists:look-up": "?name=play.test",
        "rules:new": "?host=play.test",
    }
    for width in (1280, 375):
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        for name, (arguments, _) in PAGES.items():
            if name in POST_ONLY or name in ("reports:table", "activity:table", "alerts:worker"):
                continue
            arguments = known.get(name, arguments)
            browser.get(site + reverse(name, kwargs=arguments) + queries.get(name, ""))
            assert "Page not found" not in browser.page_source, name
            findings[f"{name} {width}"] = axe_findings(browser) + _wider_than(browser, name)
    assert "\n".join(f"{name}: {what}" for name, found in findings.items() for what in found) == ""


def _wider_than(browser: webdriver.Chrome, name: str) -> list[str]:
    """A page that must be scrolled sideways (WCAG 1.4.10)."""
    wide = "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return [f"{name} is wider than the window"] if browser.execute_script(wide) else []


def test_a_member_of_staff_makes_a_passkey_and_signs_in_with_it(
    browser: webdriver.Chrome,
    site: str,
    person: Callable[..., Person],  # noqa: F811 - a fixture
) -> None:
    browser.add_virtual_authenticator(VirtualAuthenticatorOptions(is_user_consenting=True))
    person("fern", "dsl")
    sign_in(browser, site)
    press(browser, "Make a passkey")
    wait(browser, lambda seen: "Hello, Fern" in seen.page_source)
    assert Passkey.objects.get().user.login == "fern"
    press(browser, "Sign out")
    wait(browser, lambda seen: "Sign out" not in seen.page_source)
    sign_in(browser, site)
    assert "Hello, Fern" not in browser.page_source, "the password alone does not open it"
    browser.get(f"{site}/activity/")
    assert "Is it really you?" in browser.page_source
    press(browser, "Use my passkey")
    wait(browser, lambda seen: seen.find_elements(By.ID, "live"))
    assert Passkey.objects.get().used is not None
    browser.get(f"{site}/console/factors")
    press(browser, "Take away")
    wait(browser, lambda seen: "This is your last second factor" in seen.page_source)


def sign_in(browser: webdriver.Chrome, site: str) -> None:
    """Log-in and password of Mrs Fern."""
    browser.get(f"{site}/console/sign-in")
    wait(browser, lambda seen: seen.find_elements(By.NAME, "login"))
    browser.find_element(By.NAME, "login").send_keys("fern")
    browser.find_element(By.NAME, "password").send_keys(PASSWORD)
    press(browser, "Sign in")


def press(browser: webdriver.Chrome, text: str) -> None:
    """Press the button with this text."""
    wait(browser, lambda seen: [b for b in seen.find_elements(By.TAG_NAME, "button") if text in b.text])
    next(b for b in browser.find_elements(By.TAG_NAME, "button") if text in b.text).click()


@pytest.mark.usefixtures("school")
def test_the_live_view_shows_what_happens_without_a_hand(
    browser: webdriver.Chrome,
    site: str,
    signed_in: Callable[..., Client],  # noqa: F811 - fixtures
    state: Path,  # noqa: F811 - a fixture
) -> None:
    enter(browser, site, signed_in("dsl"))
    browser.get(f"{site}/activity/")
    assert "fresh.test" not in browser.page_source
    spool = SpoolWriter(state / "spool")
    spool.put(Web(host="fresh.test", scheme="https", path="/", action="block", verdict="games"))
    spool.flush()
    wait(browser, lambda seen: "fresh.test" in seen.page_source)
    spool.close()
    assert not errors(browser)


def errors(browser: webdriver.Chrome) -> list[str]:
    """What the browser complains about, a refusal by the content security policy first of all."""
    return [row["message"] for row in browser.get_log("browser") if row["level"] == "SEVERE"]  # type: ignore[no-untyped-call]


@pytest.mark.usefixtures("school")
def test_the_it_manager_opens_a_page_that_somebody_asked_for_with_the_keyboard_alone(
    browser: webdriver.Chrome,
    site: str,
    signed_in: Callable[..., Client],  # noqa: F811 - a fixture
) -> None:
    enter(browser, site, signed_in("it-manager"))
    browser.get(f"{site}/activity/requests")
    link = browser.find_element(By.PARTIAL_LINK_TEXT, "Open it for a while")
    link.send_keys("\n")
    wait(browser, lambda seen: seen.find_elements(By.NAME, "until"))
    browser.execute_script("document.getElementsByName('until')[0].value = '2030-01-01T10:00'")
    browser.find_element(By.NAME, "owner").send_keys("Mr Ito", "\n")
    wait(browser, lambda seen: "Saved in the draft" in seen.page_source)
    browser.find_element(By.NAME, "note").send_keys("homework", "\n")
    wait(browser, lambda seen: re.search(r"Published as version \d", seen.page_source))
    browser.get(f"{site}{reverse('activity:explain')}?url=play.test&profile=pupil")
    assert "open-play-test" in browser.page_source
