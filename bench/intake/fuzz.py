"""`python -m bench.intake.fuzz [FIRST LAST]`: hostile inputs by number, in blocks that resume.

Input N is the same whenever and wherever it is made. Each finished block of a thousand is one line
of `bench/intake/fuzz.jsonl`; a second run skips the blocks that are there, so the work may be killed,
split over machines and joined again. 1 when a call was slower than a second for 100 kB, or crashed.
"""

import json
import random
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from bihuan.intake.communique import Communique, Unreadable, read
from tests.intake.communique.generator import DAMAGES, communique
from tests.intake.communique.test_hostile import PIECES

RECORD = Path(__file__).with_name("fuzz.jsonl")
INPUTS = 200_000
BLOCK = 1_000
SEED = 2026
SLOWEST_SECONDS_A_100_KB = 1.0
SHORTEST_COUNTED = 100_000  # bytes; a shorter input is weighed as if it were this long


@dataclass(frozen=True, slots=True)
class Block:
    """What a thousand inputs cost: bytes read, seconds, the slowest call and what went wrong."""

    first: int
    inputs: int
    bytes: int
    seconds: float
    refused: int
    slowest: float  # seconds for 100 kB
    slowest_input: int
    faults: tuple[str, ...]


def odd_source(number: int) -> bytes | str:
    """Input `number`: random bytes, random pieces, one thing repeated, or a broken paper."""
    rng = random.Random(SEED * INPUTS + number)
    kind = number % 4
    if kind == 0:
        return rng.randbytes(rng.randint(1, 400))
    if kind == 1:
        return "".join(rng.choices(PIECES, k=rng.randint(1, 100)))
    if kind == 2:
        return rng.choice(PIECES) * int(1 + 3_000 * rng.random() ** 6)
    text = communique(rng.randint(0, 5_000)).text
    if rng.random() < 0.5:
        text = DAMAGES[rng.choice(list(DAMAGES))](text, rng)
    for _ in range(rng.randint(1, 8)):
        place = rng.randrange(len(text))
        text = text[:place] + rng.choice(PIECES) + text[place + rng.randint(0, 9) :]
    return text


def _in_place(record: Communique) -> bool:
    return all(record.clean_text[one.start : one.end] == one.text for one in record.directives)


def run_block(first: int) -> Block:
    """Read a thousand inputs; a crash or a wrong offset is a fault, not an end."""
    total = refused = slow_at = 0
    spent = slowest = 0.0
    faults: list[str] = []
    for number in range(first, first + BLOCK):
        source = odd_source(number)
        size = len(source if isinstance(source, bytes) else source.encode("utf-8", "replace"))
        start = time.process_time()
        try:
            faults.extend(f"{number}: offset" for one in read(source) if not _in_place(one))
        except Unreadable:
            refused += 1
        except Exception as error:  # noqa: BLE001 - the fuzz reports every crash and goes on
            faults.append(f"{number}: {error!r}"[:200])
        took = time.process_time() - start
        total, spent = total + size, spent + took
        rate = took / max(1.0, size / SHORTEST_COUNTED)
        if rate > slowest:
            slowest, slow_at = rate, number
    return Block(
        first, BLOCK, total, round(spent, 2), refused, round(slowest, 3), slow_at, tuple(faults)
    )


def recorded(path: Path = RECORD) -> list[Block]:
    """The blocks that are done."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines if line.endswith("}")]
    return [Block(**{**one, "faults": tuple(one["faults"])}) for one in told]


def run(first: int = 0, last: int = INPUTS, path: Path = RECORD) -> None:
    """Do the blocks from `first` to `last` that are not recorded yet."""
    done = {block.first for block in recorded(path)}
    for start in range(first, last, BLOCK):
        if start in done:
            continue
        block = run_block(start)
        with path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(asdict(block)) + "\n")
        print(f"{start + BLOCK:,} inputs, slowest {block.slowest:.2f} s", flush=True)


def summary(blocks: Iterable[Block]) -> bool:
    """Print what is recorded; whether nothing crashed and nothing was slow."""
    known = list(blocks)
    slowest = max((block.slowest for block in known), default=0.0)
    faults = [fault for block in known for fault in block.faults]
    inputs = sum(block.inputs for block in known)
    size = sum(block.bytes for block in known) / 1e6
    seconds = sum(block.seconds for block in known)
    print(f"{inputs:,} inputs, {size:.0f} MB in {seconds / 60:.0f} minutes of one core")
    print(f"slowest {slowest:.2f} s for 100 kB or less; {len(faults)} faults")
    print("\n".join(faults[:20]))
    return not faults and slowest <= SLOWEST_SECONDS_A_100_KB


def main(argv: list[str]) -> int:
    """Run a range of inputs (all by default) and sum up what is recorded."""
    first, last = map(int, argv) if argv else (0, INPUTS)
    run(first, last)
    return 0 if summary(recorded()) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
