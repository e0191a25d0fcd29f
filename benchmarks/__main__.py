"""`make bench`: measures, and writes docs/benchmarks.md and docs/benchmarks.json."""

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import decisions, proxies

DOCS = Path(__file__).parents[1] / "docs"


def main() -> None:
    """Measure and write."""
    with tempfile.TemporaryDirectory(prefix="leeward-bench-") as folder:
        Path(folder).chmod(0o755)  # Squid leaves root behind
        web = proxies.measure(Path(folder))
    verdicts = decisions.measure()
    base = web["Squid, no filter"]
    lines = [
        "# Benchmarks", "", f"Measured on {datetime.now(UTC):%Y-%m-%d} by `make bench`, one core a server, 64 connections, HTML of 10 KB.",
        "Read the ratios: the microseconds are this machine's. Leeward has 1 M names, the starter policy, the spool and a scan for 5,000",
        "phrases of English words switched on; Squid does nothing but pass on.", "",
        "| | requests/s | CPU µs a request | ratio to Squid | p99 ms | errors |", "| --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for name, row in sorted(web.items(), key=lambda item: item[1]["cpu_us"]):
        rate, ratio = row["requests"] / row["seconds"], row["cpu_us"] / base["cpu_us"]
        lines.append(
            f"| {name} | {rate:,.0f} | {row['cpu_us']:.0f} | {ratio:.2f} | {row['p99']:.1f} | {row['errors']:.0f} |"
        )
    lines += [
        "",
        "## decide()",
        "",
        "| names | hosts never seen, a second | Zipf trace, a second | opened and verified in | file |",
        "| --- | --- | --- | --- | --- |",
    ]
    for item in verdicts:
        lines.append(
            f"| {item['names']:,.0f} | {item['fresh_per_second']:,.0f} | {item['zipf_per_second']:,.0f} | {item['open_seconds']} s | {item['megabytes']} MB |"
        )
    growth = verdicts[0]["fresh_per_second"] / verdicts[-1]["fresh_per_second"]
    lines += [
        "",
        f"From {verdicts[0]['names']:,.0f} to {verdicts[-1]['names']:,.0f} names a decision takes {growth:.2f} times as long.",
        "",
    ]
    notes = DOCS / "explain" / "benchmarks-notes.md"
    text = "\n".join(lines) + ("\n" + notes.read_text() if notes.exists() else "")
    (DOCS / "benchmarks.md").write_text(text)
    (DOCS / "benchmarks.json").write_text(json.dumps({"web": web, "decide": verdicts}, indent=1) + "\n")
    print(text)


if __name__ == "__main__":
    main()
