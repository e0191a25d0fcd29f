"""Sets the demonstration up: a state folder, an internet, the platform, people who are signed in."""

import json
import secrets
import time
from pathlib import Path
from typing import Any

import msgspec

from leeward.config import Config, load
from leeward.demo.accounts import Account, make_accounts
from leeward.demo.browse import Browser
from leeward.demo.internet import Internet
from leeward.demo.story import PEOPLE, STORY, Actor
from leeward.events.kinds import Session as SessionEvent
from leeward.events.spool import SpoolWriter
from leeward.identity.sessions import Session, SessionStore
from leeward.policy import file as policy_file
from leeward.policy.model import Rule
from leeward.processes import Parts
from leeward.store.read import Store

SCHOOL = "Sandbay School"
_CONFIG = """# Made anew by each start of `leeward demo`; your own school has a leeward.toml of its own.
state = "state"
[gateway]
listen = ["127.0.0.1:{port}"]
admin = "127.0.0.1:{admin}"
workers = 2
hosts = "hosts"
trust = ["internet-ca/ca.pem"]
allow_private = ["127.0.2.1"]
port_map = {{ 80 = {http}, 443 = {https} }}
packs = ["own.yaml"]
unknown_clients = "sign-in"
sign_in_url = "http://127.0.0.1:{console}/sign-in"
[console]
listen = "127.0.0.1:{console}"
second_factor = "offered"
[store]
ingest_seconds = 2.0
"""
_OWN_PACK = """# What this school looks for besides the shipped library: docs/reference/phrases.md
language: en
entries:
  - id: demo-words
    theme: profanity
    meaning: Holds the words that the demonstration closes.
    severity: 5
    weight: 90
    phrases: [demo forbidden words]
"""
_DAY = 86_400.0


class Demo:
    """The demonstration in one folder; a second start keeps the data."""

    def __init__(self, folder: Path, *, port: int, console_port: int) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.internet = Internet(folder)
        self._write_files(port, console_port)
        self.accounts: list[Account] = []
        self.config: Config = load(folder / "leeward.toml")
        self.parts = Parts(folder / "leeward.toml", folder / "logs")
        self.port = port
        self.console_port = console_port

    def _write_files(self, port: int, console_port: int) -> None:
        config = _CONFIG.format(
            port=port,
            admin=port + 1,
            console=console_port,
            http=self.internet.http_port,
            https=self.internet.https_port,
        )
        (self.folder / "leeward.toml").write_text(config)
        (self.folder / "hosts").write_text(self.internet.hosts_file() + "127.0.2.1 games-leeward-test.translate.goog\n")
        if not (self.folder / "own.yaml").exists():
            (self.folder / "own.yaml").write_text(_OWN_PACK)
        state = self.folder / "state"
        state.mkdir(exist_ok=True, mode=0o700)
        if not (state / "policy.json").exists():
            starter = policy_file.starter()
            closed = Rule(
                id="demo-words",
                themes=("profanity",),
                severity=5,
                action="block",
                reason="These words are closed in the demonstration.",
            )
            policy = msgspec.structs.replace(
                starter, rules=(*starter.rules, closed), school=SCHOOL, contact="Mrs Fern, the safeguarding lead"
            )
            policy_file.publish(state / "policy.json", policy)

    def start(self) -> None:
        """Start everything. Raises PartFailed."""
        self.internet.start()
        self.sign_everybody_in()
        self.accounts = make_accounts(self.folder, self._tokens())
        self.parts.start_all(self.config)

    def sign_everybody_in(self) -> None:
        """The people of the story are at their devices."""
        store = SessionStore(self.config.state_path / "sessions.sqlite")
        spool = SpoolWriter(self.config.state_path / "spool")
        tokens = self._tokens()
        now = time.time()
        for key, actor in PEOPLE.items():
            if actor.attribution:
                store.start(_session(actor, tokens[key], now))
                spool.put(SessionEvent(person=tokens[key], client=actor.address, seat=actor.seat, what="start"))
        spool.close()
        store.close()

    def _tokens(self) -> dict[str, str]:
        """Random tokens of the people, made once: events never carry names."""
        path = self.folder / "people.json"
        path.touch(mode=0o600)
        known: dict[str, str] = json.loads(path.read_text() or "{}")
        tokens = {key: secrets.token_hex(8) for key in PEOPLE} | known
        if tokens != known:
            path.write_text(json.dumps(tokens))
        return tokens

    def browser(self, who: str) -> Browser:
        """Somebody's browser."""
        roots = [self.config.state_path / "ca" / "ca.pem", self.internet.root]
        return Browser(("127.0.0.1", self.port), PEOPLE[who].address, roots, console_port=self.console_port)

    def play(self, *, again: bool = False) -> list[dict[str, Any]]:
        """Play the story once; what happened in each scene. `again`: without what happens in no school every minute."""
        out = []
        store = SessionStore(self.config.state_path / "sessions.sqlite")
        store.end(PEOPLE["stranger"].address)  # whoever signed in there when the story was told last
        store.close()
        time.sleep(0.3)
        for scene in STORY:
            if again and scene.once:
                continue
            began = time.monotonic()
            fault = scene.check(self.browser(scene.who))
            millis = round((time.monotonic() - began) * 1000)
            out.append({"scene": scene.name, "who": scene.who, "ok": not fault, "fault": fault, "millis": millis})
        return out

    def what_the_school_sees(self, since: float, *, seconds: float = 20) -> list[dict[str, Any]]:
        """What the store knows of the story; waits until ingest has brought all of it."""
        deadline = time.monotonic() + seconds
        while True:
            store = Store(self.config.state_path / "store")
            rows = store.ask("search_log", since=since)
            store.close()
            told = check_store(rows)
            if all(row["ok"] for row in told) or time.monotonic() > deadline:
                return told
            time.sleep(0.3)

    def stop(self) -> None:
        """End everything."""
        self.parts.stop()
        self.internet.stop()


def check_store(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the school must be able to see of the story."""
    searches = [row for row in rows if row["term"]]
    facts = {
        "Every person is told apart": len({row["person"] for row in rows if row["person"]}) == len(PEOPLE),
        "The class log-in has its seat": any(row["attribution"] == "class" and row["seat"] == "12" for row in rows),
        "The stranger is shown as unattributed": any(row["attribution"] == "unattributed" for row in rows),
        "Searches are written down with their term": any(row["term"] == "volcano" for row in searches),
        "A worrying search is marked": any("wellbeing" in row["findings"] for row in searches),
        "Blocks carry rule and category": any(
            row["verdict"] == "games" and row["categories"] == "games" for row in rows
        ),
        "A private connection is written down without its pages": any(
            row["method"] == "TUNNEL" and row["host"] == "helpline.leeward.test" and not row["path"] for row in rows
        ),
    }
    return [
        {"scene": name, "who": "school", "ok": bool(ok), "fault": "" if ok else "not in the store"}
        for name, ok in facts.items()
    ]


def _session(actor: Actor, token: str, now: float) -> Session:
    return Session(
        actor.address,
        token,
        actor.attribution,
        actor.seat,
        actor.profile,
        actor.role,
        actor.groups,
        now,
        now + 30 * _DAY,
    )
