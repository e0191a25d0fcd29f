"""The people of the demonstration as accounts of the console; passwords are made once and kept in the state folder."""

import json
import secrets
from pathlib import Path
from typing import NamedTuple

from leeward.console.site.setup import set_up_django
from leeward.demo.story import NEWCOMER, PEOPLE

# login, name, roles
_STAFF = (
    ("fern", "Mrs Fern", ("dsl",), "safeguarding lead"),
    ("ito", "Mr Ito", ("it-manager",), "IT manager"),
    ("head", "Dr Marsh", ("head",), "head teacher"),
    ("governor", "Mr Pryce", ("governor",), "governor"),
    ("hollis", "Ms Hollis", ("teacher",), "teacher"),
)


class Account(NamedTuple):
    """Somebody who may sign in to the console."""

    login: str
    password: str
    title: str


def make_accounts(folder: Path, tokens: dict[str, str]) -> list[Account]:
    """Staff with roles, and the pupils of the story with the tokens that events carry."""
    set_up_django(folder / "leeward.toml")
    from leeward.console.people.bootstrap import ensure_person

    passwords = _passwords(folder / "passwords.json")
    for login, name, roles, _ in _STAFF:
        if _is_there(login):
            continue  # a second start keeps what was edited
        token = tokens["teacher"] if login == "hollis" else ""
        ensure_person(login, name=name, roles=roles, password=passwords[login], token=token)
    for key, actor in PEOPLE.items():
        if actor.attribution and key != "teacher" and not _is_there(key):
            kind = "class" if actor.attribution == "class" else "pupil"
            ensure_person(
                key, name=actor.name, kind=kind, profile=actor.profile, groups=actor.groups, token=tokens[key]
            )
    if not _is_there(NEWCOMER[0]):
        ensure_person(
            NEWCOMER[0], name="Nia Newcomer", kind="pupil", profile="pupil", groups=("Y8", "8C"), password=NEWCOMER[1]
        )
    staff = [Account(login, passwords[login], title) for login, _, _, title in _STAFF]
    return [*staff, Account(*NEWCOMER, "a pupil: sign in on the page that the gateway shows")]


def _is_there(login: str) -> bool:
    from leeward.console.people.models import Person

    return Person.objects.filter(login=login).exists()


def _passwords(path: Path) -> dict[str, str]:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(json.dumps({login: secrets.token_urlsafe(9) for login, *_ in _STAFF}))
    return dict(json.loads(path.read_text()))
