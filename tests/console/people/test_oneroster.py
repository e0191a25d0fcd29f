"""OneRoster zips: users, and the classes that they are in."""

import io
import zipfile

import pytest

from leeward.console.people import oneroster, upload

USERS = """sourcedId,status,enabledUser,role,username,givenName,familyName,grades
u1,active,true,student,amira,Amira,Vale,Y9
u2,active,true,teacher,hollis,Helen,Hollis,
"""
CLASSES = "sourcedId,status,title\nc1,active,9B Science\nc2,tobedeleted,Old class\nc3,active,Form 9B\n"
ENROLMENTS = """sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role
e1,active,c1,s,u1,student
e2,active,c2,s,u1,student
e3,tobedeleted,c3,s,u1,student
e4,active,c1,s,u2,teacher
e5,active,c1,s,u1,student
e6,active,c9,s,u1,student
"""


def packed(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"export/{name}.csv", text)
    return out.getvalue()


def test_people_are_in_the_classes_that_they_are_enrolled_in_after_their_year() -> None:
    amira, hollis = upload.read(packed(users=USERS, classes=CLASSES, enrollments=ENROLMENTS))
    assert amira["groups"] == "Y9,9B Science"
    assert hollis["groups"] == "9B Science"


def test_an_export_without_classes_is_taken_too() -> None:
    assert [row["groups"] for row in upload.read(packed(users=USERS))] == ["Y9", ""]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"classes": CLASSES}, "no users.csv"),
        ({"users": USERS, "classes": b"\xff\xfe\x00", "enrollments": ENROLMENTS}, "classes.csv or enrollments.csv"),
    ],
)
def test_what_can_not_be_read_is_said(files: dict[str, str | bytes], why: str) -> None:
    with pytest.raises(upload.BadFile, match=why):
        upload.read(packed(**files))


def test_a_file_that_unpacks_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oneroster, "_MOST_BYTES", 10)
    with pytest.raises(upload.BadFile, match=r"users.csv is too large"):
        upload.read(packed(users=USERS))


def test_a_zip_with_more_rows_than_any_school_has_is_refused_before_they_are_read() -> None:
    with pytest.raises(upload.BadFile, match=r"enrollments.csv has more than 400,000 rows"):
        upload.read(packed(users=USERS, classes=CLASSES, enrollments=b"\n" * 500_000))
