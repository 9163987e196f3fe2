"""The real tree as facts; see SOURCE.md."""

import gzip
from collections.abc import Iterator
from pathlib import Path


def lines(name: str) -> Iterator[list[str]]:
    """The fields of each line of a shipped file."""
    packed = Path(__file__).with_name(f"{name}.tsv.gz").read_bytes()
    for line in gzip.decompress(packed).decode().splitlines():
        yield line.split("\t")
