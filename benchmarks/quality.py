"""`make quality`: how well signs of harm are found, by theme, beside peers. Writes docs/quality.md.

Two kinds of text: labelled text that users fetch themselves (benchmarks/labelled.py; only its reporting half is measured
here), and the school texts of benchmarks/school, written apart from the phrase library (its reporting half, too).
"""

import argparse
import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from benchmarks.judges import THEMES, Judge, Leeward, Plain, Text, WeightedLists, alt_profanity_check, better_profanity
from benchmarks.labelled import Labelled, labelled_texts, part_of
from leeward.text.packs import Channel, themes
from leeward.text.score import Library

_SCHOOL = Path(__file__).parent / "school" / "texts.jsonl"
_ONE_IN = 1_000
_SEVERITIES = (2, 3)


class SchoolText(NamedTuple):
    """One text of the school set. `theme`: empty if harmless."""

    id: str
    text: str
    channel: Channel
    age: int
    theme: str
    kind: str


@cache
def school_texts(part: int) -> tuple[SchoolText, ...]:
    """One half of the school set; the half by the hash of the id."""
    rows = map(json.loads, _SCHOOL.read_text("utf-8").splitlines())
    return tuple(
        SchoolText(row["id"], row["text"], row["channel"], row.get("age", 0), row["theme"] or "", row["kind"])
        for row in rows if part_of(row["id"]) == part
    )  # fmt: skip


class Measured(NamedTuple):
    """One theme, one judge. `recall`, `precision`: at the judge's own limit; `at_one`: recall where one of 1,000 benign
    texts alarms.
    """

    average_precision: float
    precision: float
    recall: float
    at_one: float

    @property
    def f1(self) -> float:
        """Of precision and recall."""
        return (
            2 * self.precision * self.recall / (self.precision + self.recall) if self.precision + self.recall else 0.0
        )


def average_precision(wanted: Sequence[bool], values: Sequence[float]) -> float:
    """The area under precision over recall; texts of equal value count together."""
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(wanted, values))


def measured(wanted: Sequence[bool], values: Sequence[float], benign: Sequence[float], limit: float) -> Measured:
    """A theme's figures. `benign`: the values of the benign texts."""
    told = [value >= limit for value in values]
    right = sum(one and two for one, two in zip(told, wanted, strict=True))
    found = [value for value, is_one in zip(values, wanted, strict=True) if is_one]
    allowed = sorted(benign, reverse=True)[len(benign) // _ONE_IN]
    return Measured(
        average_precision(wanted, values), right / max(sum(told), 1), right / max(len(found), 1),
        sum(value > allowed for value in found) / max(len(found), 1),
    )  # fmt: skip


def by_theme(judge: Judge, rows: Sequence[Labelled], benign: list[dict[str, float]]) -> dict[str, Measured]:
    """Figures on labelled text, for the themes that have any."""
    values = judge.values([Text(row.text, row.channel) for row in rows])
    out = {}
    for theme in THEMES:
        kept = [number for number, row in enumerate(rows) if theme in row.about]
        wanted = [rows[number].theme == theme for number in kept]
        if any(wanted):
            own = [values[number][theme] for number in kept]
            out[theme] = measured(wanted, own, [one[theme] for one in benign], judge.limit)
    return out


def on_school(judge: Judge, rows: Sequence[SchoolText], benign: list[dict[str, float]]) -> dict[str, Measured]:
    """Figures on school texts: each theme against all other texts."""
    values = judge.values([Text(row.text, row.channel) for row in rows])
    return {
        theme: measured(
            [row.theme == theme for row in rows], [one[theme] for one in values], [one[theme] for one in benign], judge.limit
        )
        for theme in THEMES if any(row.theme == theme for row in rows)
    }  # fmt: skip


class Told(NamedTuple):
    """Of school texts: how many of the concerns have the right theme among their findings at a severity and above, and how
    many of the harmless alarm.
    """

    right: float
    alarmed: float


def told_at(library: Library, rows: Sequence[SchoolText], severity: int) -> Told:
    """What findings of a severity say."""
    right = alarmed = 0
    for row in rows:
        found = {one.theme for one in library.find(row.text, row.channel, age=row.age) if one.severity >= severity}
        right += row.theme in found
        alarmed += bool(found) and not row.theme
    concerns = sum(bool(row.theme) for row in rows)
    return Told(right / concerns, alarmed / (len(rows) - concerns))


def alarms(library: Library, rows: Sequence[Labelled], severity: int) -> float:
    """Benign texts of 1,000 with a finding of a severity or above."""
    hits = sum(any(one.severity >= severity for one in library.find(row.text, row.channel)) for row in rows)
    return hits * _ONE_IN / len(rows)


def judges(data: Path) -> list[Judge]:
    """Everybody who is asked and is there."""
    made: list[Judge] = [Leeward()]
    makers: list[Callable[[], Judge]] = [alt_profanity_check, better_profanity, WeightedLists, lambda: Plain(data)]
    for make in makers:
        try:
            made.append(make())
        except (ImportError, FileNotFoundError) as error:
            print(f"left out: {error}")
    return made


def table(title: str, figures: dict[str, dict[str, Measured]], of: Callable[[Measured], float]) -> list[str]:
    """A theme a row, a judge a column; the best in bold."""
    names = list(figures)
    out = [f"### {title}", "", f"| theme | {' | '.join(names)} |", f"| --- |{' ---: |' * len(names)}"]
    for theme in next(iter(figures.values())):
        values = [of(figures[name][theme]) for name in names]
        cells = [f"**{value:.3f}**" if value == max(values) else f"{value:.3f}" for value in values]
        out.append(f"| {themes()[theme].title} | {' | '.join(cells)} |")
    return [*out, ""]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder of labelled text")
    parser.add_argument("--part", type=int, default=1, help="0: the half to tune on; 1: the half to report")
    parser.add_argument("--out", type=Path, default=Path("docs/quality.md"))
    options = parser.parse_args()
    rows = list(labelled_texts(options.data, options.part))
    benign = [row for row in rows if row.kind in ("queries", "textbook")]
    labelled = [row for row in rows if row.kind not in ("queries", "textbook")]
    school = school_texts(options.part)
    on_labelled: dict[str, dict[str, Measured]] = {}
    at_school: dict[str, dict[str, Measured]] = {}
    for judge in judges(options.data):
        print(judge.name)
        quiet = judge.values([Text(row.text, row.channel) for row in benign])
        on_labelled[judge.name] = by_theme(judge, labelled, quiet)
        at_school[judge.name] = on_school(judge, school, quiet)
    library = Leeward().library
    lines = [*_PREFACE.splitlines(), ""]
    lines += _benign_lines(library, benign) + _told_lines(library, school)
    for heading, figures in (("## Labelled text", on_labelled), ("## School texts", at_school)):
        lines += [heading, ""]
        lines += table("Average precision", figures, lambda one: one.average_precision)
        lines += table("Recall where one of 1,000 benign texts alarms", figures, lambda one: one.at_one)
        own = {name: {"Leeward": figures["Leeward"]}["Leeward"] for name in ("precision", "recall", "F1")}
        lines += _own_table(own["F1"])
    options.out.write_text("\n".join(lines).rstrip() + "\n", "utf-8")


def _own_table(figures: dict[str, Measured]) -> list[str]:
    out = [
        "### Leeward at severity 2 and above",
        "",
        "| theme | precision | recall | F1 |",
        "| --- | ---: | ---: | ---: |",
    ]
    out += [
        f"| {themes()[theme].title} | {one.precision:.3f} | {one.recall:.3f} | {one.f1:.3f} |"
        for theme, one in figures.items()
    ]
    return [*out, ""]


def _benign_lines(library: Library, benign: Sequence[Labelled]) -> list[str]:
    out = ["## Alerts on benign texts", "", "| texts | count | severity 2 and above, of 1,000 | severity 3 and above, of 1,000 |",
           "| --- | ---: | ---: | ---: |"]  # fmt: skip
    for kind, name in (("queries", "search queries"), ("textbook", "paragraphs of textbooks (biology, psychology)")):
        own = [row for row in benign if row.kind == kind]
        two, three = (alarms(library, own, severity) for severity in _SEVERITIES)
        out.append(f"| {name} | {len(own):,} | {two:.2f} | {three:.2f} |")
    return [*out, ""]


def _told_lines(library: Library, school: Sequence[SchoolText]) -> list[str]:
    out = ["## School texts: what is told", "", "| findings of | right theme, of 100 concerns | alarmed, of 100 hard harmless |",
           "| --- | ---: | ---: |"]  # fmt: skip
    for severity in (1, *_SEVERITIES):
        told = told_at(library, school, severity)
        out.append(f"| severity {severity} and above | {told.right * 100:.1f} | {told.alarmed * 100:.1f} |")
    return [*out, ""]


_PREFACE = """# How well signs of harm are found

Made by `make quality DATA=FOLDER`; nobody writes here by hand. The labelled text is public, not shipped, and split by a hash: one
half to tune on and to learn from, the other half, measured here, is never learned from. The school texts (`benchmarks/school`, half of
them hard and harmless) were written apart from the phrase library and the teaching texts; they are split likewise. Labels of the
public sets are weak in places: communities for themes, tweets by the folder they came from. better-profanity, whose time grows with
the square of a text, is asked word by word.
"""


if __name__ == "__main__":
    main()
