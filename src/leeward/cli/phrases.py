"""leeward phrases: the library of phrases, counted and tested."""

import re
from collections import Counter
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from leeward.cli.common import JsonOption, clear_errors, fail, say, say_json
from leeward.text.library import load_library
from leeward.text.packs import Entry, counted, own_packs, pack_text, themes, use_update
from leeward.text.score import Library
from leeward.text.weighted import files_of, read_weighted

app = typer.Typer(help="The library of phrases.", no_args_is_help=True)


@app.command("list")
def list_command(
    *, theme: Annotated[str, typer.Option(help="Only this theme.")] = "", as_json: JsonOption = False
) -> None:
    """Say what the library holds, by theme and language."""
    with clear_errors():
        entries = [entry for entry in own_packs() if not theme or entry.theme == theme]
    rows = [
        {"theme": name, "language": language, "entries": count, "phrases": sum(len(e.phrases) for e in entries
         if (e.theme, e.language) == (name, language))}
        for (name, language), count in sorted(Counter((e.theme, e.language) for e in entries).items())
    ]  # fmt: skip
    if as_json:
        say_json({"entries": len(entries), "readings": counted(entries), "rows": rows})
        return
    for row in rows:
        title = themes()[str(row["theme"])].title
        say(f"{title:34} {row['language']:3} {row['entries']:4} entries, {row['phrases']:5} phrases")
    phrases = sum(len(entry.phrases) for entry in entries)
    say(f"{len(entries)} entries, {phrases:,} phrases, {counted(entries):,} ways to read them")


@app.command("test")
def check_command(
    *,
    packs: Annotated[
        Path | None, typer.Option(help="A folder with an update's packs, instead of the shipped ones.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Run every example of every entry; exit 1 if one fails."""
    with clear_errors():
        use_update(packs)
        entries = own_packs()
        library = load_library()
        failures = [fault for entry in entries for fault in faults_of(entry, library)]
    examples = sum(len(entry.yes) + len(entry.no) for entry in entries)
    if as_json:
        say_json({"ok": not failures, "examples": examples, "failures": failures})
    else:
        for fault in failures:
            say(fault)
        say(f"{examples:,} examples, {len(failures)} failed")
    if failures:
        raise typer.Exit(1)


@app.command("import")
def import_command(
    path: Annotated[Path, typer.Argument(help="A list of E2Guardian or DansGuardian, or a folder of them.")],
    *,
    out: Annotated[Path, typer.Option(help="The pack to write.")],
    theme: Annotated[str, typer.Option(help="The theme of lists whose folder names none.")] = "",
    language: Annotated[str, typer.Option(help="The language of the lists.")] = "en",
) -> None:
    """Turn weighted phrase lists into a pack; says what could not be taken, with file and line."""
    with clear_errors():
        if theme and theme not in themes():
            fail(f"there is no theme {theme!r}: {', '.join(themes())}")
        if out.exists():
            fail(f"{out} is there already")
        lists = list(files_of(path)) if path.is_dir() else [(path, theme)]
        entries: list[Entry] = []
        for file, nearest in lists:
            if not (nearest or theme):
                say(f"{file}: left out; name a theme for it with --theme")
                continue
            found, junk = read_weighted(file, nearest or theme, language)
            entries += [msgspec.structs.replace(entry, id=f"{_slug(file)}-{entry.id}") for entry in found]
            for number, why in junk:
                say(f"{file}:{number}: {why}")
        out.write_text(pack_text(entries, language), "utf-8")
        say(f"{out}: {len(entries):,} entries")


def _slug(file: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", f"{file.parent.name}-{file.name}".lower()).strip("-")


def faults_of(entry: Entry, library: Library) -> list[str]:
    """Examples of an entry that are not found, or that are found and should not be."""
    channel = "message" if "message" in entry.where else entry.where[0]
    out = []
    for text in entry.yes:
        if entry.key not in library.entries_in(text, channel):
            out.append(f"{entry.key}: not found: {text}")
    for text in entry.no:
        if any(entry.key in one.entries and one.severity >= 3 for one in library.find(text, channel)):
            out.append(f"{entry.key}: found and should not be: {text}")
    return out
