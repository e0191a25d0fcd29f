"""The reference is whole and current; every page that is linked exists."""

import re
from pathlib import Path

import pytest

from leeward.__main__ import app
from leeward.cli.docs import PAGES
from leeward.config import Config, Gateway, Limits
from leeward.events.kinds import KINDS
from leeward.sources.reader import FORMATS

ROOT = Path(__file__).parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_is_what_the_program_says(name: str) -> None:
    assert (ROOT / "docs" / "reference" / name).read_text() == PAGES[name](), "run `make docs`"


def test_every_setting_event_kind_format_and_command_is_documented() -> None:
    settings = (ROOT / "docs/reference/settings.md").read_text()
    for struct in (Config, Gateway, Limits):
        for name in set(struct.__struct_fields__) - {"folder"}:
            row = re.search(rf"^\| `{name}` \|.*\| ([^|]+) \|$", settings, re.M)
            assert row, name
            assert len(row[1]) > 5, name
    events = (ROOT / "docs/reference/events.md").read_text()
    assert all(f"## {kind}\n" in events for kind in KINDS)
    sources = (ROOT / "docs/reference/sources.md").read_text()
    assert all(f"## {name}\n" in sources for name in FORMATS)
    commands = (ROOT / "docs/reference/commands.md").read_text()
    for command in app.registered_commands:
        assert command.hidden or f"`leeward {command.name}" in commands, command.name
    for group in app.registered_groups:
        assert f"`leeward {group.name}" in commands


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_documentation_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text()):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{path.name}: {target}"
