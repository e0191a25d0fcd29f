"""A second reader of the spool that keeps its place."""

from pathlib import Path

from leeward.events.follow import Follower, kept_folder
from leeward.events.kinds import Service, decode
from leeward.events.spool import SpoolWriter
from leeward.store.ingest import Ingest


def write(spool: Path, *words: str, close: bool = True) -> SpoolWriter:
    writer = SpoolWriter(spool)
    for word in words:
        writer.put(Service(words=word))
    writer.flush()
    if close:
        writer.close()
    return writer


def read(follower: Follower) -> list[str]:
    return [event.words for line in follower.read() if isinstance(event := decode(line), Service)]


def test_lines_are_read_as_soon_as_they_are_written_and_once(tmp_path: Path) -> None:
    follower = Follower(tmp_path)
    writer = write(tmp_path, "a", close=False)
    assert read(follower) == ["a"]
    writer.put(Service(words="b"))
    writer.flush()
    assert read(follower) == ["b"]
    writer.close()
    assert read(follower) == []


def test_what_ingest_has_taken_waits_for_the_follower_and_goes_when_it_was_read(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    follower = Follower(spool)
    write(spool, "a")
    work = Ingest(spool, tmp_path / "store")
    work.run()
    assert len(list(kept_folder(spool).iterdir())) == 1
    assert read(follower) == ["a"]
    assert follower.release() == 1
    assert list(kept_folder(spool).iterdir()) == []
    assert work.run().rows == 0, "nothing is taken twice"
    work.close()


def test_without_a_follower_nothing_is_kept_and_one_that_is_gone_fills_no_disk(tmp_path: Path) -> None:
    import datetime as dt

    spool = tmp_path / "spool"
    work = Ingest(spool, tmp_path / "store")
    write(spool, "a")
    work.run()
    assert not kept_folder(spool).exists()
    Follower(spool)
    write(spool, "b")
    work.run()
    assert work.drop_unread() == 0
    assert work.drop_unread(today=dt.datetime.now(dt.UTC) + dt.timedelta(days=15)) == 1
    work.close()


def test_a_new_follower_goes_on_where_the_last_one_was(tmp_path: Path) -> None:
    first = Follower(tmp_path)
    write(tmp_path, "a")
    read(first)
    write(tmp_path, "b")
    assert read(Follower(tmp_path, first.place)) == ["b"]


def test_a_torn_last_line_is_nobodys_and_holds_nothing_up(tmp_path: Path) -> None:
    follower = Follower(tmp_path)
    write(tmp_path, "a")
    (sealed,) = (tmp_path / "sealed").iterdir()
    with sealed.open("ab") as handle:
        handle.write(b'{"torn')
    sealed.rename(kept_folder(tmp_path) / sealed.name)
    assert read(follower) == ["a"]
    assert follower.release() == 1


def test_a_long_absence_is_read_in_pieces(tmp_path: Path) -> None:
    follower = Follower(tmp_path)
    write(tmp_path, *("x" * 1000 for _ in range(9000)))
    pieces = 0
    count = 0
    while lines := follower.read():
        pieces += 1
        count += len(lines)
    assert count == 9000
    assert pieces > 1
