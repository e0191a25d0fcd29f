"""A real browser through the gateway."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.gates.web.running import RunningGateway

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
_FLAGS = (
    *(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--ignore-certificate-errors",
    ),
    *(
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--proxy-bypass-list=<-loopback>",
    ),
)


@pytest.fixture
def browser(gateway: RunningGateway, tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """Chromium that browses through the gateway."""
    options = Options()
    options.binary_location = CHROMIUM or ""
    for flag in (*_FLAGS, f"--user-data-dir={tmp_path}", f"--proxy-server=127.0.0.1:{gateway.port}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.mark.journey
@pytest.mark.timeout(120)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no Chromium or no driver on this machine")
def test_a_pupil_reads_a_page_meets_a_block_and_says_it_was_an_accident(
    browser: webdriver.Chrome, gateway: RunningGateway
) -> None:
    browser.get(gateway.url("ok.test"))
    assert "Hello from the origin" in browser.page_source
    browser.get("https://games.leeward.test/")
    assert browser.title == "This page is blocked"
    browser.find_element(By.CSS_SELECTOR, "button.second").click()
    WebDriverWait(browser, 10).until(lambda seen: seen.title == "Thank you")
    assert "You have done nothing wrong" in browser.page_source
    assert gateway.events(kind="report", what="accident", host="games.leeward.test")
