"""Files, folders and archives; junk is counted with its place."""

import gzip
import tarfile
from pathlib import Path

import pytest

from leeward.sources.reader import FileReport, SourceError, category_of, read


def everything(path: Path, **options: str) -> tuple[dict[str, FileReport], set[str]]:
    reports, values = {}, set()
    for report, items in read(path, **options):  # type: ignore[arg-type]
        values |= {item.value for item in items}
        reports[report.file] = report
    return reports, values


def make_ut1(folder: Path) -> Path:
    for name, text in {
        "adult/domains": "porn.test\nbad..x.test\n", "adult/urls": "mixed.test/x\n", "adult/usage": "black\n",
        "adult/expressions": "(sex)\n", "games/domains": "play.test\n", "README": "hello\n",
    }.items():  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_a_ut1_folder_and_the_same_as_an_archive(tmp_path: Path) -> None:
    folder = make_ut1(tmp_path / "ut1")
    with tarfile.open(tmp_path / "ut1.tar.gz", "w:gz") as archive:
        archive.add(folder, "blacklists")
    for path in (folder, tmp_path / "ut1.tar.gz"):
        reports, values = everything(path)
        assert values == {"porn.test", "mixed.test/x", "play.test"}
        report = next(r for name, r in reports.items() if name.endswith("adult/domains"))
        assert (report.category, report.entries, report.junk, report.examples[0].line) == ("pornography", 1, 1, 2)
        assert next(r for name, r in reports.items() if name.endswith("expressions")).junk == 1
        assert next(r for name, r in reports.items() if name.endswith("usage")).skipped


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0.0.0.0 a.test\n0.0.0.0 b.test\n", "hosts"),
        ("||a.test^\n||b.test^\n", "adguard"),
        ("address=/a.test/\naddress=/b.test/0.0.0.0\n", "dnsmasq"),
        ("$TTL 60\n@ SOA x. y. 1 2 3 4 5\na.test CNAME .\nb.test CNAME .\n", "rpz"),
        ("a.test,games\nb.test,games\n", "csv"),
        ("192.0.2.0/24\n198.51.100.0/24\n", "cidr"),
        ("# list\na.test\nb.test\n", "plain"),
        ("a.test\nb.test\nthis line is junk\nc.test\n", "plain"),
    ],
)
def test_the_format_is_told_from_the_content(tmp_path: Path, text: str, wanted: str) -> None:
    (tmp_path / "list").write_text(text)
    reports, _ = everything(tmp_path / "list", category="games")
    assert reports["list"].format == wanted
    assert reports["list"].entries >= 2


def test_compressed_and_odd_bytes_are_read(tmp_path: Path) -> None:
    (tmp_path / "list.gz").write_bytes(gzip.compress(b"a.test\nb\xff\xfe.test\nc.test\r\nd.test"))
    reports, values = everything(tmp_path / "list.gz", category="games")
    assert values == {"a.test", "c.test", "d.test"}
    assert reports["list"].junk == 1


def test_a_file_without_a_category_is_reported_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "stuff").write_text("a.test\n")
    reports, values = everything(tmp_path / "stuff")
    assert not values
    assert "category" in reports["stuff"].skipped


def test_names_of_files_tell_the_category() -> None:
    assert category_of("x.tar.gz:./pornography-hosts") == "pornography"
    assert category_of("output/vpn/ipv4.txt") == "bypass"
    assert category_of("blacklists/agressif/domains") == "hate"
    assert category_of("stuff.txt") == ""


def test_what_can_not_be_read_is_said_clearly(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        everything(tmp_path / "none")
    with pytest.raises(SourceError, match="no list format"):
        everything(tmp_path, format_name="odd")
    with pytest.raises(SourceError, match="no category"):
        everything(tmp_path, category="odd")
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b\x08\x00broken")
    with pytest.raises(SourceError):
        everything(tmp_path / "broken.gz", category="games")
