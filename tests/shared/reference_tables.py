"""Reads the tables of outside numbers that lie beside the project; skips where there are none."""

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "reference"


def rows(name: str) -> list[dict[str, str]]:
    if not FOLDER.is_dir():
        pytest.skip(f"no reference tables at {FOLDER}")
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float:
    return float(text) if text else np.nan


def column(table: list[dict[str, str]], name: str) -> NDArray[np.float64]:
    return np.array([number(row[name]) for row in table])


def days(table: list[dict[str, str]], name: str) -> NDArray[np.datetime64]:
    return np.array([row[name] for row in table], dtype="datetime64[D]")
