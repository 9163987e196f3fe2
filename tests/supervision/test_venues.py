"""A list of key venues comes in with its four parties: a report first, then the act (M015)."""

import pytest

from bihuan.core.errors import Conflict, Invalid, NotAllowed
from bihuan.core.orgs.models import Org, SectorOwner, Slot, Venue
from bihuan.core.orgs.services import cover_venue
from bihuan.supervision.services.uploads import stage
from bihuan.supervision.services.venues import bring_venues, preview_venues
from bihuan.web.situation.duties import duties
from tests.conftest import NOON

HEAD = "场所名称,场所类别,所在地代码,所属行业,主管部门,经营单位,个人责任\n"


def staged(world, *lines, who="county", head=HEAD):
    data = (head + "\n".join(lines)).encode()
    return stage(kind="venues", file_name="v.csv", data=data, given={}, by=world.actor(who),
                 at=NOON).pk  # fmt: skip


def brought(world, *lines, who="county", **options):
    pk = staged(world, *lines, who=who, **options)
    return bring_venues(upload_id=pk, by=world.actor(who), at=NOON)


def test_of_500_venues_the_37_without_a_department_are_listed(world):
    run_by = Org.objects.get(kind="department")
    SectorOwner.objects.create(sector_id="construction", place=world.places["99"], org=run_by)
    lines = [f"工地{n},site,990101001,{'' if n < 37 else '建筑施工'},,,进场实名登记"
             for n in range(500)]  # fmt: skip
    report = brought(world, *lines)
    assert (report.added, report.changed, report.refusals) == (500, 0, ())
    missing = [row for row in duties(path=world.county.scope, at=NOON, show="empty", most=500).rows
               if "department" in row.missing]  # fmt: skip
    assert {row.name for row in missing} == {f"工地{n}" for n in range(37)}
    venue = Venue.objects.get(name="工地0")
    with pytest.raises(Conflict) as refused:
        cover_venue(venue_id=venue.pk, by=world.county, at=NOON)
    assert refused.value.code == "venue.slots_empty"


def test_a_preview_writes_nothing_and_says_what_the_act_will_do(world):
    pk = staged(world, "一号码头,ferry,990101001,,,,")
    report = preview_venues(upload_id=pk, by=world.county, at=NOON)
    assert (report.added, Venue.objects.count(), Slot.objects.count()) == (1, 0, 0)
    assert bring_venues(upload_id=pk, by=world.county, at=NOON) == report


def test_the_same_list_again_changes_nothing_and_a_fuller_one_fills_what_is_empty(world):
    bare = "一号码头,ferry,990101001,,,,"
    brought(world, bare)
    again = brought(world, bare)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
    fuller = brought(world, "一号码头,ferry,990101001,,,港城县unit,船员持证")
    assert (fuller.added, fuller.changed) == (0, 1)
    slots = Slot.objects.values_list("party", flat=True)
    assert sorted(slots) == ["person", "territory", "unit"]
    other = brought(world, "一号码头,ferry,990101001,,,,另有其人")
    assert (other.changed, Slot.objects.get(party="person").text) == (0, "船员持证")


def test_each_fault_is_named_by_row_and_column_and_the_rest_goes_on(world):
    report = brought(
        world, "好码头,ferry,990101001,,,,", ",ferry,990101001,,,,", "坏码头,,990101001,,,,",
        "远码头,ferry,990201,,,,", "无处,ferry,,,,,", "好码头,ferry,990101001,,,,",
        "二号,ferry,990101001,航天,某某局,某某公司,",
    )  # fmt: skip
    assert report.added == 2
    assert [(r.row, r.column, r.code) for r in report.refusals] == [
        (3, "name", "venues.no_name"), (4, "venue_kind", "venues.no_venue_kind"),
        (5, "place_code", "venues.place"), (6, "place_code", "venues.no_place_code"),
        (7, "name", "venues.twice"), (8, "venue_sector", "venues.sector"),
        (8, "department", "venues.department"), (8, "unit", "venues.unit"),
    ]  # fmt: skip


def test_a_file_without_the_headings_is_refused_whole(world):
    with pytest.raises(Invalid) as refused:
        brought(world, "a,b", head="甲,乙\n")
    assert refused.value.code == "venues.no_table"


def test_a_unit_brings_no_list(world):
    with pytest.raises(NotAllowed):
        brought(world, "一号码头,ferry,990101001,,,,", who="factory")
