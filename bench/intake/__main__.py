"""`python -m bench.intake [accuracy|speed|length]`: figures, and 1 when a limit is missed."""

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bihuan.intake.communique import read
from bihuan.intake.communique.__main__ import write_all
from tests.intake.communique.generator import DAMAGES, communique

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
BARS = {
    "demand_f1": 0.93,
    "speaker_acc_all_gold": 0.90,
    "domain_macro_f1": 0.78,
    "actionable_f1_matched": 0.92,
    "responsible_f1_matched": 0.85,
    "deadline_f1_matched": 0.90,
    "problem_f1_matched": 0.90,
    "metadata_acc": 0.88,
    "meta_level": 0.92,
    "clean_char_f1": 0.99,
    "clean_char_f1_worst": 0.95,
    "index_negatives_rejected": 1.0,
    "index_communiques_accepted": 1.0,
}
MOST_MS = 30.0


def accuracy() -> bool:
    """The labelled development set by its own scorer."""
    if not CORPUS.exists():
        print("accuracy: no labelled corpus beside this repository")
        return True
    with tempfile.TemporaryDirectory() as folder:
        write_all([CORPUS / "raw"], Path(folder))
        scorer = [sys.executable, str(CORPUS / "score_intake.py"), folder, str(CORPUS / "gold")]
        index = ["--index", str(CORPUS / "index.csv"), "--json"]
        run = subprocess.run([*scorer, *index], capture_output=True, check=True, text=True)
    figures = json.loads(run.stdout)
    good = True
    print(f"{'figure':28s} {'bar':>6s} {'is':>6s}")
    for name, bar in BARS.items():
        mark = "" if figures[name] >= bar else "  MISSED"
        good = good and not mark
        print(f"{name:28s} {bar:6.2f} {figures[name]:6.3f}{mark}")
    return good


def speed() -> bool:
    """Milliseconds for 3,000 characters, warm, on one core; the best of twenty rounds."""
    folder = CORPUS / "raw"
    sources = [path.read_bytes() for path in sorted(folder.iterdir())] if folder.exists() else []
    best = min(_round(sources or _damaged_pages()) for _ in range(20))
    print(f"3,000 characters: {best:.1f} ms (limit {MOST_MS:.0f})")
    return best <= MOST_MS


def _damaged_pages() -> list[bytes]:
    pages = []
    for seed in range(30):
        rng = random.Random(seed)
        pages.append(DAMAGES[rng.choice(list(DAMAGES))](communique(seed).text, rng).encode())
    return pages


def _round(sources: list[bytes]) -> float:
    start = time.process_time()
    characters = sum(len(read(source)[0].original_text) for source in sources)
    return (time.process_time() - start) / characters * 3_000_000


def length() -> bool:
    """The curve to a megabyte: seconds for 100,000 characters must not grow with the length."""
    unit = communique(1).text.split("\n", 1)[1] + "\n"
    first = last = 0.0
    print(f"{'characters':>12s} {'seconds':>9s} {'s/100k':>8s}")
    for size in (10_000, 50_000, 100_000, 200_000, 400_000, 1_000_000):
        text = (unit * (size // len(unit) + 1))[:size]
        start = time.process_time()
        read(text)
        last = time.process_time() - start
        first = first or last * 10
        print(f"{size:12,d} {last:9.2f} {last * 100_000 / size:8.2f}")
        last = last * 100_000 / size
    return last <= 3 * first


PARTS = {"accuracy": accuracy, "speed": speed, "length": length}


def main(argv: list[str]) -> int:
    """Run the parts named, or all of them."""
    wanted = argv or list(PARTS)
    good = [PARTS[name]() for name in wanted]
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
