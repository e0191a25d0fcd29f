"""Lists of E2Guardian and DansGuardian become entries."""

from pathlib import Path

import pytest

from leeward.text.score import Library, compiled
from leeward.text.weighted import files_of, read_weighted

LIST = b"""# a comment
listcategory: "Drugs (Illegal)"
< purple haze ><40>
<stoner>,< rolling papers ><30>
< banned thing >
< excused ><-50>
<broken
< caf\xe9 vert ><20>
< ... ><10>
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "drugadvocacy" / "weighted"
    made.parent.mkdir()
    made.write_bytes(LIST)
    return made


def test_each_line_is_an_entry_or_is_told_with_its_number(path: Path) -> None:
    entries, junk = read_weighted(path, "drugs")
    assert [(entry.phrases, entry.with_, entry.weight) for entry in entries] == [
        (("purple haze",), (), 40), (("stoner*",), ("rolling papers",), 30), (("banned thing",), (), 84),
        (("café vert",), (), 20),
    ]  # fmt: skip
    assert [number for number, _ in junk] == [6, 7, 9]
    assert "excuses" in junk[0][1]


def test_combinations_need_all_their_parts(path: Path) -> None:
    library = Library(compiled(read_weighted(path, "drugs").entries))
    assert library.entries_in("stoners with rolling papers", "page")
    assert not library.entries_in("stoners with newspapers", "page")


def test_folders_have_the_theme_that_comes_nearest(path: Path) -> None:
    (path.parent.parent / "sport").mkdir()
    (path.parent.parent / "sport" / "weighted").write_text("< goal ><10>\n")
    assert [(one.parent.name, theme) for one, theme in files_of(path.parent.parent)] == [
        ("drugadvocacy", "drugs"),
        ("sport", ""),
    ]
