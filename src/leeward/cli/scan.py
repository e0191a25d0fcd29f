"""leeward scan: texts in, findings out, a JSON line each."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from leeward.cli.common import clear_errors, fail
from leeward.text.library import load_library
from leeward.text.packs import CHANNELS
from leeward.text.score import Finding


def scan_command(
    file: Annotated[Path | None, typer.Argument(help="JSON lines; standard input without one.")] = None,
) -> None:
    """Read JSON lines {"id", "text", "channel": "search|message|page|email", "age"?}, write their findings in order."""
    with clear_errors():
        library = load_library()
        with _opened(file) as lines:
            for number, row in _rows(lines):
                found = library.find(str(row["text"]), row["channel"], age=_age(row, number))
                line = {"id": row.get("id"), "findings": [_told(one) for one in found]}
                sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


@contextmanager
def _opened(file: Path | None) -> Iterator[Iterable[str]]:
    if file is None:
        yield sys.stdin
        return
    try:
        lines = file.open(encoding="utf-8")
    except OSError as error:
        fail(f"{file} can't be read: {error}")
    with lines:
        yield lines


def _told(found: Finding) -> dict[str, Any]:
    return {
        "theme": found.theme,
        "severity": found.severity,
        "score": found.score,
        "evidence": list(found.evidence),
        "reason": found.reason,
    }


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            fail(f"line {number} is no JSON: {error}")
        if not isinstance(row, dict) or "text" not in row:
            fail(f'line {number} has no "text"')
        row.setdefault("channel", "message")
        if row["channel"] not in CHANNELS:
            fail(f'line {number}: "channel" is one of {", ".join(CHANNELS)}')
        yield number, row


def _age(row: dict[str, Any], number: int) -> int:
    age = row.get("age") or 0
    if not isinstance(age, int) or not 0 <= age < 130:
        fail(f'line {number}: "age" is a number of years')
    return age
