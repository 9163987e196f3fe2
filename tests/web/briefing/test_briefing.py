"""Situations, judgements and reports through HTTP."""

import re
from datetime import timedelta
from io import BytesIO

import docx
import pypdf
import pytest

from bihuan.core.clock import local, local_date
from bihuan.core.places.services import set_population
from bihuan.epidemic.models import Case, CaseClass, Charge, Judgement, SituationReport
from bihuan.epidemic.selectors.situation import known_cases
from bihuan.epidemic.services.cases import classify_case
from tests.epidemic.builders import add_health
from tests.epidemic.conftest import make_event


@pytest.fixture
def health(world):
    return add_health(world)


@pytest.fixture
def event(health, at):
    return make_event(health, at - timedelta(days=30))


def cases(world, event, at, counts, *, place="990101001001", **changes) -> list[Case]:
    """Cases by day of onset, the last count is today's; each is reported the day after, in time."""
    home = world.places[place]
    made = []
    for back, n in enumerate(reversed(counts)):
        for _ in range(n):
            seen = at - timedelta(days=back, hours=1)
            given = {
                "event": event, "pseudonym": f"T{Case.objects.count() + len(made):011d}",
                "place": home, "scope": home.path, "kind": "confirmed", "age_band": "15-44",
                "onset": local_date(seen) - timedelta(days=1), "diagnosed_at": seen,
                "reported_at": seen, "found_in": "clinic", "reporter_org_id": world.cdc.org_id,
                "expires_at": at + timedelta(days=180),
            }  # fmt: skip
            made.append(Case(**(given | changes)))
    rows = Case.objects.bulk_create(made)
    CaseClass.objects.bulk_create(
        CaseClass(case=row, at=row.reported_at, kind=row.kind, edition="x", by="x") for row in rows
    )
    return rows


def test_the_page_tells_stock_share_and_too_few(health, event, enter, at):
    cases(health, event, at, [1, 0, 2])
    cases(health, event, at, [1], found_in="isolation")
    text = enter("cdc").get(f"/epidemic/events/{event.pk}/situation/").content.decode()
    assert "病例太少,不作估计" in text
    assert "社会面 2,管控中 1" in text
    assert "data-band-chart" in text


def test_the_week_is_told_by_source_and_stock_and_chains_only_to_who_reads_cases(
    health, event, enter, at
):
    cases(health, event, at, [1, 0, 2])
    cases(health, event, at, [1], found_in="isolation")
    address = f"/epidemic/events/{event.pk}/situation/"
    text = enter("cdc").get(address).content.decode()
    assert "新增 4 例:管控中 1,社会面 3" in text
    assert "4 = 新增 4 − 治愈 0 − 死亡 0" in text
    assert "未阻断的传播链" in text
    assert "未阻断的传播链" not in enter("head").get(address).content.decode()


def test_a_growing_outbreak_has_a_number_with_its_interval(health, event, enter, at):
    cases(health, event, at, [2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 23])
    text = enter("head").get(f"/epidemic/events/{event.pk}/situation/").content.decode()
    assert "90%:" in text
    assert "未出现拐点" in text


def test_the_past_is_shown_as_it_was_known_then(health, event, enter, at):
    (case, *_rest) = cases(health, event, at, [2, 0])
    early = at - timedelta(hours=20)
    classify_case(case_id=case.pk, kind="excluded", findings=frozenset(), reason="复核阴性",
                  by=health.cdc, at=at)  # fmt: skip
    scope = health.places["990101"].path
    assert len(known_cases(at=early, scope=scope, event=event)) == 2
    assert len(known_cases(at=at, scope=scope, event=event)) == 1
    page = enter("cdc").get(
        f"/epidemic/events/{event.pk}/situation/", {"as_of": f"{local(early):%Y-%m-%d %H:%M}"}
    )
    assert page.status_code == 200


def test_cured_and_dead_leave_the_stock(health, event, at):
    rows = cases(health, event, at, [3, 0])
    for row, outcome in zip(rows, ("cured", "died"), strict=False):
        Charge.objects.create(
            pseudonym=row.pseudonym, event=event, case=row, place=row.place, scope=row.scope,
            chain=row.pk, age_band="15-44", need="bed", need_since=row.reported_at, advised="bed",
            need_rule="x", decided_by="x", opened_at=row.reported_at, outcome=outcome,
            closed_at=at, expires_at=row.expires_at,
        )  # fmt: skip
    found = known_cases(at=at, scope=event.scope, event=event)
    assert sorted(c.outcome for c in found) == ["", "cured", "died"]
    assert sum(c.here(local_date(at)) for c in found) == 1


def test_a_judgement_is_signed_by_another_and_its_versions_stay(health, event, enter, at):
    author, other, chief = enter("cdc"), enter("cdc2"), enter("head")
    given = {"known_at": "11:00", "text": "疫情处于早期,传播链清楚,风险可控。"}
    assert author.post(f"/epidemic/events/{event.pk}/judge/", given).status_code == 302
    first = Judgement.objects.get()
    author.post(f"/epidemic/judgements/{first.pk}/sign/")
    assert Judgement.objects.get().signed_at is None
    author.post(f"/epidemic/events/{event.pk}/judge/", given | {"text": "补充:出现不明来源病例。"})
    other.post(f"/epidemic/judgements/{first.pk}/sign/")
    assert not Judgement.objects.exclude(signed_at=None).exists(), "only the latest is signed"
    second = Judgement.objects.get(version=2)
    other.post(f"/epidemic/judgements/{second.pk}/sign/")
    page = chief.get(f"/epidemic/events/{event.pk}/situation/").content.decode()
    assert "补充:出现不明来源病例。" in page
    assert "疫情处于早期" in page


def test_one_entry_feeds_page_pdf_and_word(health, event, enter, at):
    cases(health, event, at, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    cdc = enter("cdc")
    made = cdc.post(f"/epidemic/events/{event.pk}/reports/?kind=daily", {"known_at": "11:30"})
    page = cdc.get(made["Location"]).content.decode()
    row = SituationReport.objects.get()
    pdf = cdc.get(f"{made['Location']}?form=pdf")
    text = "".join(p.extract_text() for p in pypdf.PdfReader(BytesIO(pdf.content)).pages)
    word = docx.Document(BytesIO(cdc.get(f"{made['Location']}?form=docx").content))
    cells = [c.text for table in word.tables for r in table.rows for c in r.cells]
    for figure in ("66", "码头镇聚集性发热"):
        assert figure in page
        assert figure in text.replace(" ", "") or figure in text
    assert "66" in cells
    assert (row.late_minutes, row.version) == (0, 1)
    assert row.digest in page


def test_a_report_that_went_out_is_never_changed(health, event, enter, at):
    enter("cdc").post(f"/epidemic/events/{event.pk}/reports/?kind=daily", {"known_at": "11:30"})
    row = SituationReport.objects.get()
    row.content = {}
    with pytest.raises(Exception, match="never changed"):
        row.save()


def test_a_late_first_report_is_taken_with_its_minutes_and_reason(health, enter, at):
    event = make_event(health, at - timedelta(hours=3, minutes=10))
    cdc, address = enter("cdc"), f"/epidemic/events/{event.pk}/reports/?kind=first"
    given = {"known_at": "11:30", "source": "哨点医院电话", "measures": "已隔离"}
    page = cdc.post(address, given)
    assert "已迟 70 分钟" in page.content.decode()
    assert "应报未报" in page.content.decode()
    assert cdc.post(address, given | {"late_reason": "网络中断"}).status_code == 302
    row = SituationReport.objects.get()
    assert (row.late_minutes, row.late_reason) == (70, "网络中断")


def test_a_first_report_asks_what_only_a_person_knows(health, event, enter, at):
    cdc = enter("cdc")
    page = cdc.post(f"/epidemic/events/{event.pk}/reports/?kind=first", {"known_at": "11:30"})
    assert page.status_code == 200
    final = cdc.post(f"/epidemic/events/{event.pk}/reports/?kind=final",
                     {"known_at": "11:30", "cause": "a", "measures": "b", "lessons": "c"})  # fmt: skip
    assert "事件尚未终止" in final.content.decode()
    assert not SituationReport.objects.exists()


@pytest.mark.parametrize("who", ["police", "factory", "clinic"])
def test_enforcement_and_enterprises_see_no_situation(health, event, enter, who):
    for address in ("situation/", "reports/"):
        assert enter(who).get(f"/epidemic/events/{event.pk}/{address}").status_code == 403


def test_the_public_sees_no_small_figure_and_none_that_gives_one_away(
    health, event, client, at, monkeypatch
):
    monkeypatch.setattr("bihuan.api.public.read_clock", lambda: at)
    cases(health, event, at, [3, 0])
    cases(health, event, at, [20, 0], place="990102")
    cases(health, event, at, [30, 0], place="9902")
    text = client.get("/measures/figures/?disease=unknown").content.decode()
    told = client.get("/api/v1/public/figures?disease=unknown&week=2026-03-09").json()
    days = {row["place"]: row["days"] for row in told["rows"]}
    assert "少于 5" in text
    assert (days["港城县"], days["丘山县"]) == ([None], [None]), "the sister would tell it"
    assert (days["北原市"], days["南渡市"], days["云岭省"]) == ([23], [30], [53])
    assert '<td>港城县</td><td class="num">*</td>' in text


def test_figures_of_a_distant_week_are_not_given(health, event, client):
    answer = client.get("/measures/figures/?week=1999-01-01")
    assert answer.status_code == 422


def test_near_zero_rests_on_the_registered_population_of_the_moment(health, event, enter, at):
    cases(health, event, at, [20, 20, 20, 20])
    page = f"/epidemic/events/{event.pk}/situation/"
    cdc = enter("cdc")
    assert "登记人口后判断" in cdc.get(page).content.decode()
    ask = {"place": health.places["990101"], "year": 2025, "source": "统计年鉴", "by": health.admin}
    set_population(value=2_400_000, at=at - timedelta(days=2), **ask)
    text = cdc.get(page).content.decode()
    assert "人口 2400000(2025 年,统计年鉴)" in text
    assert re.search(r"基本清零</dt><dd>已达到", text), "20 a day is less than 24"
    set_population(value=1_900_000, at=at - timedelta(hours=2), **ask)
    assert re.search(r"基本清零</dt><dd>未达到", cdc.get(page).content.decode())
    before = f"{local(at - timedelta(days=1)):%Y-%m-%d %H:%M}"
    assert "人口 2400000" in cdc.get(page, {"as_of": before}).content.decode()
