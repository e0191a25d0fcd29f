"""A real Chromium for journeys, and axe, which judges pages by WCAG 2.2 AA."""

import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
needs_chromium = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no Chromium or no driver on this machine")
_FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--ignore-certificate-errors", "--disable-background-networking", "--disable-component-update"),
)
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def open_chromium(profile: Path, *flags: str) -> webdriver.Chrome:
    """A browser with a profile of its own."""
    options = Options()
    options.binary_location = CHROMIUM or ""
    for flag in (*_FLAGS, f"--user-data-dir={profile}", *flags):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service(DRIVER))


def axe_findings(browser: webdriver.Chrome) -> list[str]:
    """What axe finds on the page that is open: rule, help and the elements."""
    source = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    browser.execute_script(source)
    run = "const done = arguments[1]; axe.run({runOnly: arguments[0]}).then(r => done(JSON.stringify(r.violations)));"
    violations: list[dict[str, Any]] = json.loads(browser.execute_async_script(run, list(_TAGS)))
    return [f"{v['id']}: {v['help']}: {[node['html'][:120] for node in v['nodes'][:3]]}" for v in violations]
