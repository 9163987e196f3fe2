"""`bihuan analytics`: a table in, an answer out, a fault told by its row."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bihuan.config import analysis, cli
from bihuan.config.analysis.mending import REASONS
from bihuan_analytics import tables

AREAS = "area,people,exposed,beds\n甲,800000,200,120\n乙,400000,0,60\n"
MOBILITY = "from,to,share\n甲,乙,0.03\n乙,甲,0.05\n"
MENU = (
    "name,contact_reduction,detection,cost,hardship\n"
    "nothing,0,0,0,0\nmasks and tests,0.3,0.08,1,0.1\nclosure,0.65,0.1,10,0.6\n"
)
DISEASE = [
    "--reproduction", "2.2", "--latent-days", "3", "--infectious-days", "5", "--severe", "0.03",
    "--critical", "0.2", "--icu-death", "0.3",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("BIHUAN_LANG", "en")


@pytest.fixture
def put(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def weekly(put, extra=40):
    weeks = np.datetime64("2015-01-05") + 7 * np.arange(330)
    counts = np.random.default_rng(5).poisson(6, (2, 330))
    counts[0, -1] += extra
    rows = [f"{day},{a},{b}" for day, a, b in zip(weeks, *counts, strict=True)]
    return put("weekly.csv", "\n".join(["date,north,south", *rows]))


def analyse(capsys, *words):
    code = cli.main(["analytics", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def answered(capsys, *words):
    code, out, err = analyse(capsys, *words, "--json")
    assert code == 0, err
    return json.loads(out)


def test_detect_names_the_series_and_week_that_is_too_high(capsys, put):
    found = answered(capsys, "detect", weekly(put), "--last", "3")
    alarms = [(row["date"], row["series"]) for row in found["rows"] if row["alarm"]]
    assert alarms == [("2021-04-26", "north")]
    assert found["notes"] == ["2 series, 3 times judged, 1 alarms"]


PACK = """[pack]
id = "own"
family = "parameters"
title = "自定"
title_en = "Own"
version = "1"
source = "test"
valid_from = 2020-01-01
mark = "default"

""" + "".join(
    f'[[value]]\nkey = "disease.{name}"\ntitle = "x"\ntitle_en = "x"\nvalue = {value}\n'
    for name, value in (("reproduction", 6.0), ("latent_days", 2.0), ("infectious_days", 3.0))
)
PACK_WRONG = PACK.replace("disease.latent_days", "disease.latency")


@pytest.mark.parametrize(
    "method",
    ["farrington-classic", "c1", "c2", "c3", "cusum", "ewma", "likelihood-ratio", "percentile"],
)
def test_every_method_of_detect_finds_a_huge_count(capsys, put, method):
    found = answered(capsys, "detect", weekly(put, extra=90), "--method", method)
    assert [row["alarm"] for row in found["rows"] if row["series"] == "north"] == [True]


def test_a_long_table_a_share_of_false_alarms_and_a_budget(capsys, put):
    rows = list(csv.DictReader(Path(weekly(put)).read_text(encoding="utf-8").splitlines()))
    long = [f"{row['date']},{area},{row[area]}" for row in rows for area in ("south", "north")]
    path = put("long.csv", "\n".join(["date,area,cases", *long]))
    words = ["detect", path, "--series", "area", "--count", "cases"]
    wide = answered(capsys, "detect", weekly(put))
    both = answered(capsys, *words)
    assert sorted(row["bound"] for row in both["rows"]) == sorted(
        row["bound"] for row in wide["rows"]
    )
    few = answered(capsys, *words, "--false-share", "0.05", "--budget", "1", "--alarms-only")
    assert [row["series"] for row in few["rows"]] == ["north"]
    assert answered(capsys, *words, "--budget", "0", "--alarms-only")["rows"] == []


def test_answers_are_written_by_the_ending_of_the_file(capsys, put, tmp_path):
    outs = [tmp_path / f"out.{end}" for end in ("csv", "parquet", "json", "svg", "png", "html")]
    words = [word for out in outs for word in ("--out", str(out))]
    code, told, _ = analyse(capsys, "detect", weekly(put), *words)
    assert code == 0
    assert "2 series, 1 times judged" in told
    assert pl.read_parquet(outs[1])["series"].to_list() == ["north", "south"]
    assert outs[0].read_text(encoding="utf-8-sig").startswith("date,series,observed")
    assert len(json.loads(outs[2].read_text(encoding="utf-8"))["rows"]) == 2
    assert outs[3].read_text(encoding="utf-8").startswith("<svg")
    assert outs[4].read_bytes().startswith(b"\x89PNG")
    page = outs[5].read_text(encoding="utf-8")
    assert "<svg" in page
    assert "<script" not in page
    assert analyse(capsys, "detect", weekly(put), "--out", str(tmp_path / "out.xyz"))[0] == 1


def test_a_parquet_file_is_read_as_a_csv_file_is(capsys, put, tmp_path):
    frame = pl.read_csv(weekly(put), try_parse_dates=True)
    path = tmp_path / "weekly.parquet"
    frame.write_parquet(path)
    assert (
        answered(capsys, "detect", str(path))["rows"]
        == answered(capsys, "detect", weekly(put))["rows"]
    )


def daily(put, counts, head="date,cases"):
    days = np.datetime64("2022-03-01") + np.arange(len(counts))
    return put(
        "daily.csv", "\n".join([head, *(f"{d},{c}" for d, c in zip(days, counts, strict=True))])
    )


INTERVAL = ["--mean-interval", "5", "--sd-interval", "2"]


def test_rt_tells_r_growth_turning_point_and_forecast(capsys, put):
    cases = [round(40 * 1.12**t) for t in range(25)] + [
        round(40 * 1.12**24 * 0.9**t) for t in range(1, 26)
    ]
    path = daily(put, cases)
    found = answered(capsys, "rt", path, *INTERVAL, "--ahead", "3")
    assert found["rows"][10]["R"] == pytest.approx(1.12**5, rel=0.1)
    assert found["rows"][-1]["high"] < 1
    notes = "\n".join(found["notes"])
    assert re.search(r"Growth a day .* -0\.1", notes)
    assert re.search(r"Turning point: 2022-03-2\d|Turning point: 2022-03-3\d", notes)
    assert notes.count("Forecast") == 3
    assert answered(capsys, "rt", path, *INTERVAL, "--ahead", "3") == found


def test_rt_says_where_there_are_too_few(capsys, put):
    found = answered(capsys, "rt", daily(put, [1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0]), *INTERVAL)
    assert {row["estimate"] for row in found["rows"]} == {"too few to estimate"}


def test_contacts_lists_who_was_with_the_cases(capsys, put):
    visits = put(
        "visits.csv",
        "person,place,enter,leave\n1,7,2022-03-01T10:00,2022-03-01T11:00\n"
        "2,7,2022-03-01T10:30,2022-03-01T12:00\n3,7,2022-03-01T10:55,2022-03-01T12:00\n",
    )
    cases = put("cases.csv", "person\n1\n")
    found = answered(capsys, "contacts", visits, "--cases", cases, "--minutes", "10")
    assert [(row["person"], row["minutes"]) for row in found["rows"]] == [(2, 30)]
    assert "place 7: 30 person-minutes, 1 people" in found["notes"]


def test_pool_gives_dorfman_for_one_prevalence_and_for_a_table(capsys, put):
    one = answered(capsys, "pool", "--prevalence", "0.01")
    assert (one["rows"][0]["pool"], one["rows"][0]["tests_per_person"]) == (11, 0.1956)
    table = put("areas.csv", "area,prevalence,people\n甲,0.01,10000\n乙,0.05,10000\n")
    both = answered(capsys, "pool", table)
    assert [row["pool"] for row in both["rows"]] == [11, 5]
    assert both["notes"][0].startswith("6218 tests")


def test_scenario_gives_fewer_infections_under_measures(capsys, put):
    words = ["scenario", put("areas.csv", AREAS), "--mobility", put("mobility.csv", MOBILITY)]
    words += [*DISEASE, "--days", "60", "--runs", "10"]
    free = answered(capsys, *words)
    held = answered(capsys, *words, "--contact-reduction", "0.5", "--from-day", "10")
    assert len(free["rows"]) == 60
    assert held["rows"][-1]["infections"] < free["rows"][-1]["infections"] / 5


def test_a_pack_names_the_disease_and_the_line_overrules_it(capsys, put):
    words = ["scenario", put("areas.csv", AREAS), "--days", "40", "--runs", "5"]
    omicron = answered(capsys, *words, "--pack", "cn.covid19.parameters@2022")
    said = ("--reproduction", "9.5", "--latent-days", "1.5", "--infectious-days", "1.5")
    assert omicron["rows"] == answered(capsys, *words, *said)["rows"]
    own = put("own.toml", PACK)
    held = answered(capsys, *words, "--pack", own, "--reproduction", "0.5")
    assert (
        held["rows"][-1]["infections"]
        < 10
        < answered(capsys, *words, "--pack", own)["rows"][9]["infections"]
    )


@pytest.mark.parametrize(
    ("pack", "code"),
    [
        ("cn.covid19.parameters@1900", "table.unreadable"),
        ("none.toml", "table.unreadable"),
        ("", "disease.missing"),
        (PACK_WRONG, "disease.unknown"),
    ],
)
def test_a_pack_that_will_not_do_is_told(capsys, put, pack, code):
    words = ["scenario", put("areas.csv", AREAS)]
    if pack:
        words += ["--pack", put("wrong.toml", pack) if "\n" in pack else pack]
    status, _, err = analyse(capsys, *words)
    assert status == 1
    assert code in err


def test_optimise_gives_orders_with_days_and_what_else_would_cost(capsys, put):
    found = answered(
        capsys, "optimise", put("areas.csv", AREAS), "--menu", put("menu.csv", MENU), *DISEASE,
        "--days", "56", "--runs", "10", "--period-days", "14", "--bed-price", "1e6",
    )  # fmt: skip
    assert found["rows"]
    assert {row["measure"] for row in found["rows"]} <= {"masks and tests", "closure"}
    assert found["notes"][0].startswith("plan: cost")
    assert any(note.startswith("nothing: cost 0") for note in found["notes"])


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("date,cases\n2022-03-01,3\n2022-03-02,-1\n", "array.negative", "row 3"),
        ("date,cases\n2022-03-01,3\n2022-03-02,1.5\n", "counts.fractional", "row 3"),
        ("date,cases\n2022-03-01,x\n", "table.not_number", "row 2, column “cases”, value x"),
        ("date,cases\n2022-03-01,nan\n", "table.not_number", "row 2"),
        ("date,cases\n2022-03-01,1\n2022-03-01,1\n", "dates.duplicated", "row 3"),
        ("date,cases\n2022-03-02,1\n2022-03-01,1\n", "dates.unsorted", "row 3"),
        ("date,cases\n2022-03-32,1\n", "table.not_date", "row 2"),
        ("date,cases\n2022-03-01\n", "table.ragged", "row 2"),
        ("day,cases\n2022-03-01,1\n", "table.no_column", "columns are ['day', 'cases']"),
        ("date,cases\n", "table.empty", "daily.csv"),
        ("date,cases\n2022-03-01,1\n", "series.too_short", "needed 8"),
    ],
)
def test_a_fault_is_told_with_its_code_and_row(capsys, put, text, code, where):
    status, out, err = analyse(capsys, "rt", put("daily.csv", text), *INTERVAL)
    assert (status, out) == (1, "")
    assert code in err
    assert where in err


def test_a_fault_is_told_in_chinese_too(capsys, put, monkeypatch):
    monkeypatch.setenv("BIHUAN_LANG", "zh")
    _, _, err = analyse(capsys, "rt", put("d.csv", "date,cases\n2022-03-01,-3\n"), *INTERVAL)
    assert err.startswith("未能计算: array.negative (第 2 行，“cases”列，值 -3)")


def test_a_visit_that_ends_before_it_begins_is_named_by_its_row(capsys, put):
    visits = put("visits.csv", "person,place,enter,leave\n1,7,10,20\n2,7,30,20\n")
    cases = put("cases.csv", "person\n1\n")
    status, _, err = analyse(capsys, "contacts", visits, "--cases", cases)
    assert status == 1
    assert "visit.leave_before_enter" in err
    assert "row 3" in err


def test_an_area_that_is_not_there_is_named_by_its_row(capsys, put):
    mobility = put("mobility.csv", "from,to,share\n甲,丙,0.1\n")
    words = ["scenario", put("areas.csv", AREAS), "--mobility", mobility, *DISEASE]
    _, _, err = analyse(capsys, *words)
    assert "row 2, column “to”, value 丙" in err


def test_contacts_tell_times_as_the_table_does(capsys, put):
    visits = "person,place,enter,leave\n1,7,{0}T10:00,{0}T11:00\n2,7,{0}T10:30,{0}T12:00\n"
    cases = put("cases.csv", "person\n1\n")
    path = put("visits.csv", visits.format("2022-03-01"))
    dated = answered(capsys, "contacts", path, "--cases", cases)["rows"][0]
    assert (dated["first"], dated["last"]) == ("2022-03-01T10:30", "2022-03-01T11:00")
    plain = put("plain.csv", "person,place,enter,leave\n1,7,600,660\n2,7,630,720\n")
    row = answered(capsys, "contacts", plain, "--cases", cases)["rows"][0]
    assert (row["first"], row["last"]) == (630, 660)


def test_detect_leaves_out_a_column_that_only_numbers_the_rows(capsys, put):
    lines = Path(weekly(put)).read_text(encoding="utf-8").splitlines()
    numbered = [f"{place},{line}" if place else f"week,{line}" for place, line in enumerate(lines)]
    found = answered(capsys, "detect", put("numbered.csv", "\n".join(numbered)))
    assert [row["series"] for row in found["rows"]] == ["north", "south"]
    assert found["notes"][1] == "left out: week (numbers of the rows)"


def test_a_file_that_is_not_there_is_told_with_a_code(capsys):
    status, _, err = analyse(capsys, "detect", "none.csv")
    assert status == 1
    assert "table.unreadable (file none.csv" in err


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_refusal_of_a_table_tells_how_to_mend_it(capsys, put, monkeypatch, language):
    monkeypatch.setenv("BIHUAN_LANG", language)
    _, _, err = analyse(capsys, "rt", put("d.csv", "date,cases\n2022-03-01,x\n"), *INTERVAL)
    told, mend = err.strip().splitlines()
    assert "table.not_number" in told
    assert mend == REASONS["table.not_number"][language == "en"]


def test_more_exposed_than_people_are_named_by_their_row(capsys, put):
    areas = put("areas.csv", "area,people,exposed\n甲,100,1\n乙,50,51\n")
    _, _, err = analyse(capsys, "scenario", areas, *DISEASE)
    assert "start.above_people (row 3, column “exposed”, value 51)" in err


def test_an_interval_that_cannot_be_is_told_as_such(capsys, put):
    words = ["--mean-interval", "0.5", "--sd-interval", "-2"]
    _, _, err = analyse(capsys, "rt", daily(put, [3] * 20), *words)
    assert "--mean-interval" in err
    assert "interval." in err


def test_what_the_edge_refuses_has_a_remedy():
    """Codes that tables and the modules of the command raise by themselves."""
    sources = [Path(tables.__file__), *Path(analysis.__file__).parent.glob("*.py")]
    raised = {
        code
        for path in sources
        for code in re.findall(
            r'"((?:table|dates|array|counts|share|series|mobility|argument|prevalence)\.[a-z_]+)"',
            path.read_text(encoding="utf-8"),
        )
    }
    assert raised
    assert raised <= set(REASONS)
    page = Path(__file__).resolve().parents[2] / "docs" / "methods" / "errors.md"
    written = set(re.findall(r"^\| `([a-z_.]+)`", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(REASONS) <= written
