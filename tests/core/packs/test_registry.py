"""Rule packs: the shipped ones load, wrong ones are refused by name, time decides."""

from datetime import UTC, date, datetime

import pytest

from bihuan.core.errors import Invalid, NotFound
from bihuan.core.packs import registry
from bihuan.core.packs.diff import diff
from tests.conftest import NOON

HEAD = """
[pack]
id = "t"
family = "t"
title = "试"
title_en = "Trial"
version = "1"
source = "none"
valid_from = 2026-01-01
mark = "default"
"""


CLOCK = '[[clock]]\nkey = "relay.answer"\ntitle = "x"\nstarts = "issued"\n'
VALUE = '[[value]]\nkey = "a"\ntitle = "x"\ntitle_en = "x"\nvalue = 1\n'


@pytest.fixture
def site_packs(tmp_path, monkeypatch):
    """A folder for a site's own editions; the registry reads it afresh."""
    monkeypatch.setenv("BIHUAN_PACKS", str(tmp_path))
    registry.all_packs.cache_clear()
    yield tmp_path
    registry.all_packs.cache_clear()


def test_every_shipped_pack_loads_with_source_and_mark():
    packs = registry.all_packs()
    assert {p.family for p in packs} >= {"deadlines", "reporting", "calendar"}
    assert all(p.source for p in packs)


def test_a_deadline_says_which_rule_it_comes_from():
    due, ref = registry.due("relay.answer", NOON)
    assert (due - NOON).total_seconds() == 24 * 3600
    assert ref == "loop-deadlines@2026.1/relay.answer"
    assert registry.by_ref(ref).title_en.startswith("Cascade")


def test_a_site_edition_wins_from_its_first_day_in_its_place(site_packs):
    clock = CLOCK + 'title_en = "Fast"\nhours = 6\n'
    head = HEAD.replace('"t"\nfamily = "t"', '"own"\nfamily = "deadlines"')
    (site_packs / "own.toml").write_text(
        head.replace("mark =", 'scope = "99.01."\nmark =') + clock, encoding="utf-8"
    )
    assert registry.clock("relay.answer", NOON, scope="99.01.03.").hours == 6
    assert registry.clock("relay.answer", NOON, scope="99.02.").hours == 24
    before = datetime(2025, 6, 1, tzinfo=UTC)
    assert registry.clock("relay.answer", before, scope="99.01.").hours == 24


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[pack", "pack.unreadable"),
        (HEAD.replace('family = "t"\n', ""), "pack.field_missing"),
        (HEAD.replace('"default"', '"sure"'), "pack.mark"),
        (HEAD + "valid_to = 2025-01-01\n", "pack.validity"),
        (HEAD + CLOCK + 'title_en = "x"\n', "pack.clock_limit"),
        (HEAD + CLOCK + "hours = 1\n", "pack.field_missing"),
        (HEAD + 2 * VALUE, "pack.key_twice"),
    ],
)
def test_a_wrong_pack_is_refused_by_file_and_reason(site_packs, text, code):
    (site_packs / "wrong.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Invalid) as refused:
        registry.all_packs()
    assert refused.value.code == code
    assert refused.value.facts["file"] == "wrong.toml"


def test_an_unknown_limit_is_an_error_and_not_a_guess():
    with pytest.raises(NotFound):
        registry.clock("no.such.limit", NOON)


def test_working_days_skip_holidays_and_count_made_up_days():
    calendar = registry.calendar()
    assert not calendar.is_working_day(date(2026, 1, 1))
    assert calendar.is_working_day(date(2026, 1, 4))  # a Sunday, made up for New Year
    friday = datetime(2026, 3, 13, 2, tzinfo=UTC)
    assert calendar.add_working_days(friday, 1) == datetime(2026, 3, 16, 16, tzinfo=UTC)


def test_a_year_not_announced_yet_has_the_days_off_of_the_law():
    calendar = registry.calendar()
    year = min(calendar.unannounced)
    off = [day for day in calendar.holidays if day.year == year]
    assert not calendar.is_working_day(date(year, 10, 1))
    assert 12 <= len(off) <= 13  # two feasts may fall on one day


def test_an_announced_year_replaces_the_days_of_the_law(site_packs):
    year = min(registry.calendar().unannounced)
    row = f"[[year]]\nyear = {year}\nholidays = [{year}-10-04]\nworkdays = []\n"
    (site_packs / "own.toml").write_text(HEAD + row, "utf-8")
    calendar = registry.calendar.__wrapped__()  # what stands there now, not what was read before
    assert year not in calendar.unannounced
    assert [day for day in calendar.holidays if day.year == year] == [date(year, 10, 4)]


def test_the_calendar_fails_loudly_past_its_last_year():
    calendar = registry.calendar()
    with pytest.raises(Invalid) as refused:
        calendar.is_working_day(date(max(calendar.years) + 1, 5, 4))
    assert refused.value.code == "calendar.no_year"


MEASURE = '[[measure]]\nkey = "stay"\ntitle = "x"\ntitle_en = "x"\nmax_days = 14\nbasis = "law"\n'


@pytest.mark.parametrize(
    "gap", ["max_days = 14\n", 'basis = "law"\n', 'services = ["food"]\n', "appeal_hours = 24\n"]
)
def test_an_order_without_end_basis_services_or_appeal_does_not_load(tmp_path, gap):
    whole = MEASURE + 'services = ["food"]\nappeal_hours = 24\n'
    file = tmp_path / "t.toml"
    file.write_text(HEAD + whole, encoding="utf-8")
    assert registry.read_pack(file).rows("measure").keys() == {"stay"}
    file.write_text(HEAD + whole.replace(gap, ""), encoding="utf-8")
    with pytest.raises(Invalid, match=r"pack.order_open"):
        registry.read_pack(file)


@pytest.mark.parametrize("row", ['native_place = "x"', 'group = "religion"', 'group = "户籍"'])
def test_a_rule_that_asks_for_what_must_not_exist_does_not_load(tmp_path, row):
    file = tmp_path / "t.toml"
    text = f'[[criterion]]\nkey = "k"\ntitle = "x"\ntitle_en = "x"\n{row}\n'
    file.write_text(HEAD + text + ("" if "group" in row else 'group = "epi"\n'), encoding="utf-8")
    with pytest.raises(Invalid, match=r"pack.forbidden"):
        registry.read_pack(file)


def test_a_test_outside_its_segment_does_not_load(tmp_path):
    file = tmp_path / "t.toml"
    file.write_text(
        HEAD + '[[plan]]\nkey = "close"\ntitle = "x"\ntitle_en = "x"\nanchor = "onset"\n'
        'segments = [{place = "home", days = 7, tests = [8]}]\n',
        encoding="utf-8",
    )
    with pytest.raises(Invalid, match=r"pack.segment"):
        registry.read_pack(file)


def test_rules_for_one_disease_hold_for_it_alone():
    for disease, edition in (("covid19", "cn.covid19.control"), ("mumps", "cn.general.control")):
        at = datetime(2022, 8, 1, tzinfo=UTC)
        assert registry.edition("control-plan", at, disease=disease).id == edition
    with pytest.raises(NotFound, match=r"pack.no_edition"):
        registry.edition("nothing", NOON)


def test_the_difference_of_two_editions_is_told_rule_by_rule():
    ninth, twenty = (registry.by_edition(f"cn.covid19.control@{v}") for v in ("9", "20"))
    found = {(c.table, c.key, c.field): (c.before, c.after) for c in diff(ninth, twenty)}
    assert found["zone", "high", "lift_days"] == (7, 5)
    assert found["value", "contact.level2", "value"] == (True, False)
    assert found["plan", "level2", "anchor"] == ("last_exposure", None)
    assert diff(ninth, ninth) == ()


def test_an_unverified_rule_carries_its_mark():
    pack = registry.by_edition("cn.covid19.control@9")
    assert pack.clocks[-1].mark == "recalled"
