"""`python -m bench.intake.folder [PAGES]`: a folder read with a kill on the way; rate and memory.

The pages are of 500 kinds, so every record can be held against what reading that kind alone gives:
a record that the kill or the second run spoiled would differ.
"""

import json
import resource
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bihuan.intake.communique import merged, read, to_json
from tests.intake.communique.generator import communique

PAGES = 10_000
KINDS = 500
FIRST_SEEN = 1_000  # pages after which the memory is taken for the first time
MOST_GROWTH = 1.1


@dataclass(frozen=True, slots=True)
class Seen:
    """What the process showed at a line of its progress bar."""

    done: int
    megabytes: float


def write_pages(folder: Path, count: int) -> None:
    """So many synthetic papers, of `KINDS` kinds."""
    texts = [communique(seed).text for seed in range(KINDS)]
    for number in range(count):
        (folder / f"{number:05d}.txt").write_text(texts[number % KINDS], encoding="utf-8")


def run(pages: Path, out: Path, *, kill_at: int | None = None) -> list[Seen]:
    """Read the folder in a process of its own; `kill_at` records end it by SIGKILL."""
    command = [sys.executable, "-m", "bihuan.intake.communique", "read", str(pages)]
    seen: list[Seen] = []
    with subprocess.Popen(
        [*command, "--out", str(out)], stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:  # a line each 500 pages
            print(line, end="", flush=True)
            if "/" not in line:
                continue
            done = int(line.split()[-1].split("/")[0])
            seen.append(Seen(done, peak_megabytes(process.pid)))
            if kill_at is not None and done >= kill_at:
                process.send_signal(signal.SIGKILL)
                break
    return seen


def peak_megabytes(pid: int) -> float:
    """The most memory that a running process has held; 0 when it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return 0.0
    peaks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(peaks[0]) / 1024 if peaks else 0.0


def differing(out: Path) -> list[str]:
    """The records that are not what reading their kind of page alone gives."""
    alone = [
        merged(read(communique(seed).text.encode(), name="00000.txt")) for seed in range(KINDS)
    ]
    wrong = []
    for path in sorted(out.glob("*.json")):
        record = to_json(alone[int(path.stem) % KINDS], ident=path.stem)
        if json.loads(path.read_text(encoding="utf-8")) != json.loads(json.dumps(record)):
            wrong.append(path.name)
    return wrong


def main(argv: list[str]) -> int:
    """Read, kill, read on; 1 when a record is missing or differs, or the memory grew."""
    count = int(argv[0]) if argv else PAGES
    with tempfile.TemporaryDirectory() as home:
        pages, out = Path(home) / "pages", Path(home) / "out"
        pages.mkdir()
        write_pages(pages, count)
        run(pages, out, kill_at=count // 5)
        left = sum(1 for _ in out.glob("*.json"))
        seen = run(pages, out)
        records = sum(1 for _ in out.glob("*.json"))
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        wrong = differing(out)
    seconds = used.ru_utime + used.ru_stime
    early = next((one for one in seen if one.done >= left + FIRST_SEEN), seen[-1])
    most = max(one.megabytes for one in seen)
    print(f"{records:,} records, {left:,} of them before the kill, {len(wrong)} differing")
    print(f"{seconds:.0f} s of one core, {1000 * seconds / max(1, records):.1f} ms a page")
    print(
        f"peak memory of the second process {early.megabytes:.0f} MB "
        f"after {early.done - left:,} pages, {most:.0f} MB after {count - left:,}"
    )
    good = records == count and not wrong and most <= MOST_GROWTH * early.megabytes
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
