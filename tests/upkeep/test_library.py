"""Updates of the library brought from a web server: verified, tried out, and only then in force."""

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from leeward.config import Config, LibraryUpdates
from leeward.gates.web.scan import library_folder
from leeward.text import updates
from leeward.text.library import load_library
from leeward.text.packs import use_update
from leeward.text.updates import BadUpdate, Update
from leeward.upkeep.library import asked, bring_library, go_back, take
from tests.gates.web.running import CLIENTS, start_gateway
from tests.ports import free_port

KEY = Ed25519PrivateKey.generate()
PACK = """language: en
theme: gangs
entries:
  - id: pond-club
    meaning: A group.
    severity: 4
    weight: 90
    phrases: [{phrase}]
    yes: [who runs the {example} now]
    no: [the pond is deep]
"""


def sealed(version: int, phrase: str = "pond club", example: str = "pond club") -> bytes:
    own = resources.files("leeward.text")
    files = {"packs/gangs.en.yaml": PACK.format(phrase=phrase, example=example).encode()}
    files |= {name: own.joinpath(name).read_bytes() for name in ("contexts.yaml", "idioms.yaml")}
    return updates.seal(Update(version, "2026-11-22", "Pond clubs.", files), KEY.private_bytes_raw())


class Server(BaseHTTPRequestHandler):
    data: ClassVar[bytes] = b""
    asked: ClassVar[int] = 0

    def do_GET(self) -> None:
        Server.asked += 1
        mark = f'"{len(self.data)}"'
        same = self.headers.get("If-None-Match") == mark
        self.send_response(304 if same else 200 if self.data else 404)
        self.send_header("ETag", mark)
        self.end_headers()
        if not same:
            self.wfile.write(self.data)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Config]:
    server = HTTPServer(("127.0.0.1", free_port()), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Server.data, Server.asked = b"", 0
    public = KEY.public_key().public_bytes_raw().hex()
    url = f"http://127.0.0.1:{server.server_port}/library"
    yield Config(state="state", folder=str(tmp_path), library=LibraryUpdates(url=url, key=public))
    server.shutdown()
    server.server_close()
    thread.join()
    use_update(None)


def found(config: Config, text: str) -> list[str]:
    use_update(updates.in_force(library_folder(config)))
    return [one.theme for one in load_library(library_folder(config)).find(text, "message")]


@pytest.mark.timeout(120)
def test_an_update_is_in_force_after_it_passed_its_own_examples_and_can_be_taken_back(config: Config) -> None:
    Server.data = sealed(2)
    assert bring_library(config) == 2
    assert found(config, "meet at the pond club") == ["gangs"]
    assert list(library_folder(config).glob("library-*.bin")), "it was made ready before it counted"
    assert bring_library(config) == 0, "not due"
    assert bring_library(config, only_due=False) == 0
    assert Server.asked == 2
    assert go_back(config) == 0
    assert updates.in_force(library_folder(config)) is None


@pytest.mark.timeout(120)
def test_one_that_fails_its_own_examples_or_is_older_is_refused_and_what_counts_stays(config: Config) -> None:
    Server.data = sealed(3)
    assert bring_library(config) == 3
    with pytest.raises(BadUpdate, match="fails its own examples"):
        take(config, sealed(4, example="quiet club"))
    with pytest.raises(BadUpdate, match="older than 3"):
        take(config, sealed(2))
    assert updates.about(library_folder(config)).version == 3
    assert take(config, sealed(4)) == 4, "a mended one may come under the same number"


def test_what_goes_wrong_is_kept_for_health_and_tried_again(config: Config) -> None:
    assert bring_library(config, now=1e6) == 0
    assert "404" in asked(config).failure
    assert bring_library(config, now=1e6 + 100) == 0
    assert Server.asked == 1, "not at once"
    Server.data = b"LWLIB1" + b"x" * 100
    bring_library(config, now=1e6 + 3700)
    assert "signature" in asked(config).failure


def test_without_a_url_nothing_is_asked_and_a_wrong_key_says_so(config: Config) -> None:
    import msgspec

    assert bring_library(msgspec.structs.replace(config, library=LibraryUpdates())) == 0
    wrong = msgspec.structs.replace(config, library=LibraryUpdates(url=config.library.url, key="abc"))
    with pytest.raises(BadUpdate, match="64 hexadecimal digits"):
        take(wrong, sealed(2))


@pytest.mark.timeout(120)
def test_what_failed_its_trial_never_counts(config: Config) -> None:
    bad = sealed(5, example="quiet day")
    for _ in range(3):
        with pytest.raises(BadUpdate, match="fails its own examples"):
            take(config, bad)
    assert take(config, sealed(6)) == 6
    assert go_back(config) == 0
    assert not list(library_folder(config).glob("trying-*"))


@pytest.mark.timeout(180)
def test_a_gateway_that_runs_takes_up_an_update_and_gives_it_back(tmp_path: Path) -> None:
    public = KEY.public_key().public_bytes_raw().hex()
    (tmp_path / "update").write_bytes(sealed(2))

    def library(*command: str) -> None:
        words = [sys.executable, "-m", "leeward", "library", *command, "--config", str(tmp_path / "leeward.toml")]
        subprocess.run(words, check=True, capture_output=True)

    def heard(mark: str) -> bool:
        running.get(running.url("www.google.com", f"/search?q=meet+at+the+pond+club+{mark}"))
        return bool(running.events(kind="finding", theme="gangs", path=f"/search?q=meet+at+the+pond+club+{mark}"))

    def becomes(wanted: bool, mark: str) -> bool:
        deadline = time.monotonic() + 20
        tries = itertools.count()
        while (now := heard(f"{mark}{next(tries)}")) != wanted and time.monotonic() < deadline:
            time.sleep(0.2)
        return now == wanted

    with start_gateway(tmp_path, library=True, tail=f'{CLIENTS}\n[library]\nkey = "{public}"\n') as running:
        assert not heard("before")
        library("take", str(tmp_path / "update"))
        assert becomes(True, "with")
        library("back")
        assert becomes(False, "without")
