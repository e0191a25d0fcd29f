"""Progress of long work."""

from pathlib import Path

from leeward.upkeep.progress import Progress, Reporter, progress


def test_progress_is_told_seldom_while_it_counts_and_at_once_when_the_phase_changes(tmp_path: Path) -> None:
    assert progress(tmp_path) == Progress()
    reporter = Reporter(tmp_path)
    reporter.tell("reading", "a.txt")
    reporter.tell("reading", "a.txt", 1000)
    assert progress(tmp_path).done == 0, "within a quarter of a second nothing is written again"
    reporter.tell("")
    assert progress(tmp_path).phase == ""


def test_a_file_that_is_damaged_counts_as_no_work(tmp_path: Path) -> None:
    (tmp_path / "progress.json").write_text("{")
    assert progress(tmp_path) == Progress()
