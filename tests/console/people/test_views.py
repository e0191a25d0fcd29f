"""People: by hand and by file."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from leeward.console.accounts.actions import session_at, sign_in_at
from leeward.console.audit.models import Entry
from leeward.console.people.models import Person
from leeward.identity.sessions import SessionStore

CSV = """login,name,kind,groups,profile
amira,Amira Vale,pupil,"Y9, 9B",pupil
ben,,pupil,Y7,pupil
,Nobody,pupil,,
carl,Carl Reed,wizard,,
dora,Dora Lane,pupil,Y8,nonsense
amira,Amira Twice,pupil,,
hollis,Ms Hollis,teacher,,staff
"""


def upload(client: Client, data: bytes, name: str = "people.csv", *, leavers: bool = False) -> str:
    sent = {"file": SimpleUploadedFile(name, data)} | ({"leavers": "on"} if leavers else {})
    return client.post("/people/import", sent).content.decode()


def confirmed(page: str) -> str:
    return page.partition('name="confirmed" value="')[2].partition('"')[0]


def test_a_dry_run_says_what_would_happen_row_by_row_and_changes_nothing(signed_in: Callable[..., Client]) -> None:
    client = signed_in("it-manager")
    page = upload(client, CSV.encode())
    assert "2 new" in page
    for row, why in (
        (3, "There is no name."),
        (4, "There is no log-in."),
        (5, "no kind of person"),
        (6, "no filtering profile"),
        (7, "comes twice"),
    ):
        assert f'<td class="govuk-table__cell">{row}</td>' in page
        assert why in page
    assert Person.objects.count() == 1
    client.post("/people/import", {"confirmed": confirmed(page)})
    assert Person.objects.get(login="amira").groups == ["Y9", "9B"]
    assert Person.objects.get(login="hollis").kind == "staff"
    assert Entry.objects.get(action="people.import").detail == {
        **{"new": 2, "changed": 0, "leaving": 0},
        "who": {"new": ["amira", "hollis"], "changed": [], "leaving": []},
    }
    assert "2 as they were" in upload(client, CSV.encode())


def test_a_oneroster_export_is_taken_as_it_is(signed_in: Callable[..., Client]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "users.csv",
            "sourcedId,status,enabledUser,role,username,givenName,familyName,grades\n1,active,true,student,amira,Amira,Vale,09\n",
        )
    client = signed_in("it-manager")
    page = upload(client, packed.getvalue(), "oneroster.zip")
    client.post("/people/import", {"confirmed": confirmed(page)})
    assert Person.objects.get(login="amira").name == "Amira Vale"
    assert Person.objects.get(login="amira").groups == ["09"]


def test_the_dry_run_names_who_is_new_who_changes_how_and_who_leaves(
    signed_in: Callable[..., Client], person: Callable[..., Person]
) -> None:
    person("amira", kind="pupil", groups=["Y8"])
    person("ben", kind="pupil")
    person("cara", kind="pupil")
    client = signed_in("it-manager")
    file = "login,name,groups,profile\namira,Amira,Y9,pupil\nben,Ben,,pupil\nnew.one,New One,Y7,pupil\n"
    page = upload(client, file.encode(), leavers=True)
    assert "New One (new.one): Pupil, Y7, pupil" in page
    assert "Amira (amira): groups: Y8 → Y9" in page
    assert "Cara (cara): –" in page
    assert "Ben (ben)" not in page
    assert "1 become inactive" in page


def test_files_that_are_none_are_said_clearly(signed_in: Callable[..., Client]) -> None:
    client = signed_in("it-manager")
    for data, why in (
        (b"\xff\xfe", "not UTF-8"),
        (b"a,b\n1,2\n", "must name the columns"),
        (b"PK\x03\x04rubbish", "zip can"),
        (b"login,name\n" + b"x" * 200_000, "read as CSV"),
        (encrypted(), "zip can"),
    ):
        assert why in upload(client, data)
    client.post("/people/import", {"confirmed": "rubbish"})
    assert Person.objects.count() == 1


def test_leavers_become_inactive_only_when_asked(
    signed_in: Callable[..., Client], person: Callable[..., Person]
) -> None:
    person("old", kind="pupil")
    client = signed_in("it-manager")
    page = client.post(
        "/people/import", {"file": SimpleUploadedFile("p.csv", b"login,name\nnew,New\n"), "leavers": "on"}
    ).content.decode()
    assert "1 become inactive" in page
    client.post("/people/import", {"confirmed": confirmed(page), "leavers": "on"})
    assert not Person.objects.get(login="old").is_active


def test_somebody_is_added_and_changed_by_hand(signed_in: Callable[..., Client]) -> None:
    client = signed_in("it-manager")
    values = {
        "login": "Amira",
        "name": "Amira Vale",
        "kind": "pupil",
        "groups": "Y9, 9B",
        "profile": "pupil",
        "is_active": "on",
    }
    assert client.post("/people/new", values).status_code == 302
    assert Person.objects.get(login="amira").groups == ["Y9", "9B"]
    assert "This log-in is taken" in client.post("/people/new", values).content.decode()
    assert client.get("/people/one/amira").status_code == 200
    assert client.get("/people/one/gone").status_code == 404
    assert Entry.objects.filter(action="people.see", subject="amira", is_read=True).exists()
    assert "Amira Vale" in client.get("/people/?text=vale").content.decode()


def test_nobody_gives_a_role_to_themselves(signed_in: Callable[..., Client]) -> None:
    client = signed_in("it-manager", login="ito")
    values = {
        "login": "ito",
        "name": "Ito",
        "kind": "staff",
        "groups": "",
        "profile": "staff",
        "roles": ["it-manager", "dsl"],
        "is_active": "on",
    }
    assert "not one of the available choices" in client.post("/people/one/ito", values).content.decode()
    assert Person.objects.get(login="ito").roles == ["it-manager"]
    head = signed_in("head", login="marsh")
    own = values | {"login": "marsh", "name": "Marsh", "roles": ["head", "dsl"]}
    assert "Nobody gives a role" in head.post("/people/one/marsh", own).content.decode()


def test_the_it_manager_reaches_no_records_by_way_of_another_account(
    signed_in: Callable[..., Client], person: Callable[..., Person]
) -> None:
    fern = person("fern", "dsl")
    client = signed_in("it-manager", login="ito")
    values = {"login": "puppet", "name": "P", "kind": "staff", "groups": "", "profile": "pupil", "is_active": "on"}
    client.post("/people/new", values | {"roles": ["dsl"], "password": "a rather long password"})
    assert not Person.objects.filter(login="puppet").exists()
    client.post("/people/one/fern", values | {"login": "fern", "roles": [], "password": "a rather long password"})
    client.post("/people/one/fern/factors")
    fern.refresh_from_db()
    assert fern.roles == ["dsl"]
    assert not fern.check_password("a rather long password")
    answer = signed_in("head", login="marsh").post("/people/new", values | {"roles": ["dsl"]})
    assert answer.status_code == 302
    assert Entry.objects.get(action="people.save", subject="puppet").detail["roles"] == ["dsl"]


def test_who_is_inactive_or_filtered_otherwise_is_signed_out_at_every_device(
    signed_in: Callable[..., Client], person: Callable[..., Person], state: Path
) -> None:
    nia = person("nia", kind="pupil")
    values = {"login": "nia", "name": "Nia", "kind": "pupil", "groups": "", "profile": "pupil", "is_active": "on"}
    client = signed_in("it-manager")
    for change in ({"name": "Nia New"}, {"profile": "strict"}, {"is_active": ""}):
        sign_in_at(nia, "10.0.0.4", "")
        client.post("/people/one/nia", values | change)
        store = SessionStore(state / "sessions.sqlite")
        assert (store.find("10.0.0.4") is not None) is ("name" in change), change
        store.close()


def test_a_log_in_that_no_address_can_hold_is_refused(signed_in: Callable[..., Client]) -> None:
    client = signed_in("it-manager")
    values = {"name": "N", "kind": "pupil", "groups": "", "profile": "pupil", "is_active": "on"}
    for login in ("a/b", "..", "a b", "a?b"):
        assert "A log-in has no" in client.post("/people/new", values | {"login": login}).content.decode(), login
    assert "A log-in has no" in upload(client, b"login,name\na/b,A B\n")
    assert client.get("/people/").status_code == 200


def test_a_file_with_fewer_columns_keeps_what_it_does_not_name(
    signed_in: Callable[..., Client], person: Callable[..., Person]
) -> None:
    person("fern", kind="staff", groups=["Office"])
    client = signed_in("it-manager")
    page = upload(client, b"login,name\nfern,Mrs Fern\n")
    client.post("/people/import", {"confirmed": confirmed(page)})
    fern = Person.objects.get(login="fern")
    assert (fern.name, fern.kind, fern.groups) == ("Mrs Fern", "staff", ["Office"])


def test_who_left_in_oneroster_is_not_taken_and_an_empty_file_empties_no_school(
    signed_in: Callable[..., Client], person: Callable[..., Person]
) -> None:
    person("old", kind="pupil")
    client = signed_in("it-manager")
    rows = "sourcedId,status,enabledUser,role,username,givenName,familyName\n1,tobedeleted,false,student,gone,G,One\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("export/users.csv", rows)
    assert "0 new" in upload(client, packed.getvalue(), "o.zip")
    file = SimpleUploadedFile("p.csv", b"login,name\n")
    page = client.post("/people/import", {"file": file, "leavers": "on"}).content.decode()
    assert "would become inactive" in page


def test_starting_passwords_are_told_once_and_work(
    signed_in: Callable[..., Client], person: Callable[..., Person]
) -> None:
    client = signed_in("it-manager")
    page = upload(client, b"login,name,groups\nnia,Nia,Y8\n=cmd,Eve,Y8\nolli,Olli,Y9\n")
    client.post("/people/import", {"confirmed": confirmed(page)})
    assert "Y8 (2)" in client.get("/people/passwords").content.decode()
    rows = client.post("/people/passwords", {"group": "Y8"}).content.decode().splitlines()
    assert rows[1].startswith("'=cmd,"), "no spreadsheet takes it for a formula"
    login, password = rows[2].split(",")[0], rows[2].split(",")[-1]
    assert Person.objects.get(login=login).check_password(password)
    assert len(client.post("/people/passwords", {"group": "Y8"}).content.decode().splitlines()) == 1


def encrypted() -> bytes:
    """A zip that says that its file is encrypted."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("users.csv", "a,b")
    data = bytearray(packed.getvalue())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def test_no_file_changes_an_account_with_a_role_or_gives_it_a_password(
    signed_in: Callable[..., Client], person: Callable[..., Person]
) -> None:
    lead = person("lead", "dsl")
    person("ben", kind="pupil")
    Person.objects.filter(login="lead").update(password="!unusable")
    client = signed_in("it-manager")
    page = upload(client, b"login,name,kind\nlead,Lead,pupil\nben,Ben,pupil\n", leavers=True)
    assert "lead has a role in the console" in page
    client.post("/people/import", {"confirmed": confirmed(page), "leavers": "on"})
    lead.refresh_from_db()
    assert (lead.kind, lead.is_active) == ("staff", True)
    assert "lead" not in client.post("/people/passwords", {"group": ""}).content.decode()


def test_who_comes_back_is_active_again_and_a_new_name_signs_nobody_out(
    signed_in: Callable[..., Client], person: Callable[..., Person], state: Path
) -> None:
    person("ben", kind="pupil", groups=["Y7"])
    person("cara", kind="pupil", is_active=False)
    sign_in_at(Person.objects.get(login="ben"), "10.0.0.5", "")
    client = signed_in("it-manager")
    page = upload(client, b"login,name,groups\nben,Benjamin,Y7\ncara,Cara,\n")
    assert "active: no → yes" in page
    client.post("/people/import", {"confirmed": confirmed(page)})
    assert Person.objects.get(login="cara").is_active
    assert session_at("10.0.0.5") is not None, "a name is no reason to sign somebody out"
    client.post("/people/import", {"confirmed": confirmed(upload(client, b"login,name,groups\nben,Benjamin,Y8\n"))})
    assert session_at("10.0.0.5") is None, "another group is"


def test_rows_that_do_not_fit_and_rows_of_people_who_left_are_told(signed_in: Callable[..., Client]) -> None:
    client = signed_in("it-manager")
    long = f"login,name,status\n{'a' * 151},A,\nb,{'B' * 201},\nc,C,tobedeleted\n"
    page = upload(client, long.encode())
    assert "The log-in is too long: 150 characters fit." in page
    assert "The name is too long: 200 characters fit." in page
    assert "1 row of somebody who has left" in page
    assert "separated by semicolons" in upload(client, b"login;name\na;A\n")
