"""leeward console: the web console; and the people who may enter it first."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

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
        front: dict[str, Any] = {}
        if settings.console.front_server:
            front = {"trusted_proxy": settings.console.front_server, "trusted_proxy_headers": {"x-forwarded-for"}}
        serve(
            application,
            host=host,
            port=port,
            threads=_THREADS,
            ident="leeward",
            clear_untrusted_proxy_headers=True,
            **front,
        )
    except OSError as error:
        fail(f"{settings.console.listen} can't be opened: {error}. Is another console running?")


@app.command("person")
def person(
    login: Annotated[str, typer.Argument(help="The log-in.")],
    *,
    name: Annotated[str, typer.Option(help="The name.")] = "",
    roles: Annotated[list[str] | None, typer.Option("--role", help="A role; may be given more than once.")] = None,
    reset_factors: Annotated[
        bool, typer.Option("--reset-factors", help="Take the second factors away, and change nothing else.")
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add somebody who may enter the console, or give them a new password: for the first one, and for emergencies.

    Of somebody who is there, only what is given changes. A new account without a role is an IT manager's.
    """
    with clear_errors():
        load_config(config)
    if reset_factors:
        _reset_factors(login, config)
        return
    password = os.environ.get("LEEWARD_PASSWORD") or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    set_up_django(config)
    from leeward.console.people.bootstrap import BadPerson, ensure_person
    from leeward.console.people.models import Person

    is_new = not Person.objects.filter(login=login.strip().casefold()).exists()
    try:
        made = ensure_person(login, name=name, roles=roles or (["it-manager"] if is_new else None), password=password)
    except BadPerson as error:
        fail(str(error))
    say(f"{made.login} may enter the console: {', '.join(made.roles) or 'no role'}")


def _reset_factors(login: str, config: Path) -> None:
    set_up_django(config)
    from leeward.console.people.bootstrap import BadPerson, drop_factors

    try:
        say(f"{drop_factors(login)} second factors of {login} are gone; the next sign-in sets one up")
    except BadPerson as error:
        fail(str(error))
