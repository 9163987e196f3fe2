"""`bihuan analytics` on files that others made: R's numbers to every digit that is printed."""

import csv
import json
from collections import Counter
from datetime import date, timedelta

import pytest

from bihuan.config import cli
from tests.shared.reference_tables import FOLDER, rows

PRINTED = 5.001e-5  # four decimals
OUTBREAKS = {"Flu1918": ("2.6", "1.5"), "Flu2009": ("2.6", "1.5"), "SARS2003": ("8.4", "3.8")}
LINE_LISTS = {
    "fluH7N9_china_2013.csv": ("date_of_onset", "7.5", "3.7"),
    "mers_korea_2015_linelist.csv": ("dt_onset", "12.6", "2.8"),
}


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("BIHUAN_LANG", "en")


def answered(capsys, *words):
    assert cli.main(["analytics", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)["rows"]


def daily(folder, counts):
    """A table of all days from the first to the last."""
    path = folder / "daily.csv"
    length = (max(counts) - min(counts)).days + 1
    days = [min(counts) + timedelta(days=n) for n in range(length)]
    lines = [f"{day},{counts[day]}" for day in days]
    path.write_text("\n".join(["date,cases", *lines]), encoding="utf-8")
    return str(path)


def test_detect_prints_what_farrington_flexible_of_r_finds(capsys):
    reference = [
        row
        for row in rows("salmNewport_farringtonFlexible_germany.csv")
        if row["variant"] == "C_noufaily_delta"
    ]
    found = answered(
        capsys, "detect", str(FOLDER / "salmNewport_input.csv"), "--count", "total", "--mode",
        "r-compatible", "--alpha", "0.05", "--last", "52",
    )  # fmt: skip
    for here, there in zip(found, reference, strict=True):
        assert here["date"] == there["date"]
        assert here["alarm"] == (there["alarm"] == "1")
        for ours, theirs in (("expected", "expected"), ("bound", "upperbound")):
            assert (here[ours] is None) == (there[theirs] == "")
            if here[ours] is not None:
                assert here[ours] == pytest.approx(float(there[theirs]), abs=PRINTED)


@pytest.mark.parametrize("outbreak", OUTBREAKS)
def test_rt_prints_what_epi_estim_finds(capsys, tmp_path, outbreak):
    first = date(2000, 1, 1)
    cases = Counter({
        first + timedelta(days=int(row["t"]) - 1): int(row["I"])
        for row in rows("epiestim_incidence.csv")
        if row["dataset"] == outbreak
    })  # fmt: skip
    mean, sd = OUTBREAKS[outbreak]
    found = answered(
        capsys, "rt", daily(tmp_path, cases), "--mean-interval", mean, "--sd-interval", sd
    )
    here = {row["date"]: row for row in found}
    compared = 0
    for row in rows("epiestim_R.csv"):
        chosen = (row["dataset"], row["method"], row["window"]) == (outbreak, "parametric_si", "7")
        if not chosen or not row["mean"]:
            continue
        ours = here[str(first + timedelta(days=int(row["t_end"]) - 1))]
        for name, theirs in (("R", "mean"), ("low", "q025"), ("high", "q975")):
            assert ours[name] == pytest.approx(float(row[theirs]), abs=PRINTED)
        compared += 1
    assert compared > 20


@pytest.mark.parametrize("name", LINE_LISTS)
def test_rt_follows_an_outbreak_from_its_line_list(capsys, tmp_path, name):
    column, mean, sd = LINE_LISTS[name]
    path = FOLDER.parent / "data" / name
    if not path.is_file():
        pytest.skip(f"no data at {path}")
    with path.open(encoding="utf-8", newline="") as file:
        onsets = [row[column] for row in csv.DictReader(file) if row[column] not in ("", "NA")]
    counts = Counter(date.fromisoformat(onset) for onset in onsets)
    found = answered(
        capsys, "rt", daily(tmp_path, counts), "--mean-interval", mean, "--sd-interval", sd
    )
    sound = [row for row in found if row["estimate"] == ""]
    assert max(row["low"] for row in sound) > 1  # it grew
    assert min(row["high"] for row in sound) < 1  # and was ended
