"""Run the chosen benches and judge each figure by its limit."""

from bench.loops import dispatch


def run(wanted: list[str]) -> int:
    """Print one line for each figure; the number of those over their limit."""
    failed = 0
    found = dispatch.run()  # the other benches work on what it sends
    print(f"dispatch: {found['rows']:,} obligations")
    failed += line("  bare INSERT … SELECT", found["bare_s"], "s")
    failed += line("  dispatch with audit, events, notices, counters", found["ours_s"], "s")
    failed += line("  ratio", found["ratio"], "x", dispatch.LIMIT_RATIO)
    failed += line("  memory of the process", found["process_mib"], "MiB", dispatch.LIMIT_MIB)
    if "moves" in wanted:
        from bench.loops import moves

        per_minute = moves.run()
        failed += line(
            "moves: accept with evidence, sustained", -per_minute, "/min", -moves.LIMIT_PER_MINUTE
        )
    if "pages" in wanted:
        from bench.loops import pages

        for name, p95, limit in pages.run():
            failed += line(f"pages: {name}, p95", p95, "ms", limit)
    return failed


def line(name: str, value: float, measure: str, limit: float | None = None) -> int:
    """Print a figure; 1 when it is over its limit (floors are given as negative numbers)."""
    verdict = "" if limit is None else ("ok" if value <= limit else "OVER")
    bound = "" if limit is None else f"limit {abs(limit):,.4g}"
    print(f"{name:<52}{abs(value):>12,.2f} {measure:<5}{bound:<16}{verdict}", flush=True)
    return int(verdict == "OVER")
