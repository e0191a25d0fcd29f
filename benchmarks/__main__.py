"""`make bench`: measures, and writes docs/benchmarks.md and docs/benchmarks.json."""

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import decisions, events, web, workers

DOCS = Path(__file__).parents[1] / "docs"
_INTRODUCTION = """# Benchmarks

Measured on {day} by `make bench`: one core for the server, one for load and origin, 64 connections, medians of interleaved rounds.
Read the ratios: the microseconds are this machine's. HTML has 10 KB, 3,000 different pages; the mixed trace is 15 % HTML, the rest scripts, pictures and JSON.
Leeward has 1 M names, the starter policy, the spool and the whole library of phrases with its second stage switched on; Squid passes on and does nothing else.
E2Guardian and mitmproxy ask the origin by address, since they use the system's resolver; the others by name.
"""
_TITLES = {
    "html": "HTTP, HTML", "again": "HTTP, one page again and again", "mixed": "HTTP, mixed trace", "https": "HTTPS looked into, established tunnels",
    "https, new": "HTTPS looked into, a new tunnel for each request",
}  # fmt: skip


def table(rows: dict[str, dict[str, float]], base: str) -> list[str]:
    """One kind of load."""
    out = [f"| | requests/s | CPU µs a request | ratio to {base} | p99 ms |", "| --- | --- | --- | --- | --- |"]
    for name, row in sorted(rows.items(), key=lambda item: item[1]["cpu_us"]):
        ratio = row["cpu_us"] / rows[base]["cpu_us"]
        out.append(f"| {name} | {row['rate']:,.0f} | {row['cpu_us']:.0f} | {ratio:.2f} | {row['p99']:.1f} |")
    return out


def verdict(met: bool) -> str:
    """The last column."""
    return "met" if met else "**missed**"


def targets(
    told: dict[str, dict[str, dict[str, float]]], names: list[dict[str, float]], rest: dict[str, float]
) -> list[str]:
    """Each target with its figure."""
    html, again, mixed, https, fresh = (told[key] for key in _TITLES)
    ours, squid, bump = html[web.LEEWARD], html[web.SQUID], web.BUMP
    cost = ours["cpu_us"] / squid["cpu_us"]
    unread = html[web.UNREAD]["cpu_us"] / squid["cpu_us"]
    reread = again[web.LEEWARD]["cpu_us"] / again[web.SQUID]["cpu_us"]
    mix = mixed[web.LEEWARD]["cpu_us"] / mixed[web.SQUID]["cpu_us"]
    mitm = ours["rate"] / html["mitmproxy, no addon"]["rate"]
    guardian = ours["rate"] / html["E2Guardian, packaged phrase lists"]["rate"]
    tunnels = https[web.LEEWARD]["rate"] / https[bump]["rate"]
    new = fresh[web.LEEWARD]["cpu_us"] / fresh[bump]["cpu_us"]
    five = next(row for row in names if row["names"] == 5_000_000)
    growth = names[-1]["growth"]
    rows = [
        ("HTML: CPU ≤ 1.3 × Squid", f"{cost:.2f} ({reread:.2f} where the page was read before, {unread:.2f} where no text is read)", cost <= 1.3),
        ("mixed trace: CPU ≤ 1.0 × Squid", f"{mix:.2f}", mix <= 1.0),
        ("HTML: requests/s ≥ 10 × mitmproxy", f"{mitm:.1f}", mitm >= 10),
        ("HTML: requests/s ≥ 15 × E2Guardian with phrases", f"{guardian:.1f}", guardian >= 15),
        ("HTTPS, established: requests/s ≥ Squid's bump", f"{tunnels:.2f} ×", tunnels >= 1),
        ("HTTPS, new: CPU ≤ 0.6 × Squid's bump", f"{new:.2f}", new <= 0.6),
        ("`decide()` ≥ 60,000/s, hosts never seen, 5 M names", f"{five['fresh_per_second']:,.0f}", five["fresh_per_second"] >= 60_000),
        ("`decide()` ≥ 150,000/s, Zipf trace", f"{five['zipf_per_second']:,.0f}", five["zipf_per_second"] >= 150_000),
        ("a decision from 0.1 M to 10 M names grows ≤ 1.3 ×", f"{growth:.2f}", growth <= 1.3),
        ("a worker with 5 M names: ≤ 120 MB of its own", f"{rest['worker_megabytes']:.0f} MB", rest["worker_megabytes"] <= 120),
        ("its first verdict ≤ 1 s after start", f"{rest['first_verdict_seconds']:.2f} s", rest["first_verdict_seconds"] <= 1),
        ("two workers ≥ 1.7 × one", f"{rest['two_to_one_by_cpu']:.2f} by CPU a request", rest["two_to_one_by_cpu"] >= 1.7),
        ("ingest ≥ 50,000 events/s", f"{rest['ingest_per_second']:,.0f}", rest["ingest_per_second"] >= 50_000),
        ("20 M events: top 20 ≤ 1 s", f"{rest['top_20_seconds']:.2f} s", rest["top_20_seconds"] <= 1),
        ("20 M events: one person's day ≤ 100 ms", f"{rest['person_day_seconds'] * 1000:.0f} ms", rest["person_day_seconds"] <= 0.1),
    ]  # fmt: skip
    return ["| target | measured | |", "| --- | --- | --- |", *(f"| {a} | {b} | {verdict(c)} |" for a, b, c in rows)]


def main() -> None:
    """Measure and write."""
    rest: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="leeward-bench-") as folder:
        told = web.measure(Path(folder))
    with tempfile.TemporaryDirectory(prefix="leeward-bench-") as folder:
        rest |= workers.measure(Path(folder))
    with tempfile.TemporaryDirectory(prefix="leeward-bench-") as folder:
        rest |= events.measure(Path(folder))
    write(told, decisions.measure(), rest)


def write(told: dict[str, dict[str, dict[str, float]]], names: list[dict[str, float]], rest: dict[str, float]) -> None:
    """The page and the JSON."""
    lines = _INTRODUCTION.format(day=f"{datetime.now(UTC):%Y-%m-%d}").splitlines()
    lines += ["", "## Against the targets", "", *targets(told, names, rest)]
    for kind, rows in told.items():
        base = web.BUMP if kind.startswith("https") else web.SQUID
        lines += ["", f"## {_TITLES[kind]}", "", *table(rows, base)]
    lines += [
        "",
        "## decide()",
        "",
        "| names | hosts never seen, a second | Zipf trace, a second | opened and verified in | file |",
    ]
    lines += ["| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {row['names']:,.0f} | {row['fresh_per_second']:,.0f} | {row['zipf_per_second']:,.0f} | {row['open_seconds']} s |"
        f" {row['megabytes']} MB |"
        for row in names
    ]
    notes = DOCS / "explain" / "benchmarks-notes.md"
    text = "\n".join(lines) + "\n" + ("\n" + notes.read_text() if notes.exists() else "")
    (DOCS / "benchmarks.md").write_text(text)
    (DOCS / "benchmarks.json").write_text(json.dumps({"web": told, "decide": names, "rest": rest}, indent=1) + "\n")
    print(text)


if __name__ == "__main__":
    main()
