"""`python -m bench.intake.folder [PAGES]`: a folder read with a kill half-way; rate and memory."""

import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.intake.communique.generator import communique

PAGES = 10_000
MOST_MB = 200.0


def write_pages(folder: Path, count: int) -> None:
    """So many synthetic papers, of 500 kinds."""
    texts = [communique(seed).text for seed in range(500)]
    for number in range(count):
        (folder / f"{number:05d}.txt").write_text(texts[number % len(texts)], encoding="utf-8")


def run(pages: Path, out: Path, *, kill_at: int | None = None) -> float:
    """Read the folder in a process of its own; the seconds. `kill_at` records end it by SIGKILL."""
    command = [
        sys.executable,
        "-m",
        "bihuan.intake.communique",
        "read",
        str(pages),
        "--out",
        str(out),
    ]
    start = time.monotonic()
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:  # a line each 500 pages
            print(line, end="", flush=True)
            done = int(line.split()[-1].split("/")[0]) if "/" in line else 0
            if kill_at is not None and done >= kill_at:
                process.send_signal(signal.SIGKILL)
                break
    return time.monotonic() - start


def main(argv: list[str]) -> int:
    """Read, kill, read on; 1 when a record is missing or the memory grew."""
    count = int(argv[0]) if argv else PAGES
    with tempfile.TemporaryDirectory() as home:
        pages, out = Path(home) / "pages", Path(home) / "out"
        pages.mkdir()
        write_pages(pages, count)
        spent = run(pages, out, kill_at=count // 2)
        left = sum(1 for _ in out.glob("*.json"))
        spent += run(pages, out)
        records = sum(1 for _ in out.glob("*.json"))
        halves = sum(1 for _ in out.glob("*.part"))
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{records:,} records, {left:,} there after the kill, {halves} halves, "
          f"{spent:.0f} s, at most {most:.0f} MB")  # fmt: skip
    return 0 if records == count and most <= MOST_MB else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
