"""The `leeward` command."""

import os
import sys
from importlib import import_module

import typer

# Where each command lives. Only the one that is asked for is imported: a tenth of the time of all of them.
_COMMANDS = {
    "demo": "demo:demo_command", "up": "up:up_command", "compile": "compile:compile_command",
    "explain": "explain:explain_command", "gateway": "gateway:gateway_command", "ingest": "ingest:ingest_command",
    "upkeep": "upkeep:upkeep_command", "status": "status:status_command", "docs": "docs:docs_command",
    "check": "status:check_command", "scan": "scan:scan_command", "watch": "watch:watch_command",
}  # fmt: skip
_GROUPS = ("lists", "phrases", "library", "ca", "console")
_HIDDEN = ("docs",)


def make_app(*wanted: str) -> typer.Typer:
    """The command line with these commands; with all of them where nothing or something unknown is wanted."""
    made = typer.Typer(
        help="Leeward: the online-safety platform for schools.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    known = [name for name in wanted if name in _COMMANDS or name in _GROUPS]
    made.callback()(lambda: None)  # one command alone must still be named
    for name in known or _COMMANDS:
        if name in _COMMANDS:
            module, _, function = _COMMANDS[name].partition(":")
            command = getattr(import_module(f"leeward.cli.{module}"), function)
            made.command(name, hidden=name in _HIDDEN)(command)
    for name in known or _GROUPS:
        if name in _GROUPS:
            made.add_typer(import_module(f"leeward.cli.{name}").app, name=name)
    return made


def __getattr__(name: str) -> typer.Typer:
    """`app`: every command."""
    if name == "app":
        return make_app()
    raise AttributeError(name)


def main() -> None:
    """Entry point. What Leeward writes is for the account that it runs as, and nobody else."""
    os.umask(0o077)
    make_app(*sys.argv[1:2])()


if __name__ == "__main__":
    main()
