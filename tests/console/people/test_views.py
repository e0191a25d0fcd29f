"""People: by hand and by file."""

import io
import zipfile
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from leeward.console.audit.models import Entry
from leeward.console.people.models import Person

CSV = """login,name,kind,groups,profile
amira,Amira Vale,pupil,"Y9, 9B",pupil
ben,,pupil,Y7,pupil
,Nobody,pupil,,
carl,Carl Reed,wizard,,
dora,Dora Lane,pupil,Y8,nonsense
amira,Amira Twice,pupil,,
hollis,Ms Hollis,teacher,,staff
"""


def upload(client: Client, data: bytes, name: str = "people.csv") -> str:
    return client.post("/people/import", {"file": SimpleUploadedFile(name, data)}).content.decode()


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
    assert Entry.objects.get(action="people.import").detail == {"new": 2, "changed": 0, "leaving": 0}
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


def test_files_that_are_none_are_said_clearly(signed_in: Callable[..., Client]) -> None:
    client = signed_in("it-manager")
    for data, why in (
        (b"\xff\xfe", "not UTF-8"),
        (b"a,b\n1,2\n", "must name the columns"),
        (b"PK\x03\x04rubbish", "no users.csv"),
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
    assert "Nobody gives a role" in client.post("/people/one/ito", values).content.decode()
    assert Person.objects.get(login="ito").roles == ["it-manager"]
