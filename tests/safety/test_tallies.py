"""Counters of places follow every write, and say what counting would say."""

import random

import pytest

from bihuan.core.errors import NotFound
from bihuan.core.loops.models import OPEN_HAZARD, Obligation
from bihuan.core.orgs.models import Sector, Venue
from bihuan.safety.models import Establishment, PlaceTallyChange
from bihuan.safety.selectors.catalogue import kind_rows, sector_rows
from bihuan.safety.selectors.establishments import Wanted, base, establishments
from bihuan.safety.selectors.inspections import inspections
from bihuan.safety.selectors.risks import colours_by_place
from bihuan.safety.selectors.tallies import place_counts
from bihuan.safety.services.hazards import NewHazard, report_hazard
from bihuan.safety.services.tallies import fold_places
from tests.conftest import NOON
from tests.safety.conftest import establish, of_factory

TOWNS = ("990101001", "990101002", "990101")
DEEDS = ("add", "add", "red", "blue", "survey", "close", "open", "fold")


def counted(path):
    """By hand: buckets of what lies at or below a path."""
    found = {}
    for row in Establishment.objects.filter(scope__startswith=path):
        open_ = row.closed_at is None
        buckets = [(row.colour or "ungraded") if open_ else "closed"]
        buckets += ["surveyed"] if open_ and row.surveyed_at else []
        for bucket in buckets:
            found[bucket] = found.get(bucket, 0) + 1
    return found


def told(part):
    found = {}
    for (_kind, _sector, bucket), n in part.n.items():
        if bucket != "venue" and n:
            found[bucket] = found.get(bucket, 0) + n
    return found


@pytest.mark.parametrize("seed", range(4))
def test_after_any_writes_the_counters_are_what_counting_gives(world, seed):
    luck = random.Random(seed)
    writes = [(luck.choice(DEEDS), luck.randrange(5)) for _ in range(14)]
    for number, (deed, at) in enumerate(writes):
        row = list(Establishment.objects.order_by("pk"))[at : at + 1]
        rows = Establishment.objects.filter(pk__in=[one.pk for one in row])
        if deed == "add":
            establish(world, name=f"厂{number}", code=TOWNS[at % 3])
        elif deed == "fold":
            fold_places()
        elif deed in {"red", "blue"}:
            rows.update(colour=deed)
        else:
            changes = {"survey": {"surveyed_at": NOON}, "close": {"closed_at": NOON},
                       "open": {"closed_at": None}}  # fmt: skip
            rows.update(**changes[deed])
    found = place_counts(by=world.county)
    assert told(found.whole) == counted(world.county.scope)
    for part in found.parts:
        if part.place is not None:
            assert told(part) == counted(part.path)
    Establishment.objects.all().delete()
    Venue.objects.filter(name__startswith="厂").delete()
    assert told(place_counts(by=world.county).whole) == {}


def test_open_hazards_of_each_sector_are_counted_where_they_are_written(world):
    place = establish(world)
    for number in range(3):
        report_hazard(establishment_id=place.pk, given=NewHazard(f"出口{number}"),
                      by=world.county, at=NOON)  # fmt: skip
    rows = Obligation.objects.filter(OPEN_HAZARD)
    (sector,) = set(rows.values_list("sector", flat=True))

    def told(by, key=sector):
        rows = sector_rows(by=by, counted=place_counts(by=by).whole)
        return {row.sector.code: row.open_hazards for row in rows}[key]

    assert (told(world.county), told(world.head)) == (3, 3)
    fold_places()
    rows.filter(pk=rows.latest("pk").pk).update(state="withdrawn", closed_at=NOON)
    assert (told(world.county), told(world.head)) == (2, 2)
    other = Sector.objects.exclude(pk=sector).first().pk
    rows.filter(pk=rows.latest("pk").pk).update(sector=other)
    fold_places()
    assert [told(world.county, key) for key in (sector, other)] == [1, 1]
    Obligation.objects.filter(closed_at=NOON).update(state="registered", closed_at=None)
    assert told(world.county) == 2
    rows.update(due_at=NOON)
    assert not PlaceTallyChange.objects.exclude(delta=1).exists(), "other writes count nothing"
    assert "hazard" not in {
        bucket for _kind, _sector, bucket in place_counts(by=world.county).whole.n
    }


def test_the_map_goes_down_and_up_and_never_outside(world):
    establish(world, code="990101002")
    Establishment.objects.update(colour="red")
    fold_places()
    assert not PlaceTallyChange.objects.exists()
    top = colours_by_place(by=world.head)
    (city,) = top.rows
    (county,) = colours_by_place(by=world.head, path=city.path).rows
    below = colours_by_place(by=world.head, path=county.path)
    assert [dict(row.counts)["red"] for row in (city, county, *below.rows)] == [1, 1, 1]
    assert (below.upper, top.upper) == (city.path, "")
    assert colours_by_place(by=world.county2, path=county.path).rows == ()
    with pytest.raises(NotFound):
        colours_by_place(by=world.head, path=f"{city.path}77.")


def test_a_department_counts_its_sectors_and_a_unit_its_own(world):
    of_factory(world, sector="construction")
    establish(world, name="别人的")
    whole = {who: sum(told(place_counts(by=world.actor(who)).whole).values())
             for who in ("county", "builder", "factory", "county2")}  # fmt: skip
    assert whole == {"county": 2, "builder": 1, "factory": 1, "county2": 0}
    assert base(by=world.factory).known == 1


def test_lists_and_counters_cost_a_fixed_number_of_queries(world, django_assert_num_queries):
    head, none = world.head, place_counts(by=world.head).whole
    for n in range(3):
        establish(world, name=f"厂{n}")
    for ask, queries in (
        (lambda: colours_by_place(by=head), 3), (lambda: base(by=head), 5),
        (lambda: sector_rows(by=head, counted=none), 3), (lambda: kind_rows(counted=none), 1),
        (lambda: inspections(by=head), 1),  # there are none
        (lambda: establishments(by=head, wanted=Wanted(under="99.01.01.")), 2),
    ):  # fmt: skip
        with django_assert_num_queries(queries):
            ask()


@pytest.mark.parametrize("who", ["head", "county", "builder", "factory"])
def test_every_reader_pages_through_all_of_a_list_once(world, who):
    for n in range(5):
        of_factory(world, name=f"厂{n}", sector="construction")
    seen, after = [], ""
    while True:
        rows, after = establishments(by=world.actor(who), after=after, size=2)
        seen += [row.id for row in rows]
        if not after:
            break
    assert seen == sorted(Establishment.objects.values_list("pk", flat=True), reverse=True)
