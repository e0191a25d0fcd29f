"""leeward phrases: the library of phrases, counted and tested."""

from collections import Counter
from typing import Annotated

import typer

from leeward.cli.common import JsonOption, clear_errors, say, say_json
from leeward.text.library import load_library
from leeward.text.packs import Entry, counted, own_packs, themes
from leeward.text.score import Library

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
def check_command(*, as_json: JsonOption = False) -> None:
    """Run every example of every entry; exit 1 if one fails."""
    with clear_errors():
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
