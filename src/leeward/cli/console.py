"""leeward console: the web console; and the people who may enter it first."""

import os
import sys
from typing import Annotated

import typer

from leeward.cli.common import DEFAULT_CONFIG, ConfigOption, clear_errors, fail, load_config, say
from leeward.console.site.setup import set_up_django
from leeward.gates.web.doors import split_address

app = typer.Typer(help="The web console.", no_args_is_help=False, invoke_without_command=True)
_THREADS = 8


@app.callback(invoke_without_command=True)
def console(context: typer.Context, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Serve the console."""
    if context.invoked_subcommand is not None:
        return
    with clear_errors():
        settings = load_config(config)
        host, port = split_address(settings.console.listen)
        set_up_django(config)
    from django.core.management import call_command
    from waitress import serve

    call_command("collectstatic", verbosity=0, interactive=False)
    # Only now: the server of static files looks at its folder when it is loaded.
    from leeward.console.site.wsgi import application

    say(f"ready console=http://{settings.console.listen}")
    sys.stdout.flush()
    try:
        serve(application, host=host, port=port, threads=_THREADS, ident="leeward", clear_untrusted_proxy_headers=True)
    except OSError as error:
        fail(f"{settings.console.listen} can't be opened: {error}. Is another console running?")


@app.command("person")
def person(
    login: Annotated[str, typer.Argument(help="The log-in.")],
    *,
    name: Annotated[str, typer.Option(help="The name.")] = "",
    roles: Annotated[list[str] | None, typer.Option("--role", help="A role; may be given more than once.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add somebody who may enter the console, or give them a new password: for the first one, and for emergencies."""
    with clear_errors():
        load_config(config)
    password = os.environ.get("LEEWARD_PASSWORD") or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    set_up_django(config)
    from leeward.console.people.bootstrap import UnknownRole, ensure_person

    try:
        ensure_person(login, name=name or login, roles=roles or ["it-manager"], password=password)
    except UnknownRole as error:
        fail(str(error))
    say(f"{login} may enter the console")
