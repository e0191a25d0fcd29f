"""leeward scan: JSON lines in, findings out."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leeward.__main__ import app


def scan(path: Path, *lines: object) -> tuple[int, str]:
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    done = CliRunner().invoke(app, ["scan", str(path)])
    return done.exit_code, done.output


def test_each_text_has_its_line_in_order(tmp_path: Path) -> None:
    code, out = scan(
        tmp_path / "in", {"id": 1, "text": "i want to kill myself", "channel": "message"},
        {"id": 2, "text": "when is the maths test", "channel": "search"}, "", {"id": 3, "text": "kms", "age": 13},
    )  # fmt: skip
    assert code == 0
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["id"] for row in rows] == [1, 2, 3]
    finding = rows[0]["findings"][0]
    assert finding["theme"] == "suicide-self-harm"
    assert finding["severity"] >= 4
    assert finding["evidence"]
    assert finding["reason"].endswith(".")
    assert rows[1]["findings"] == []


@pytest.mark.parametrize(
    ("line", "why"),
    [("{", "line 1 is no JSON"), ({"id": 1}, 'line 1 has no "text"'), ({"text": "a", "channel": "fax"}, '"channel" is one of'),
     ({"text": "a", "age": "old"}, '"age" is a number')],
)  # fmt: skip
def test_what_is_no_row_is_one_clear_line(tmp_path: Path, line: object, why: str) -> None:
    code, out = scan(tmp_path / "in", line)
    assert code == 1
    assert why in out
    assert CliRunner().invoke(app, ["scan", str(tmp_path / "none")]).exit_code == 1
