"""The golden vectors of the fact base: what each edition means, day by day."""

from datetime import UTC, date, datetime

import pytest

from bihuan.core.clock import TZ, day_end
from bihuan.core.errors import NotFound
from bihuan.core.packs import registry
from bihuan.core.packs.diseases import disease, report_limit
from bihuan.epidemic.rules.lint import Draft, lint
from bihuan.epidemic.rules.plans import switched, timeline
from bihuan.epidemic.rules.testing import round_needs
from bihuan.epidemic.rules.zones import steps


def on(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TZ).astimezone(UTC)


def control(text: str, code: str = "covid19"):
    return registry.edition("control-plan", on(text), disease=code)


def days(year: int, *marks: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(f"{year}-{mark}") for mark in marks)


def spans(plan):
    return [(s.place, s.first, s.last) for s in plan.segments]


def test_t1_a_contact_under_the_ninth_edition():
    plan = timeline(control("2022-11-09"), "close", anchor=date(2022, 11, 8))
    first, last, home, end = days(2022, "11-09", "11-15", "11-16", "11-18")
    assert spans(plan) == [("central_isolation", first, last), ("home_monitoring", home, end)]
    assert plan.tests == days(2022, "11-09", "11-10", "11-11", "11-13", "11-15", "11-18")
    assert plan.release_at == day_end(date(2022, 11, 18))


def test_t2_the_same_person_under_the_twenty_measures():
    plan = timeline(control("2022-11-11"), "close", anchor=date(2022, 11, 8))
    assert [s.place for s in plan.segments] == ["central_isolation", "home_isolation"]
    assert plan.tests == days(2022, "11-09", "11-10", "11-11", "11-13", "11-14", "11-16")
    assert plan.last == date(2022, 11, 16)


def test_t3_a_shorter_edition_takes_over_and_nothing_served_is_lost():
    before = timeline(control("2022-11-10"), "close", anchor=date(2022, 11, 8))
    change = switched(before, control("2022-11-11"), on=date(2022, 11, 11))
    assert (change.days, change.adopted) == (-2, True)
    assert change.after.anchor == before.anchor


def test_a_longer_edition_does_not_lengthen_an_open_stay():
    before = timeline(control("2022-11-11"), "close", anchor=date(2022, 11, 8))
    change = switched(before, control("2022-11-10"), on=date(2022, 11, 12))
    assert (change.days, change.adopted) == (2, False)


def test_a_class_that_is_managed_no_more_is_free_at_once():
    before = timeline(control("2022-11-10"), "level2", anchor=date(2022, 11, 8))
    change = switched(before, control("2022-11-11"), on=date(2022, 11, 11))
    assert change.after is None
    assert change.days == -4


def test_t4_a_contact_under_the_eighth_edition():
    plan = timeline(control("2022-03-21"), "close", anchor=date(2022, 3, 20))
    assert plan.tests == days(2022, "03-21", "03-24", "03-27", "04-03", "04-05", "04-10")
    assert plan.segments[0].last == date(2022, 4, 3)
    assert plan.last == date(2022, 4, 10)


def test_t5_a_contact_under_the_ten_measures_stays_at_home():
    plan = timeline(control("2022-12-09"), "close", anchor=date(2022, 12, 8))
    assert spans(plan) == [("home_isolation", date(2022, 12, 9), date(2022, 12, 13))]
    assert plan.tests == (date(2022, 12, 13),)


def test_t6_who_is_found_late_makes_up_one_test_and_ends_on_the_same_day():
    pack = control("2022-11-10")
    plan = timeline(pack, "close", anchor=date(2022, 11, 8), found=date(2022, 11, 12))
    assert plan.tests == days(2022, "11-12", "11-13", "11-15", "11-18")
    assert plan.entry_test == date(2022, 11, 12)
    assert plan.last == date(2022, 11, 18)


def test_t7_a_high_zone_falls_and_ends_by_its_edition():
    ninth = steps(control("2022-07-04"), "high", last_case=date(2022, 7, 3))
    assert [(s.level, s.last) for s in ninth] == [
        ("high", date(2022, 7, 10)), ("mid", date(2022, 7, 13)),
    ]  # fmt: skip
    twenty = steps(control("2022-11-12"), "high", last_case=date(2022, 7, 3))
    assert [(s.level, s.last) for s in twenty] == [("high", date(2022, 7, 8))]


@pytest.mark.parametrize(
    ("people", "samplers", "sites", "tubes", "pooled_20"),
    [(500_000, 1_389, (167, 250), 50_000, 25_000), (1_000_000, 2_778, (334, 500), 100_000, 50_000),
     (18_000_000, 50_000, (6_000, 9_000), 1_800_000, 900_000)],
)  # fmt: skip
def test_t10_a_round_of_a_million_takes_2778_samplers_and_100000_tubes(
    people, samplers, sites, tubes, pooled_20
):
    guideline = registry.edition("testing-guideline", on("2022-04-01"), disease="covid19")
    needs = round_needs(guideline, people=people)
    assert (needs.samplers, needs.sites, needs.tubes) == (samplers, sites, tubes)
    assert round_needs(guideline, people=people, pool=20).tubes == pooled_20


def test_t12_chikungunya_is_a_class_b_card_from_its_first_day_on_the_list():
    before, after = on("2026-03-31T10:00"), on("2026-04-01T10:00")
    assert report_limit(disease("chik", before), before) is None
    limit = report_limit(disease("chik", after), after)
    assert (disease("chik", after).group, limit.hours) == ("B", 24)


@pytest.mark.parametrize("code", ["sars", "anthrax_lung"])
def test_t13_a_suspect_of_class_a_rules_is_reported_within_two_hours(code):
    found = on("2026-05-01T10:00")
    due, _ = registry.due("epidemic.class_a", found)
    assert disease(code, found).strict
    assert due == on("2026-05-01T12:00")


def test_t14_an_order_over_everybody_is_blocked_by_rule_and_by_template():
    draft = Draft(measures=("stay_in",), days=14, person_class="everybody", plan_days=14,
                  missing=("end", "help_line"))  # fmt: skip
    found = {finding.rule for finding in lint(draft, control("2022-07-01"))}
    assert {"N4", "N5", "template.end", "template.help_line"} <= found


def test_an_order_within_the_rule_is_not_blocked():
    draft = Draft(measures=("stay_in",), days=7, person_class="close", plan_days=10,
                  zone_level="high", limits_travel=True)  # fmt: skip
    assert lint(draft, control("2022-07-01")) == ()


def test_the_list_counts_what_the_announcements_count():
    for text, total in (("2020-02-01", 40), ("2023-10-01", 41), ("2025-10-01", 40),
                        ("2026-05-01", 42)):  # fmt: skip
        pack = registry.edition("disease-list", on(text))
        counted = [r for r in pack.tables["disease"] if r["class"] and r["key"] != "anthrax"]
        assert len(counted) == total, text


def test_covid_is_managed_as_a_until_the_day_it_is_not():
    assert disease("covid19", on("2023-01-07T12:00")).strict
    assert not disease("covid19", on("2023-01-08T12:00")).strict


def test_a_disease_without_its_own_plan_falls_back_on_the_general_rules():
    assert control("2026-05-01", "mumps").id == "cn.general.control"
    assert control("2026-05-01", "chik").value_of("contact.model") == "vector"


def test_a_disease_nobody_lists_is_refused():
    with pytest.raises(NotFound, match=r"disease.not_listed"):
        disease("dragon", on("2026-05-01"))
