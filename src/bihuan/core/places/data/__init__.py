"""The real tree as facts; see SOURCE.md."""

import gzip
from collections.abc import Iterator
from pathlib import Path


def lines(name: str) -> Iterator[list[str]]:
    """The fields of each line of a shipped file."""
    packed = Path(__file__).with_name(f"{name}.tsv.gz").read_bytes()
    for line in gzip.decompress(packed).decode().splitlines():
        yield line.split("\t")


def tiles() -> dict[str, tuple[int, int]]:
    """Column and row of the places whose tiles were laid out by hand, roughly as they lie."""
    text = Path(__file__).with_name("tiles.tsv").read_text("utf-8")
    split = (line.split("\t") for line in text.splitlines())
    return {code: (int(column), int(row)) for code, column, row in split}
