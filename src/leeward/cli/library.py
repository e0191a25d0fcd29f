"""leeward library: updates of the phrase library, fetched, built and taken back."""

import datetime as dt
import os
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from leeward.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, clear_errors, fail, load_config, say, say_json
from leeward.gates.web.scan import library_folder
from leeward.text import updates
from leeward.text.updates import BadUpdate
from leeward.upkeep.library import asked, bring_library, go_back, take

app = typer.Typer(help="Updates of the phrase library.", no_args_is_help=True)


@app.command("status")
def status(config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False) -> None:
    """Which version counts, what is new in it, and how the last time went."""
    with clear_errors():
        settings = load_config(config)
    about, last = updates.about(library_folder(settings)), asked(settings)
    if as_json:
        say_json({"version": about.version, "made": about.made, "changes": about.changes, "failure": last.failure,
                  "asked": last.at})  # fmt: skip
        return
    say(f"version {about.version} of {about.made}" if about.version else "the version that came with the program")
    for line in about.changes.splitlines():
        say(f"  {line}")
    if last.failure:
        fail(f"the last time went wrong: {last.failure}")


@app.command("fetch")
def fetch(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Ask for an update now."""
    with clear_errors():
        settings = load_config(config)
    if not settings.library.url:
        fail("no URL is set: [library] url in leeward.toml")
    version = bring_library(settings, only_due=False)
    if failure := asked(settings).failure:
        fail(failure)
    say(f"version {version} counts now" if version else "nothing new")


@app.command("take")
def take_file(
    file: Annotated[Path, typer.Argument(help="An update that came by hand.")], config: ConfigOption = DEFAULT_CONFIG
) -> None:
    """Put an update from a file in force, for machines without the internet."""
    with clear_errors():
        settings = load_config(config)
    try:
        version = take(settings, file.read_bytes())
    except (BadUpdate, OSError) as error:
        fail(str(error))
    say(f"version {version} counts now" if version else "nothing new")


@app.command("back")
def back(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Go back to the version before."""
    with clear_errors():
        settings = load_config(config)
    version = go_back(settings)
    say(f"version {version} counts again" if version else "the version that came with the program counts again")


@app.command("key")
def key(file: Annotated[Path, typer.Argument(help="Where the private key goes; mode 0600.")]) -> None:
    """Make a key with which updates are signed, and print the half that schools put into leeward.toml."""
    made = Ed25519PrivateKey.generate()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(made.private_bytes_raw().hex().encode())
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    say(made.public_key().public_bytes_raw().hex())


@app.command("build")
def build(
    folder: Annotated[Path, typer.Argument(help="A folder with packs/, contexts.yaml and idioms.yaml.")],
    *,
    out: Annotated[Path, typer.Option(help="The update.")],
    private: Annotated[Path, typer.Option("--key", help="The private key.")],
    version: Annotated[int, typer.Option(help="Its number; larger than all before.")],
    changes: Annotated[Path, typer.Option(help="A text that says what is new.")],
) -> None:
    """Make a signed update, for whoever publishes the library."""
    try:
        made = updates.update_of(
            folder, version=version, made=dt.datetime.now(dt.UTC).date().isoformat(), changes=changes.read_text("utf-8")
        )
        out.write_bytes(updates.seal(made, bytes.fromhex(private.read_text().strip())))
    except (OSError, ValueError) as error:
        fail(str(error))
    say(f"{out}: version {version}, {len(made.files)} files")
