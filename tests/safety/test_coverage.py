"""A campaign over several sectors: its figures, and its cube of places, sectors and time (M116)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotFound
from bihuan.core.loops.models import Problem
from bihuan.core.orgs.models import Venue
from bihuan.safety.models import Assignment, Checklist, Establishment, Hazard, Inspection
from bihuan.safety.rules.coverage import Cell, week_ends
from bihuan.safety.selectors.coverage import cube
from bihuan.safety.selectors.establishments import Wanted, establishments
from bihuan.safety.selectors.inspections import campaign_figures
from bihuan.safety.services.checklists import NewChecklist, plain_items, write_checklist
from bihuan.safety.services.hazards import Grading, grade_hazard
from bihuan.safety.services.inspections import (
    NewCampaign,
    answer_item,
    begin_inspection,
    end_campaign,
    end_inspection,
    open_campaign,
)
from bihuan.safety.services.programmes import set_phase
from bihuan.safety.services.teams import hand_out
from tests.conftest import NOON
from tests.safety.conftest import establish, of_factory

DAY = timedelta(days=1)
TODAY = local_date(NOON)
SECTORS = ("industry_trade", "waterway", "fire_safety")
KINDS = dict(zip(SECTORS, ("workshop", "ferry", "three_in_one"), strict=True))


def lists(world, sectors=SECTORS):
    for sector in sectors:
        items = plain_items([("安全出口", "出口锁闭")])
        write_checklist(given=NewChecklist(sector, sector, sector, items), by=world.county, at=NOON)


def campaign(world, sectors=SECTORS, by="county", days=29):
    given = NewCampaign("大排查大整治", sectors, TODAY, TODAY + days * DAY)
    return open_campaign(given=given, by=world.actor(by), at=NOON)


def look(world, place, row=None, answer="fine", by="county", at=NOON):
    ask = {"by": world.actor(by), "at": at}
    checklist = Checklist.objects.get(code=place.sector)
    made = begin_inspection(establishment_id=place.pk, checklist_id=checklist.pk,
                            campaign_id=row and row.pk, **ask)  # fmt: skip
    answer_item(inspection_id=made.pk, item="1", answer=answer, **ask)
    return end_inspection(inspection_id=made.pk, **ask)


def many(world, counts):
    """Places of some sectors at once, all in one township."""
    area, issuer = world.places["990101001"], world.county.org_id
    codes = [code for code, n in counts.items() for _ in range(n)]
    venues = Venue.objects.bulk_create(
        Venue(name=f"场所{n}", kind=KINDS[code], sector_id=code, place=area, scope=area.path)
        for n, code in enumerate(codes)
    )
    Establishment.objects.bulk_create(
        Establishment(venue=venue, kind_id=venue.kind, sector=venue.sector_id, scope=area.path,
                      issuer_org_id=issuer, created_at=NOON) for venue in venues
    )  # fmt: skip


def test_a_campaign_of_several_sectors_over_2000_units_ends_only_when_all_is_graded(
    world, django_assert_max_num_queries
):
    place = of_factory(world)
    many(world, {"industry_trade": 999, "waterway": 600, "fire_safety": 400})
    lists(world)
    with django_assert_max_num_queries(20):  # however many places
        row = campaign(world)
    with django_assert_max_num_queries(30):
        hand_out(campaign_id=row.pk, post_ids=(), by=world.county, at=NOON)
    stops = Assignment.objects.filter(campaign=row)
    assert stops.count() == 2_000
    assert {(stop.checklist.sector_id, stop.establishment.sector) for stop in
            stops.select_related("checklist", "establishment")} == {(s, s) for s in SECTORS}  # fmt: skip
    look(world, place, row, "gap")
    found = cube(row, by=world.county, at=NOON)
    assert (found.whole.checked, found.whole.total, found.whole.share) == (1, 2_000, "<1%")
    assert {one.pk: (cell.checked, cell.total) for one, cell in found.sums} == {
        "industry_trade": (1, 1_000), "waterway": (0, 600), "fire_safety": (0, 400)}  # fmt: skip
    figures = campaign_figures(row, by=world.county, at=NOON)
    assert (figures.ungraded, figures.major, figures.closing) == (1, 0, 0.0)
    with pytest.raises(Conflict):
        end_campaign(campaign_id=row.pk, by=world.county, at=NOON)
    late = NOON + 31 * DAY
    with pytest.raises(MoveBlocked, match="ungraded"):
        end_campaign(campaign_id=row.pk, by=world.county, at=late)
    grading = Grading("fire.exit", "停用", world.factory.post_id)
    hazard = grade_hazard(
        hazard_id=Hazard.objects.get().pk, given=grading, by=world.county, at=NOON
    )
    assert campaign_figures(row, by=world.county, at=late).major == 1
    # A major hazard without its interim measure is refused by the database itself.
    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.objects.filter(pk=hazard.pk).update(interim="")
    assert end_campaign(campaign_id=row.pk, by=world.county, at=late).ended_at == late
    with pytest.raises(Conflict):
        look(world, place, row, at=late)


def test_a_campaign_has_at_least_one_sector_all_of_them_known_and_each_once(world):
    of_factory(world)
    with pytest.raises(Invalid, match=r"campaign\.sectors"):
        campaign(world, ())
    with pytest.raises(NotFound, match=r"sector\.not_found"):
        campaign(world, ("industry_trade", "nothing"))
    with pytest.raises(Invalid, match=r"campaign\.no_places"):
        campaign(world, ("waterway",))
    assert campaign(world, ("waterway", "industry_trade", "waterway")).sectors == [
        "waterway", "industry_trade"]  # fmt: skip


def test_what_has_no_list_of_its_sector_is_named_and_nothing_is_handed_out(world):
    of_factory(world)
    establish(world, name="东渡口", kind="ferry")
    row = campaign(world)  # of fire safety there is no place, so no list is missed
    lists(world, ("industry_trade",))
    with pytest.raises(Invalid, match="no_list") as refused:
        hand_out(campaign_id=row.pk, post_ids=(), by=world.county, at=NOON)
    assert refused.value.facts["name"] == "水上交通"
    assert not Assignment.objects.exists()


def test_the_cube_has_places_below_by_sector_with_sums_and_what_lies_in_none_of_them(
    world, django_assert_num_queries
):
    own = of_factory(world)  # at the county itself
    first = establish(world, name="一号车间")
    establish(world, name="二号车间")
    ferry = establish(world, name="东渡口", kind="ferry", code="990101002")
    lists(world)
    row = campaign(world)
    look(world, own, row)
    look(world, first, row, "gap")
    look(world, first, row)  # a second look at it is no second place
    county = world.county
    with django_assert_num_queries(7):
        found = cube(row, by=county, at=NOON)
    told = {
        line.place.name if line.place else "": [
            (one.pk, cell.checked, cell.total) for one, cell in line.cells if cell.total
        ] for line in found.lines
    }  # fmt: skip
    assert told == {
        "": [("industry_trade", 1, 1)], "码头镇": [("industry_trade", 1, 2)],
        "沙丘镇": [("waterway", 0, 1)],
    }  # fmt: skip
    assert [line.whole.band for line in found.lines] == ["none", "half", "full"]
    assert [(line.found, line.open) for line in found.lines] == [(0, 0), (1, 1), (0, 0)]
    assert (found.whole.checked, found.whole.total) == (2, 4)
    unseen, _more = establishments(by=world.county, wanted=Wanted(
        unseen=str(row.pk), under=ferry.scope, sector="waterway"))  # fmt: skip
    assert [one.name for one in unseen] == ["东渡口"]
    Establishment.objects.filter(pk=own.pk).update(closed_at=NOON)
    assert cube(row, by=world.county, at=NOON).whole == Cell(1, 3)


def test_each_reader_has_their_own_part_a_department_its_sectors_alone(world):
    establish(world, name="一号车间")
    establish(world, name="东渡口", kind="ferry", code="990101002")
    row = campaign(world)
    (town,) = cube(row, by=world.township2, at=NOON).lines
    assert (town.place, town.path, town.whole) == (None, world.township2.scope, Cell(0, 1))
    assert {line.place.name for line in cube(row, by=world.head, at=NOON).lines} == {
        "码头镇", "沙丘镇"}  # fmt: skip
    builder = world.builder  # of construction, which is not among the sectors
    nothing = cube(row, by=builder, at=NOON)
    assert (nothing.lines, nothing.whole) == ((), Cell())


def test_the_third_axis_tells_what_was_checked_by_the_end_of_each_week_or_phase(world):
    places = [establish(world, name=f"{n}号车间") for n in range(3)]
    lists(world)
    row = campaign(world)
    look(world, places[0], row)
    look(world, places[1], row, at=NOON + 8 * DAY)
    later = NOON + 16 * DAY
    weeks = cube(row, by=world.county, at=later)
    assert (weeks.axis, weeks.axes) == ("week", ("week",))
    assert [(one.key, one.whole.checked) for one in weeks.slices] == [("1", 1), ("2", 2), ("3", 2)]
    first = cube(row, by=world.county, at=later, upto="1")
    assert (first.whole, first.now, first.upto) == (Cell(1, 3), Cell(2, 3), "1")
    assert {one.pk: cell for one, cell in first.sums}["industry_trade"] == Cell(1, 3)
    for kind, start, end in (("start", 0, 6), ("attack", 7, 20), ("consolidate", 21, 29)):
        set_phase(campaign_id=row.pk, kind=kind, starts=TODAY + start * DAY,
                  ends=TODAY + end * DAY, by=world.county, at=NOON)  # fmt: skip
    phases = cube(row, by=world.county, at=later)
    assert (phases.axis, phases.axes) == ("phase", ("phase", "week"))
    assert [(one.key, one.whole.checked) for one in phases.slices] == [("start", 1), ("attack", 2)]
    assert len(cube(row, by=world.county, at=later, axis="week").slices) == 3


def test_a_look_by_another_office_does_the_stop_and_counts_for_the_campaign(world):
    place = establish(world, name="码头车间")
    other = establish(world, name="另一车间")
    lists(world)
    row = campaign(world)
    community = world.community.post_id
    hand_out(campaign_id=row.pk, post_ids=(community,), by=world.county, at=NOON)
    look(world, place, by="township")
    stop = Assignment.objects.get(establishment=place)
    made = Inspection.objects.get()
    assert (stop.post_id, stop.inspection_id, made.campaign_id) == (community, made.pk, row.pk)
    assert cube(row, by=world.county, at=NOON).whole == Cell(1, 2)
    assert Assignment.objects.get(establishment=other).inspection_id is None


def test_who_inspects_itself_does_no_stop_of_an_authority(world):
    place = of_factory(world)
    lists(world)
    row = campaign(world)
    hand_out(campaign_id=row.pk, post_ids=(), by=world.county, at=NOON)
    look(world, place, by="factory")
    assert Assignment.objects.get().inspection_id is None
    assert cube(row, by=world.county, at=NOON).whole == Cell(0, 1)


@pytest.mark.parametrize(
    ("checked", "total", "share", "band"),
    [(0, 0, "—", ""), (0, 9, "0%", "none"), (1, 2_000, "<1%", "little"), (1, 2, "50%", "half"),
     (1_999, 2_000, "99%", "most"), (2, 2, "100%", "full")],
)  # fmt: skip
def test_a_cell_says_100_of_all_alone_and_0_of_none_alone(checked, total, share, band):
    cell = Cell(checked, total)
    assert (cell.share, cell.band, cell.left) == (share, band, total - checked)


def test_weeks_are_those_begun_and_the_last_ends_with_the_campaign():
    starts, ends = date(2026, 3, 2), date(2026, 3, 18)
    assert week_ends(starts, ends, date(2026, 3, 1), most=9) == []
    assert week_ends(starts, ends, date(2026, 3, 2), most=9) == [(1, date(2026, 3, 8))]
    assert week_ends(starts, ends, date(2026, 12, 1), most=2) == [
        (2, date(2026, 3, 15)), (3, date(2026, 3, 18))]  # fmt: skip
