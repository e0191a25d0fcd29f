"""@action: permission, transaction and audit in one place."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from leeward.console.audit.action import Change, action, look
from leeward.console.audit.models import Entry
from leeward.console.people.models import Person
from leeward.console.people.roles import May

CONSOLE = Path(__file__).parents[3] / "src" / "leeward" / "console"


@action("test.rename", may=May.EDIT_PEOPLE)
def rename(actor: Person, person: Person, name: str) -> Change[str]:
    person.name = name
    person.save()
    if name == "broken":
        raise ValueError(name)
    return Change(name, person.login, {"name": name})


def test_an_action_is_allowed_done_and_written_down_together(person: Callable[..., Person]) -> None:
    ito, fern = person("ito", "it-manager"), person("fern", "dsl")
    assert rename(ito, fern, "Fern 2") == "Fern 2"
    assert Entry.objects.get().subject == "fern"
    with pytest.raises(PermissionDenied):
        rename(person("tea", "teacher"), ito, "x")
    with pytest.raises(ValueError, match="broken"):
        rename(ito, fern, "broken")
    fern.refresh_from_db()
    assert fern.name == "Fern 2"
    assert Entry.objects.count() == 1


def test_a_look_that_is_not_allowed_sees_nothing(person: Callable[..., Person]) -> None:
    with pytest.raises(PermissionDenied):
        look(person("t", "teacher"), "x", may=May.SEE_ACTIVITY)
    assert not Entry.objects.exists()


def test_an_entry_is_written_once(person: Callable[..., Person]) -> None:
    look(person("f", "dsl"), "x", may=May.SEE_ACTIVITY)
    entry = Entry.objects.get()
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


def test_views_and_forms_never_write_to_the_database_themselves() -> None:
    writes = {"save", "delete", "create", "update", "bulk_create", "bulk_update", "update_or_create", "get_or_create"}
    found = []
    for path in [*CONSOLE.rglob("views.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writes:
                is_form = isinstance(node.func.value, ast.Name) and node.func.value.id == "form"
                if not is_form:
                    found.append(f"{path.parent.name}/{path.name}:{node.lineno} {node.func.attr}")
    assert not found


def test_every_function_with_an_actor_in_actions_is_an_action() -> None:
    bare = []
    for path in CONSOLE.rglob("actions.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                names = [arg.arg for arg in node.args.args]
                if names[:1] == ["actor"] and not node.decorator_list:
                    bare.append(f"{path}:{node.name}")
    assert not bare
