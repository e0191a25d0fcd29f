"""leeward compile: lists and policy -> a snapshot, published."""

import typer

from leeward.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, clear_errors, load_config, say, say_json
from leeward.upkeep.compiling import compile_snapshot


def _show(file: str, lines: int) -> None:
    typer.echo(f"\r{file[-60:]:60} {lines:>10,} lines", nl=False, err=True)


def compile_command(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    as_json: JsonOption = False,
    no_publish: bool = typer.Option(False, "--no-publish", help="Build and check only."),
    force: bool = typer.Option(False, "--force", help="Build even if nothing has changed."),
) -> None:
    """Compile lists and policy into a snapshot and make it current; exit 1 if a list could not be read."""
    with clear_errors():
        settings = load_config(config)
        done = compile_snapshot(settings, publish=not no_publish, force=force, show=None if as_json else _show)
    failed = any(item["failure"] for item in done.lists)
    if as_json:
        say_json(done)
        raise typer.Exit(int(failed))
    say(f"snapshot {done.snapshot[:12]}: {done.names:,} names, {done.urls:,} pages, {done.networks:,} networks, "
        f"{done.rules} rules in {done.seconds} s" + (" (unchanged)" if done.reused else ""))  # fmt: skip
    for item in done.lists:
        say(f"  {item['name']:24} {item['entries']:>10,} entries {item['junk']:>6,} junk  {item['failure']}")
    raise typer.Exit(int(failed))
