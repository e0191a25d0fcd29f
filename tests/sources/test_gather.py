"""All lists into one index."""

from pathlib import Path

import pytest

from leeward.config import parse
from leeward.sources.gather import fingerprint, gather, starter_items

REAL = Path(__file__).parents[3] / "shared" / "data" / "domains"


def test_the_starter_list_has_no_junk() -> None:
    for report, items in starter_items():
        assert len(list(items)) > 500
        assert report.junk == 0, report.examples


def test_a_list_that_fails_is_reported_and_the_rest_is_there(tmp_path: Path) -> None:
    (tmp_path / "good").write_text("play.test\n")
    config = parse(
        '[[lists]]\nname = "good"\nsource = "good"\ncategory = "games"\n'
        '[[lists]]\nname = "gone"\nsource = "gone"\ncategory = "games"\n'
        '[[lists]]\nname = "feed"\nsource = "good"\ncategory = "games"\ntier = "sealed"\n',
        folder=str(tmp_path),
    )
    gathered = gather(config)
    assert "play.test" in gathered.index.names
    failures = {report.name: report.failure for report in gathered.reports}
    assert "no such file" in failures["gone"]
    assert "sealed" in failures["feed"]


def test_a_fingerprint_changes_with_the_list(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("play.test\n")
    config = parse('[[lists]]\nname = "a"\nsource = "a"\ncategory = "games"', folder=str(tmp_path))
    before = fingerprint(config)
    (tmp_path / "a").write_text("play.test\nmore.test\n")
    assert fingerprint(config) != before


@pytest.mark.timeout(120)
@pytest.mark.skipif(not REAL.exists(), reason="the real lists are not on this machine")
def test_a_million_real_names_are_imported() -> None:
    config = parse(f'[[lists]]\nname = "real"\nsource = "{REAL}"')
    gathered = gather(config)
    assert len(gathered.index.names) > 1_000_000
