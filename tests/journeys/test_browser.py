"""A real browser through the gateway."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.gates.web.running import RunningGateway
from tests.journeys.chromium import axe_findings, needs_chromium, open_chromium


@pytest.fixture
def browser(gateway: RunningGateway, tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """Chromium that browses through the gateway."""
    driver = open_chromium(tmp_path, f"--proxy-server=127.0.0.1:{gateway.port}", "--proxy-bypass-list=<-loopback>")
    yield driver
    driver.quit()


@pytest.mark.journey
@pytest.mark.timeout(120)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@needs_chromium
def test_a_pupil_reads_a_page_meets_a_block_and_says_it_was_an_accident(
    browser: webdriver.Chrome, gateway: RunningGateway
) -> None:
    browser.get(gateway.url("ok.test"))
    assert "Hello from the origin" in browser.page_source
    browser.get("https://games.leeward.test/")
    assert browser.title == "This page is blocked"
    assert axe_findings(browser) == []
    browser.find_element(By.CSS_SELECTOR, "button.second").click()
    WebDriverWait(browser, 10).until(lambda seen: seen.title == "Thank you")
    assert "You have done nothing wrong" in browser.page_source
    assert axe_findings(browser) == []
    assert gateway.events(kind="report", what="accident", host="games.leeward.test")
