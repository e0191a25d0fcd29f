"""leeward explain."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from leeward.identity.sessions import Session, SessionStore
from tests.cli.running import POLICY, make_school, run

WORDS = """language: en
entries:
  - {id: pond, theme: gangs, meaning: A group., severity: 4, weight: 90, phrases: [pond club]}
  - {id: well, theme: drugs, meaning: A place., severity: 4, weight: 90, phrases: [well house]}
"""
EXCLUDED = """
[[rules]]
id = "doctors-speak-of-it"
categories = ["health"]
themes = ["gangs"]
action = "allow"
"""


def test_it_says_verdict_rule_and_everything_considered(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    run("compile", "--config", str(config))
    code, output = run(
        "explain",
        "https://www.play.test/x",
        "--group",
        "y7",
        "--json",
        "--config",
        str(config),
        "--at",
        "2026-11-23T10:00",
    )
    told = json.loads(output)
    assert code == 0
    assert (told["verdict"], told["rule"], told["tier"], told["categories"]) == (
        "block",
        "no-games",
        "profile",
        ["games"],
    )
    assert [row["rule"] for row in told["considered"]] == ["sealed", "no-games", "default:pupil"]
    code, output = run("explain", "play.test", "--group", "y8", "--config", str(config))
    assert "ALLOW by default:pupil" in output
    assert "not for this group" in output


def test_faults_are_said_clearly(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    for arguments in (
        ["play.test"],
        ["play.test", "--profile", "gone"],
        ["http://", ""],
        ["play.test", "--at", "soon"],
        ["play.test", "--person", "nobody"],
    ):
        code, output = run("explain", *[a for a in arguments if a], "--config", str(config))
        assert code == 1
        assert output.startswith("leeward: ")
        run("compile", "--config", str(config))


def test_somebody_whom_the_console_knows_is_explained_whatever_the_file_is_called(tmp_path: Path) -> None:
    config = make_school(tmp_path).rename(tmp_path / "school.toml")
    run("compile", "--config", str(config))
    environment = {**os.environ, "LEEWARD_PASSWORD": "a quite long password"}

    def leeward(*arguments: str) -> str:
        command = [sys.executable, "-m", "leeward", *arguments, "--config", str(config)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    leeward("console", "person", "hollis", "--role", "teacher")
    told = json.loads(leeward("explain", "play.test", "--person", "hollis", "--json"))
    # A new member of staff has the profile "staff", which this policy does not have: closed, not the default.
    assert (told["profile"], told["verdict"]) == ("none", "block")


def test_whoever_is_signed_in_at_an_address_is_explained(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    run("compile", "--config", str(config))
    store = SessionStore(tmp_path / "state" / "sessions.sqlite")
    now = time.time()
    store.start(Session("10.0.0.5", "aa", "personal", "", "pupil", "pupil", ("y7",), now, now + 60))
    store.close()
    at = ("explain", "play.test", "--config", str(config), "--json", "--address")
    assert json.loads(run(*at, "10.0.0.5")[1])["rule"] == "no-games"
    assert json.loads(run(*at, "10.0.0.6")[1])["rule"] == "default:strict"
    assert run(*at, "zzz") == (1, "leeward: --address 'zzz' is no IP address\n")


def test_words_are_tried_out_with_the_exclusions_of_lessons_and_medicine(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    (tmp_path / "words.yaml").write_text(WORDS)
    settings = config.read_text() + '[[lists]]\nname = "doctors"\nsource = "doctors.txt"\ncategory = "health"\n'
    config.write_text(settings + '[gateway]\nlibrary = false\npacks = ["words.yaml"]\n')
    (tmp_path / "doctors.txt").write_text("nhs.test\n")
    (tmp_path / "policy.toml").write_text(POLICY.replace('name = "pupil"', 'name = "pupil"\nblock_from = 3') + EXCLUDED)
    run("compile", "--config", str(config))

    def told(host: str, words: str) -> dict[str, Any]:
        code, output = run("explain", host, "--says", words, "--config", str(config), "--json")
        assert code == 0, output
        return dict(json.loads(output)["words"])

    closed = told("ok.test", "a pond club")
    assert (closed["action"], closed["rule"]) == ("block", "content:pupil")
    assert [(one["theme"], one["severity"]) for one in closed["findings"]] == [("gangs", 4)]
    assert told("nhs.test", "a pond club")["action"] == "allow"
    assert told("nhs.test", "a well house")["action"] == "block", "the exclusion is of one theme"
    assert told("ok.test", "a quiet day") == {"action": "allow", "rule": "", "findings": []}
    _, output = run("explain", "ok.test", "--says", "a pond club", "--config", str(config))
    assert "what it says: BLOCK by content:pupil" in output
    assert "gangs, severity 4: A group." in output
