"""The day of a meeting and its year: told, resolved from what stands beside it, or left open."""

from datetime import date

import pytest

from bihuan.intake.communique import Communique, Hint, read


def paper(opening: str, *, before: str = "", after: str = "") -> str:
    return (
        f"{before}云溪县召开防汛会议\n{opening},云溪县召开防汛会议,县长周朗主持会议。"
        f"周朗要求,各乡镇要上足人手。{after}"
    )


def days(text: str, hint: Hint | None = None) -> tuple[str, ...]:
    return only(text, hint).dates


def only(text: str, hint: Hint | None = None) -> Communique:
    (record,) = read(text, hint=hint)
    return record


def test_a_date_without_any_sign_of_the_year_stays_open() -> None:
    record = only(paper("3月29日"))
    assert record.dates == ("XXXX-03-29",)
    assert "year_open" in record.warnings


def test_the_year_comes_from_the_publication_and_not_from_the_crawl() -> None:
    assert days(paper("3月29日", before="发布时间:2022-03-30 来源:县府办\n")) == ("2022-03-29",)
    assert days(paper("3月29日", before="今天是2024年5月6日 星期一\n")) == ("XXXX-03-29",)


def test_a_december_meeting_published_in_january_was_last_year() -> None:
    assert days(paper("12月30日", before="发布时间:2023-01-02\n")) == ("2022-12-30",)


def test_the_year_stands_beside_the_same_day_elsewhere() -> None:
    text = paper("3月29日", after="自2022年3月29日20时起启动四级响应。")
    assert days(text) == ("2022-03-29",)


@pytest.mark.parametrize(
    ("year", "weekday"), [(2021, "一"), (2022, "二"), (2023, "三"), (2024, "五")]
)
def test_a_weekday_picks_the_year_out_of_the_last_five(year: int, weekday: str) -> None:
    text = paper(f"3月29日(星期{weekday})")
    assert days(text, Hint(latest=date(2025, 1, 1))) == (f"{year}-03-29",)


def test_a_weekday_alone_leaves_the_year_open() -> None:
    assert days(paper("3月29日(星期二)")) == ("XXXX-03-29",)


def test_a_weekday_and_one_year_that_the_text_speaks_of_agree_or_leave_it_open() -> None:
    speaks = "2022年以来雨水偏多。"
    assert days(paper("3月29日(星期二)", after=speaks)) == ("2022-03-29",)
    assert days(paper("3月29日(星期三)", after=speaks)) == ("XXXX-03-29",)


@pytest.mark.parametrize(
    ("written", "day"),
    [("6月3日(端午节)", "2022-06-03"), ("9月29日(中秋节)", "2023-09-29"), ("2月11日(除夕)", "2021-02-11"),
     ("2月5日(元宵节)", "2023-02-05")],
)  # fmt: skip
def test_a_lunar_feast_on_a_solar_day_has_one_year(written: str, day: str) -> None:
    assert days(paper(written)) == (day,)


@pytest.mark.parametrize(
    ("written", "day"),
    [("大年初四晚", "2020-01-28"), ("正月初二下午", "2020-01-26"), ("除夕夜", "2020-01-24"),
     ("正月十五上午", "2020-02-08")],
)  # fmt: skip
def test_a_lunar_day_becomes_a_date_when_the_publication_is_near(written: str, day: str) -> None:
    assert days(paper(written, before="发布时间:2020-02-08\n")) == (day,)
    assert days(paper(written, before="发布时间:2020-06-08\n")) == ()
    assert days(paper(written)) == ()


@pytest.mark.parametrize(
    ("sister", "written", "day"),
    [(date(2022, 3, 28), "3月29日", "2022-03-29"), (date(2022, 1, 3), "12月30日", "2021-12-30"),
     (date(2021, 12, 30), "1月4日", "2022-01-04"), (date(2022, 3, 28), "8月4日", "XXXX-08-04")],
)  # fmt: skip
def test_a_sister_meeting_within_a_month_lends_its_year(
    sister: date, written: str, day: str
) -> None:
    assert days(paper(written), Hint(sister_dates=(sister,))) == (day,)


def test_a_borrowed_year_is_not_certain() -> None:
    record = only(paper("3月29日"), Hint(sister_dates=(date(2022, 3, 28),)))
    (fact,) = (one for one in record.facts if one.field == "date")
    assert (fact.source, fact.certain) == ("context", False)


def test_recently_and_yesterday_without_a_day_are_no_date() -> None:
    assert days(paper("近日", before="发布时间:2022-03-30\n")) == ()
