"""The `leeward` command."""

import os

import typer

from leeward.cli import ca, console, lists, phrases
from leeward.cli.compile import compile_command
from leeward.cli.demo import demo_command
from leeward.cli.docs import docs_command
from leeward.cli.explain import explain_command
from leeward.cli.gateway import gateway_command
from leeward.cli.ingest import ingest_command
from leeward.cli.scan import scan_command
from leeward.cli.status import check_command, status_command
from leeward.cli.up import up_command
from leeward.cli.upkeep import upkeep_command

app = typer.Typer(
    help="Leeward: the online-safety platform for schools.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("demo")(demo_command)
app.command("up")(up_command)
app.command("compile")(compile_command)
app.command("explain")(explain_command)
app.command("gateway")(gateway_command)
app.command("ingest")(ingest_command)
app.command("upkeep")(upkeep_command)
app.command("status")(status_command)
app.command("docs", hidden=True)(docs_command)
app.command("check")(check_command)
app.command("scan")(scan_command)
app.add_typer(lists.app, name="lists")
app.add_typer(phrases.app, name="phrases")
app.add_typer(ca.app, name="ca")
app.add_typer(console.app, name="console")


def main() -> None:
    """Entry point. What Leeward writes is for the account that it runs as, and nobody else."""
    os.umask(0o077)
    app()


if __name__ == "__main__":
    main()
