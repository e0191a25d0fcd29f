"""Sessions begin, end and expire."""

import time
from pathlib import Path

from leeward.identity.sessions import Session, SessionStore


def session(client: str, person: str, *, expires: float = 60) -> Session:
    now = time.time()
    return Session(client, person, "personal", "", "pupil", "pupil", ("y7",), now, now + expires)


def test_one_address_holds_one_person_at_a_time(tmp_path: Path) -> None:
    store = SessionStore(tmp_path / "s.sqlite")
    store.start(session("192.0.2.1", "a"))
    store.start(session("192.0.2.1", "b"))
    found = store.find("192.0.2.1")
    assert found is not None
    assert (found.person, found.groups) == ("b", ("y7",))
    assert store.end("192.0.2.1")
    assert not store.end("192.0.2.1")
    store.close()


def test_sessions_expire_and_are_swept(tmp_path: Path) -> None:
    store = SessionStore(tmp_path / "s.sqlite")
    store.start_all([session("192.0.2.1", "a", expires=-1), session("192.0.2.2", "b")])
    assert store.find("192.0.2.1") is None
    assert [item.person for item in store.all()] == ["b"]
    assert [item.person for item in store.sweep()] == ["a"]
    assert store.end_person("b") == 1
    store.close()


def test_another_process_sees_a_change_and_the_file_is_private(tmp_path: Path) -> None:
    writer, reader = SessionStore(tmp_path / "s.sqlite"), SessionStore(tmp_path / "s.sqlite")
    before = reader.version()
    writer.start(session("192.0.2.1", "a"))
    assert reader.version() != before
    assert (tmp_path / "s.sqlite").stat().st_mode & 0o077 == 0
    writer.close()
    reader.close()
