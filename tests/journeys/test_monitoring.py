"""From a pupil's search to a decision, in a real browser, with every process of the platform running."""

import datetime as dt
import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from leeward.console.alerts.joining import Heads, hit_of_finding, join
from leeward.console.alerts.models import Alert
from leeward.console.alerts.tasks import weekly_text
from leeward.console.people.models import Person
from leeward.demo.browse import Browser
from leeward.demo.story import PEOPLE, WORRY, tells_a_worry
from leeward.events.kinds import Finding
from leeward.store.read import Store
from tests.console.conftest import person, signed_in, snapshot, state  # noqa: F401 - fixtures
from tests.journeys.chromium import needs_chromium, open_chromium
from tests.journeys.test_console import browser, enter, press, site, wait  # noqa: F401 - fixtures
from tests.ports import free_port

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(240),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    needs_chromium,
]


class Demo(NamedTuple):
    """A running demonstration."""

    folder: Path
    port: int
    console_port: int

    def browser(self, who: str) -> Browser:
        """Somebody's browser."""
        roots = [self.folder / "state" / "ca" / "ca.pem", self.folder / "internet-ca" / "ca.pem"]
        return Browser(("127.0.0.1", self.port), PEOPLE[who].address, roots, console_port=self.console_port)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """The whole platform, with the shipped library and a small internet."""
    made = Demo(tmp_path / "demo", free_port(), free_port())
    command = [sys.executable, "-m", "leeward", "demo", "--state", str(made.folder), "--port", str(made.port)]
    command += ["--console-port", str(made.console_port)]
    deadline = time.monotonic() + 120
    while True:  # a demonstration of another test may still hold the addresses of the small internet
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        if any("Ctrl-C" in line for line in process.stdout):
            break
        process.wait()
        assert time.monotonic() < deadline, "it did not start"
        time.sleep(3)
    yield made
    process.send_signal(signal.SIGINT)
    process.wait(60)
    process.stdout.close()


def test_a_search_shows_up_on_the_leads_open_page_and_is_decided_by_keys(demo: Demo, tmp_path: Path) -> None:
    driver = open_chromium(tmp_path / "chromium")
    try:
        _search_to_decision(demo, driver)
    finally:
        driver.quit()


def _search_to_decision(demo: Demo, driver: webdriver.Chrome) -> None:
    password = json.loads((demo.folder / "passwords.json").read_text())["fern"]
    base = f"http://127.0.0.1:{demo.console_port}"
    driver.get(f"{base}/console/sign-in")
    driver.find_element(By.NAME, "login").send_keys("fern")
    driver.find_element(By.NAME, "password").send_keys(password)
    driver.find_element(By.CSS_SELECTOR, "main form button").click()
    driver.get(f"{base}/alerts/")
    demo.browser("ben").open("https://search.leeward.test/search?q=how+to+kill+myself+without+pain")
    # Nobody touches the page: it shows the alert by itself.
    wait(driver, lambda seen: "Ben Orchard" in seen.find_element(By.ID, "alerts").text)
    driver.find_element(
        By.XPATH, "//*[@id='alerts']//tr[contains(., 'Ben Orchard') and contains(., 'Suicide')]//a"
    ).click()
    assert driver.find_element(By.TAG_NAME, "mark").text
    body = driver.find_element(By.TAG_NAME, "body")
    body.send_keys("a")
    wait(driver, lambda seen: "Somebody is at it" in seen.find_element(By.TAG_NAME, "main").text)
    driver.find_element(By.TAG_NAME, "body").send_keys("c")
    driver.switch_to.active_element.send_keys("Called his form tutor; he is with her now.")
    press(driver, "It is an incident")
    wait(driver, lambda seen: "It is an incident now." in seen.page_source)
    with sqlite3.connect(demo.folder / "state" / "console.sqlite") as database:
        (row,) = database.execute(
            "SELECT status, words FROM alerts_alert WHERE theme='suicide-self-harm' AND severity=5"
        ).fetchall()
    database.close()
    assert row == ("incident", "Called his form tutor; he is with her now.")


def test_an_anonymous_worry_leaves_no_trace_of_who_told_it_in_the_gateways_log(demo: Demo) -> None:
    since = time.time() - 1
    assert tells_a_worry("somebody is being hurt: how to kill myself", "Your code")(demo.browser("ben")) == ""
    page = demo.browser("ben").open(WORRY)
    script = re.search(r'src="(/static/worries/[^"]+)"', page.body)
    assert script
    # What a page brings along tells which page it was.
    assert demo.browser("ben").open(WORRY.replace("/worry", script[1])).status == 200
    demo.browser("amira").open("http://news.leeward.test/")
    deadline = time.monotonic() + 20
    rows: list[dict[str, Any]] = []
    while time.monotonic() < deadline and not any(row["host"] == "news.leeward.test" for row in rows):
        store = Store(demo.folder / "state" / "store")
        rows = store.ask("search_log", since=since)
        findings = store.ask("findings", kind="finding", since=since)
        store.close()
        time.sleep(0.3)
    silent = [row for row in rows if row["host"] == "127.0.0.1" and not row["path"]]
    assert silent, "that the console was reached is known"
    assert {(row["person"], row["client"], row["seat"], row["group"]) for row in silent} == {("", "", "", "")}
    assert not [row for row in rows if "worr" in row["path"]]
    assert not [row for row in findings if row["host"] == "127.0.0.1"], "the words were not read"


@pytest.mark.django_db(transaction=True)
def test_an_anonymous_worry_is_answered(
    browser: webdriver.Chrome,  # noqa: F811 - a fixture
    site: str,  # noqa: F811 - a fixture
    signed_in: Callable[..., Client],  # noqa: F811 - a fixture
) -> None:
    browser.get(f"{site}/worry")
    browser.find_element(By.NAME, "words").send_keys("my friend stopped eating")
    press(browser, "Send")
    wait(browser, lambda seen: seen.find_elements(By.ID, "code"))
    code = browser.find_element(By.ID, "code").text
    assert re.fullmatch(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){2}", code)
    assert browser.get_cookie("sessionid") is None
    enter(browser, site, signed_in("dsl", login="fern"))
    browser.get(f"{site}/alerts/")
    browser.find_element(By.CSS_SELECTOR, "#alerts tbody a").click()
    assert "does not want to be known" in browser.page_source
    browser.find_element(By.ID, "answer").send_keys("Thank you for telling us. Can you say which year she is in?")
    press(browser, "Answer")
    wait(browser, lambda seen: "Your answer is there" in seen.page_source)
    browser.delete_cookie("sessionid")
    browser.get(f"{site}/worry/thread")
    browser.find_element(By.NAME, "code").send_keys(code.lower().replace("-", " "))
    press(browser, "Open")
    wait(browser, lambda seen: "which year she is in" in seen.page_source)
    browser.find_element(By.NAME, "words").send_keys("year 8")
    press(browser, "Send")
    wait(browser, lambda seen: "year 8" in seen.find_element(By.CLASS_NAME, "leeward-thread").text)
    browser.find_element(By.ID, "exit").click()
    wait(browser, lambda seen: "/worry" not in seen.current_url)


@pytest.mark.django_db(transaction=True)
def test_a_false_alarm_is_left_out_with_a_reason_and_gone_from_next_weeks_report(
    browser: webdriver.Chrome,  # noqa: F811 - a fixture
    site: str,  # noqa: F811 - a fixture
    signed_in: Callable[..., Client],  # noqa: F811 - a fixture
    person: Callable[..., Person],  # noqa: F811 - a fixture
) -> None:
    amira = person("amira", kind="pupil", groups=["Y9"])

    def found(name: str) -> None:
        event = Finding(id=name, at=time.time(), person=amira.token, theme="gangs", severity=3, channel="search",
                        written=True, evidence="postcode", entries="gangs/en/postcode", reason="A postcode.")  # fmt: skip
        join([(hit_of_finding(event), Heads(group="Y9"))])

    found("one")
    alert = Alert.objects.get()
    enter(browser, site, signed_in("dsl", login="fern"))
    browser.get(f"{site}{reverse('alerts:see', args=[alert.pk])}")
    browser.find_element(By.TAG_NAME, "body").send_keys("n")
    Select(browser.find_element(By.NAME, "harmless-reason")).select_by_value("false-alarm")
    press(browser, "Close it as no concern")
    wait(browser, lambda seen: "It is closed as no concern" in seen.page_source)
    browser.find_element(By.PARTIAL_LINK_TEXT, "Leave it out").click()
    assert browser.find_element(By.NAME, "entry").get_attribute("value") == "gangs/en/postcode"
    browser.find_element(By.NAME, "reason").send_keys("Geography homework on postcodes.")
    press(browser, "Save")
    wait(browser, lambda seen: "left out from now on" in seen.page_source)
    found("two")
    assert Alert.objects.count() == 1, "nothing new"
    next_week = timezone.localtime() + dt.timedelta(days=8)
    assert "0 alerts" in weekly_text(next_week)
    alert.refresh_from_db()
    assert not alert.rows.filter(excluded=False).exists()
