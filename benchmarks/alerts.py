"""From a request to the lead's open page and to the mail server, and ten thousand findings a minute with faults.

`python -m benchmarks.alerts latency|flood`: the whole platform runs, with the shipped library and a real Chromium.
"""

import asyncio
import contextlib
import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from leeward.events.kinds import Finding
from leeward.events.spool import SpoolWriter
from leeward.identity.sessions import Session, SessionStore
from leeward.processes import answers

RATE, SHARE, SECONDS = 500, 0.01, 60
PER_MINUTE = 10_000
# All of one severity: the page shows the gravest first, and of these the newest.
_WORDS = ("how to kill myself without pain", "how to kill myself tonight", "best way to kill myself")
_PAGE = (
    "<!doctype html><title>The tides</title><main>"
    + "<p>The moon draws the sea, and the coast has two tides a day. " * 40
    + "</main>"
).encode()
_OBSERVE = """
window.seen = {};
const note = () => document.querySelectorAll('[id^="alert-"]').forEach((row) => { window.seen[row.id.slice(6)] ??= Date.now(); });
new MutationObserver(note).observe(document.querySelector("main"), {childList: true, subtree: true}); note();
"""


def port() -> int:
    """A port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Inbox:
    """A real mail server; when each alert's first mail came."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.came: dict[int, float] = {}
        self.mails = 0
        self._server: Controller | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """One mail."""
        self.mails += 1
        found = re.search(rb"alert (\d+)", envelope.content)
        if found:
            self.came.setdefault(int(found[1]), time.time())
        return "250 OK"

    def start(self) -> None:
        """Open it."""
        self._server = Controller(self, hostname="127.0.0.1", port=self.number)
        self._server.start()

    def stop(self) -> None:
        """Close it."""
        if self._server:
            self._server.stop()
            self._server = None


class Platform:
    """All processes of Leeward in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.proxy, self.admin, self.console, self.origin, self.mail = (port() for _ in range(5))
        (folder / "hosts").write_text("127.0.2.1 www.bing.com tides.test\n")
        (folder / "leeward.toml").write_text(
            f"""state = "state"
[gateway]
listen = ["127.0.0.1:{self.proxy}"]
admin = "127.0.0.1:{self.admin}"
workers = 2
hosts = "hosts"
allow_private = ["127.0.2.1"]
port_map = {{ 80 = {self.origin} }}
[console]
listen = "127.0.0.1:{self.console}"
second_factor = "offered"
[mail]
host = "127.0.0.1"
port = {self.mail}
security = "none"
"""
        )
        self.state = folder / "state"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, with a lead who has an address."""
        config = str(self.folder / "leeward.toml")
        leeward = [sys.executable, "-m", "leeward"]
        subprocess.run([*leeward, "compile", "--config", config], check=True, stdout=subprocess.DEVNULL)
        person = [*leeward, "console", "person", "fern", "--role", "dsl", "--config", config]
        subprocess.run(
            person, check=True, env=os.environ | {"LEEWARD_PASSWORD": "benchmarks of alerts"}, stdout=subprocess.DEVNULL
        )
        with contextlib.closing(sqlite3.connect(self.state / "console.sqlite")) as database, database:
            database.execute(
                "INSERT INTO alerts_contact (person_id, mail, phone, groups) SELECT id, 'fern@school.test', '', '[]' FROM people_person"
            )
        self._process = subprocess.Popen([*leeward, "up", "--config", config], stdout=subprocess.DEVNULL)
        while not answers(f"http://127.0.0.1:{self.console}/console/sign-in"):
            time.sleep(0.2)
        time.sleep(3)

    def stop(self) -> None:
        """End it."""
        if self._process:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """A question to the console's database."""
        with contextlib.closing(
            sqlite3.connect(f"file:{self.state / 'console.sqlite'}?mode=ro", uri=True, timeout=30)
        ) as database:
            return database.execute(query).fetchall()


@contextlib.contextmanager
def tray_in_chromium(platform: Platform) -> Iterator[Any]:
    """The lead's browser with the tray open."""
    from selenium.webdriver.common.by import By
    from tests.journeys.chromium import open_chromium

    with tempfile.TemporaryDirectory() as profile:
        driver = open_chromium(Path(profile))
        base = f"http://127.0.0.1:{platform.console}"
        driver.get(f"{base}/console/sign-in")
        driver.find_element(By.NAME, "login").send_keys("fern")
        driver.find_element(By.NAME, "password").send_keys("benchmarks of alerts")
        driver.find_element(By.CSS_SELECTOR, "main form button").click()
        driver.get(f"{base}/alerts/")
        driver.execute_script(_OBSERVE)
        yield driver
        driver.quit()


# --- latency ---


async def _origin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        while True:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s"
                % (len(_PAGE), _PAGE)
            )


async def _ask(proxy: int, source: str, url: str, host: str) -> float:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy, local_addr=(source, 0))
    writer.write(f"GET {url} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept: text/html\r\n\r\n".encode())
    await writer.drain()
    sent = time.time()
    await reader.read()
    writer.close()
    return sent


async def _page_views(proxy: int, source: str, rate: float, until: float) -> int:
    """One device that reads, on one connection, at a steady rate."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy, local_addr=(source, 0))
    count, due = 0, time.time() + random.random() / rate  # noqa: S311 - load
    while time.time() < until:
        await asyncio.sleep(max(due - time.time(), 0))
        due += 1 / rate
        writer.write(
            f"GET http://tides.test/{count} HTTP/1.1\r\nHost: tides.test\r\nAccept: text/html\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        count += 1
    writer.close()
    return count


async def _load(platform: Platform) -> tuple[dict[str, float], int]:
    """Send requests; when each finding's request was sent, by device, and how many pages were read."""
    server = await asyncio.start_server(_origin, "127.0.2.1", platform.origin)
    sent: dict[str, float] = {}
    until = time.time() + SECONDS
    async with asyncio.TaskGroup() as group:
        readers = [
            group.create_task(_page_views(platform.proxy, f"127.4.0.{n + 1}", RATE * (1 - SHARE) / 50, until))
            for n in range(50)
        ]
        for number in range(int(RATE * SHARE * SECONDS)):
            source = f"127.5.{number // 200}.{number % 200 + 1}"
            words = _WORDS[number % len(_WORDS)].replace(" ", "+")
            url = f"http://www.bing.com/search?q={words}"
            sent[source] = await _ask(platform.proxy, source, url, "www.bing.com")
            await asyncio.sleep(max(until - SECONDS + (number + 1) / (RATE * SHARE) - time.time(), 0))
    pages = sum(reader.result() for reader in readers)
    server.close()
    return sent, pages


def _sign_in(platform: Platform) -> None:
    store = SessionStore(platform.state / "sessions.sqlite")
    now = time.time()
    for number in range(int(RATE * SHARE * SECONDS)):
        source = f"127.5.{number // 200}.{number % 200 + 1}"
        store.start(Session(source, f"token{number}", "personal", "", "pupil", "pupil", ("Y9",), now, now + 9999))
    for number in range(50):
        store.start(
            Session(
                f"127.4.0.{number + 1}", f"reader{number}", "personal", "", "pupil", "pupil", ("Y8",), now, now + 9999
            )
        )
    store.close()


def at(values: list[float], share: float) -> float:
    """A percentile."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] if values else float("nan")


def latency() -> dict[str, float]:
    """How long until the page and the mail server know."""
    with tempfile.TemporaryDirectory() as name:
        platform = Platform(Path(name))
        inbox = Inbox(platform.mail)
        inbox.start()
        platform.start()
        _sign_in(platform)
        with tray_in_chromium(platform) as driver:
            sent, pages = asyncio.run(_load(platform))
            time.sleep(6)
            seen = {int(key): value / 1000 for key, value in driver.execute_script("return window.seen").items()}
        rows = platform.ask("SELECT id, client FROM alerts_alert WHERE source='finding'")
        platform.stop()
        inbox.stop()
    on_page = [seen[number] - sent[client] for number, client in rows if number in seen and client in sent]
    by_mail = [inbox.came[number] - sent[client] for number, client in rows if number in inbox.came and client in sent]
    return {
        "requests_per_second": round((pages + len(sent)) / SECONDS), "findings": len(sent), "alerts": len(rows),
        "on_page": len(on_page), "page_p50": at(on_page, 0.5), "page_p99": at(on_page, 0.99),
        "mailed": len(by_mail), "mail_p50": at(by_mail, 0.5), "mail_p99": at(by_mail, 0.99),
    }  # fmt: skip


# --- flood ---


def _write_findings(platform: Platform, minutes: float, faults: list[str]) -> int:
    """Ten thousand a minute, evenly; three thousand pupils, ten themes."""
    spool = SpoolWriter(platform.state / "spool")
    themes = (
        "drugs",
        "hate",
        "bypass",
        "gambling",
        "profanity",
        "cyberbullying",
        "wellbeing",
        "fraud",
        "gangs",
        "violence-weapons",
    )
    count, started = 0, time.time()
    total = int(PER_MINUTE * minutes)
    while count < total:
        due = min(int((time.time() - started) * PER_MINUTE / 60), total)
        for number in range(count, due):
            spool.put(
                Finding(person=f"pupil{number * 7 % 3000}", theme=themes[number % 10], severity=2 + number % 3, score=0.7, channel="search",
                        written=True, evidence="words", around="some words around", entries=f"{themes[number % 10]}/en/one", reason="Found.", group="Y9")
            )  # fmt: skip
        count = due
        spool.flush()
        time.sleep(0.1)
    spool.close()
    return count


def _faults(platform: Platform, inbox: Inbox, minutes: float, said: list[str]) -> None:
    """The mail server goes for a fifth of the time; the database is locked for fifteen seconds; the watch is killed."""
    time.sleep(minutes * 60 * 0.2)
    inbox.stop()
    said.append("mail server stopped")
    time.sleep(minutes * 60 * 0.1)
    watch = subprocess.run(
        ["pgrep", "-f", f"leeward watch --config {platform.folder}"], capture_output=True, text=True, check=False
    )
    for pid in watch.stdout.split():
        os.kill(int(pid), signal.SIGKILL)
    said.append(f"watch killed ({len(watch.stdout.split())})")
    time.sleep(minutes * 60 * 0.1)
    inbox.start()
    said.append("mail server back")
    with contextlib.closing(
        sqlite3.connect(platform.state / "console.sqlite", timeout=30, isolation_level=None)
    ) as database:
        database.execute("BEGIN IMMEDIATE")
        time.sleep(15)
        database.execute("ROLLBACK")
    said.append("database was locked for 15 s")


def flood(minutes: float) -> dict[str, Any]:
    """Nothing lost, nothing doubled, the page opens."""
    said: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        platform = Platform(Path(name))
        inbox = Inbox(platform.mail)
        inbox.start()
        platform.start()
        writer = threading.Thread(target=_write_findings, args=(platform, minutes, said))
        breaker = threading.Thread(target=_faults, args=(platform, inbox, minutes, said))
        opened: list[float] = []
        with tray_in_chromium(platform) as driver:
            writer.start()
            breaker.start()
            address = f"http://127.0.0.1:{platform.console}/alerts/"
            while writer.is_alive():
                driver.get(address)
                opened.append(
                    driver.execute_script(
                        "const t = performance.getEntriesByType('navigation')[0]; return t.domContentLoadedEventEnd;"
                    )
                )
                time.sleep(3)
        writer.join()
        breaker.join()
        total = int(PER_MINUTE * minutes)
        for _ in range(600):
            hits = platform.ask("SELECT count(*), count(DISTINCT event) FROM alerts_hit WHERE detector=''")[0]
            left = platform.ask(
                "SELECT count(*) FROM alerts_delivery WHERE way='mail' AND sent IS NULL AND dropped=0 AND due <= datetime('now')"
            )[0][0]
            if hits[0] >= total and not left:
                break
            time.sleep(1)
        joined = platform.ask("SELECT sum(hits), count(*) FROM alerts_alert")[0]
        rows = platform.ask("SELECT count(*) FROM alerts_hit WHERE alert_id IS NOT NULL")[0][0]
        platform.stop()
        inbox.stop()
    return {
        "written": total, "hits": hits[0], "different": hits[1], "alerts": joined[1], "joined": joined[0] == rows,
        "mails": inbox.mails, "mails_left": left, "page_ms_p50": at(opened, 0.5), "page_ms_p95": at(opened, 0.95),
        "page_ms_max": max(opened), "faults": said,
    }  # fmt: skip


PAGE = Path(__file__).parents[1] / "docs" / "benchmarks-alerts.md"


def page(quick: dict[str, Any], long: dict[str, Any]) -> str:
    """The page of the documentation."""
    verdict = {True: "met", False: "**missed**"}
    rows = [
        (
            "request's last byte to the lead's open page, 99th percentile ≤ 1 s",
            f"{quick['page_p99']:.2f} s",
            quick["page_p99"] <= 1,
        ),
        (
            "request's last byte to the mail server, 99th percentile ≤ 5 s",
            f"{quick['mail_p99']:.2f} s",
            quick["mail_p99"] <= 5,
        ),
        (
            "nothing lost, nothing doubled",
            f"{long['hits']:,} of {long['written']:,}",
            long["hits"] == long["different"] == long["written"],
        ),
        ("every mail arrives", f"{long['mails_left']} left", not long["mails_left"]),
        ("the tray opens in ≤ 500 ms, median", f"{long['page_ms_p50']:.0f} ms", long["page_ms_p50"] <= 500),
        ("the same, 95th percentile", f"{long['page_ms_p95']:.0f} ms", long["page_ms_p95"] <= 500),
    ]
    return "\n".join(
        [
            "# Alerts: how fast, and under a flood", "",
            "Made by `make bench-alerts`; nobody writes here by hand. The whole platform runs on two cores with the shipped library, the load, an",
            "origin server, a mail server and a real Chromium.", "",
            f"**Latency**: {quick['requests_per_second']} requests a second through the gateway for {SECONDS} s, one of a hundred a search that becomes an alert;",
            f"{quick['on_page']} of {quick['findings']} were seen on the page (median {quick['page_p50']:.2f} s) and {quick['mailed']} in the mail (median {quick['mail_p50']:.2f} s).", "",
            f"**Flood**: {PER_MINUTE:,} findings a minute about 3,000 pupils until there are {long['written']:,}; meanwhile: {', '.join(long['faults'])}.",
            f"They became {long['alerts']:,} alerts and {long['mails']:,} mails. The tray was opened every three seconds; the longest took {long['page_ms_max']:.0f} ms,",
            "while the database was locked from outside for 15 s.", "",
            "| target | measured | |", "| --- | --- | --- |",
            *(f"| {name} | {told} | {verdict[bool(met)]} |" for name, told, met in rows), "",
        ]
    )  # fmt: skip


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else "all"
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 10
    if what == "latency":
        print(json.dumps(latency(), indent=1))
    elif what == "flood":
        print(json.dumps(flood(minutes), indent=1))
    else:
        PAGE.write_text(page(latency(), flood(minutes)))
        print(PAGE.read_text())
