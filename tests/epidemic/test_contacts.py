"""Contacts: criteria, the hour of release, what a new edition means for them."""

from datetime import date, datetime, timedelta

import pytest

from bihuan.core.clock import TZ, day_end, local_date
from bihuan.core.errors import Conflict, Invalid, NotFound
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.services import insert_places
from bihuan.core.places.types import NewPlace
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Contact
from bihuan.epidemic.selectors.contacts import (
    checks_owed,
    contact_page,
    contact_rows,
    counted,
    managed,
    owed,
    state_of,
)
from bihuan.epidemic.selectors.files import inquiries_of
from bihuan.epidemic.selectors.orders import effect
from bihuan.epidemic.selectors.sight import fetch_contact
from bihuan.epidemic.selectors.workload import place_rows, share_reached, team_rows
from bihuan.epidemic.services.cases import read_person, report_case
from bihuan.epidemic.services.contacts import (
    became_case,
    check_contact,
    place_contact,
    reach_contact,
    read_contact,
    switch_edition,
)
from bihuan.epidemic.services.illness import fell_ill
from bihuan.epidemic.types import Illness
from tests.epidemic.conftest import card, contact, make_event
from tests.factories import DAY_ONE


def state(at):
    return [state_of(row, at) for row in Contact.objects.all()]


def test_a_contact_is_released_at_its_hour_without_anybodys_act(case, world, at):
    row = contact(world, case, at)
    assert row.release_at == day_end(local_date(at) + timedelta(days=14))
    place_contact(contact_id=row.pk, notice_given=True, by=world.township, at=at)
    assert state(row.release_at - timedelta(seconds=1)) == ["placed"]
    assert state(row.release_at) == ["released"]
    with pytest.raises(Conflict, match=r"contact.over"):
        check_contact(contact_id=row.pk, symptoms=False, test="", by=world.township,
                      at=row.release_at)  # fmt: skip


def test_a_stay_without_written_notice_cannot_start(case, world, at):
    row = contact(world, case, at)
    with pytest.raises(Invalid, match=r"contact.no_notice"):
        place_contact(contact_id=row.pk, notice_given=False, by=world.township, at=at)


def test_a_passing_contact_is_listed_and_not_managed(case, world, at):
    row = contact(world, case, at, exposure="passing")
    assert (row.risk, row.release_at) == ("none", None)
    with pytest.raises(Conflict, match=r"contact.no_plan"):
        place_contact(contact_id=row.pk, notice_given=True, by=world.cdc, at=at)


def test_an_exposure_before_the_window_of_the_case_is_none(case, world, at):
    early = local_date(at) - timedelta(days=10)
    with pytest.raises(Invalid, match=r"contact.before_window"):
        contact(world, case, at, first=early, last=early)


def test_a_chikungunya_event_has_radii_and_no_contacts(world):
    at = datetime(2026, 5, 1, 12, tzinfo=TZ)
    event = make_event(world, at, "chik")
    case = report_case(card=card(world, event, at, findings=frozenset({"fever"})),
                       by=world.clinic, at=at)  # fmt: skip
    with pytest.raises(Invalid, match=r"contact.no_model"):
        contact(world, case, at)
    zones = registry.edition("control-plan", at, disease="chik").rows("zone")
    assert [zones[key]["radius_m"] for key in ("core", "warning")] == [100, 200]


def test_the_same_person_exposed_again_keeps_one_record_with_the_later_end(case, world, at):
    first = contact(world, case, at, last=local_date(at) - timedelta(days=1))
    again = contact(world, case, at)
    assert again.pk == first.pk
    assert again.release_at == first.release_at + timedelta(days=1)


def test_days_are_kept_and_the_share_reached_in_a_day_is_told(case, world, event, at):
    row = contact(world, case, at)
    other = contact(world, case, at, person=Identity(name="赵敏", phone="13700003333"))
    reach_contact(contact_id=row.pk, by=world.township, at=at + timedelta(hours=3))
    check_contact(contact_id=row.pk, symptoms=False, test="neg", by=world.township,
                  at=at + timedelta(hours=3))  # fmt: skip
    later = at + timedelta(hours=24)
    assert share_reached(event=event, at=later) == (1, 2, 24)  # the hours are the pack's
    rows = {r.id: r for r in contact_page(by=world.township, at=at + timedelta(hours=3))[0]}
    assert rows[row.pk].checked_today
    assert not rows[other.pk].checked_today


def test_a_contact_who_falls_ill_leaves_the_plan_and_the_case_was_known(case, world, event, at):
    row = contact(world, case, at)
    ill = report_case(card=card(world, event, at, person=Identity(name="周杰")), by=world.cdc,
                      at=at)  # fmt: skip
    became_case(contact_id=row.pk, case_id=ill.pk, by=world.cdc, at=at)
    assert state(at) == ["became_case"]
    ill.refresh_from_db()
    assert ill.source_id == case.pk


@pytest.mark.parametrize("name", ["police", "factory", "clinic", "inspector", "mayor", "cdc_hill"])
def test_enforcement_units_and_neighbours_see_no_contact(case, world, at, name):
    contact(world, case, at)
    assert contact_page(by=world.actor(name), at=at) == ((), "")
    with pytest.raises(NotFound):
        reach_contact(contact_id=Contact.objects.get().pk, by=world.actor(name), at=at)


NINTH = datetime(2022, 11, 10, 12, tzinfo=TZ)
TWENTY = datetime(2022, 11, 11, 12, tzinfo=TZ)


@pytest.fixture
def covid(world):
    event = make_event(world, NINTH, "covid19")
    case = report_case(card=card(world, event, NINTH, findings=frozenset({"pcr"})),
                       by=world.clinic, at=NINTH)  # fmt: skip
    return contact(world, case, NINTH, first=date(2022, 11, 8),
                   last=date(2022, 11, 8))  # fmt: skip


def test_somebody_who_lives_where_nobody_of_ours_is_stays_with_the_place_of_the_case(
    case, world, at
):
    insert_places([NewPlace("98", "邻省", DAY_ONE), NewPlace("980101", "远山县", DAY_ONE)])
    away = Place.objects.get(code="980101")
    row = contact(world, case, at, place_id=away.pk)
    assert (row.place, row.scope) == (away, case.scope)
    assert read_contact(contact_id=row.pk, purpose="contact_call", by=world.cdc, at=at)
    south = contact(
        world, case, at, person=Identity(name="孙长海"), place_id=world.places["990201"].pk
    )
    assert south.scope == world.places["990201"].path, "whoever is there looks after them"
    assert fetch_contact(contact_id=south.pk, by=world.cdc) == south
    with pytest.raises(NotFound):
        read_contact(contact_id=south.pk, purpose="contact_call", by=world.cdc, at=at)
    with pytest.raises(NotFound):
        fetch_contact(contact_id=south.pk, by=world.cdc_hill)


def test_switching_the_edition_shows_what_changes_for_whom_and_then_does_it(covid, world):
    old, new = (registry.by_edition(f"cn.covid19.control@{v}") for v in ("9", "20"))
    told = effect(old=old, new=new, disease="covid19", by=world.cdc, at=TWENTY)
    assert (told.sooner, told.freed, told.later, told.days) == (1, 0, 0, 2)
    assert told.rows[0][1] == covid.number
    assert switch_edition(disease="covid19", edition=new.ref, by=world.cdc, at=TWENTY) == 1
    covid.refresh_from_db()
    assert covid.release_at == day_end(date(2022, 11, 16))
    assert switch_edition(disease="covid19", edition=new.ref, by=world.cdc, at=TWENTY) == 0


def test_an_edition_that_is_not_in_force_cannot_be_applied(covid, world):
    with pytest.raises(Invalid, match=r"edition.not_in_force"):
        switch_edition(disease="covid19", edition="cn.covid19.control@20", by=world.cdc, at=NINTH)


def test_a_contact_becomes_a_case_in_one_act_and_keeps_the_history(case, world, event, at):
    row = contact(world, case, at)
    place_contact(contact_id=row.pk, notice_given=True, by=world.township, at=at)
    later = at + timedelta(days=2)
    ill = fell_ill(contact_id=row.pk, by=world.cdc, at=later,
                   given=Illness("45-64", frozenset({"fever"}), local_date(later)))  # fmt: skip
    assert (ill.pseudonym, ill.source, ill.found_in) == (row.pseudonym, case, "isolation")
    row.refresh_from_db()
    assert (row.became_case, row.placed_at) == (ill, at)
    assert (
        read_person(case_id=ill.pk, purpose="investigation", by=world.cdc, at=later)["name"]
        == "王秀英"
    )
    assert inquiries_of(ill)
    with pytest.raises(Conflict, match=r"contact\.became"):
        fell_ill(contact_id=row.pk, by=world.cdc, at=later, given=Illness("45-64", frozenset()))


def test_contacts_of_contacts_are_traced_only_where_the_edition_says_so(case, world, event, at):
    row = contact(world, case, at)
    with pytest.raises(Invalid, match=r"contact\.no_level2"):
        contact(world, case, at, person=Identity(name="钱进"), via_id=row.pk)


def test_the_workload_tells_teams_and_townships_what_is_left(case, world, event, at):
    row = contact(world, case, at)
    contact(world, case, at, person=Identity(name="赵敏", phone="13700003333"))
    place_contact(contact_id=row.pk, notice_given=True, by=world.township, at=at)
    assert checks_owed(world.township, at) == 1
    late = at + timedelta(hours=9)  # the edition gives eight hours to place somebody
    (line,) = place_rows(by=world.cdc, at=late)
    assert (line.open, line.to_reach, line.late_to_place, line.due_today) == (2, 1, 1, 1)
    check_contact(contact_id=row.pk, symptoms=False, test="", by=world.township, at=late)
    (line,) = place_rows(by=world.cdc, at=late)
    assert (line.due_today, line.done_today) == (0, 1)
    (team,) = team_rows(by=world.cdc, at=at + timedelta(hours=5))
    assert (team.cases, team.open, team.overdue) == (1, 2, 1)
    assert team_rows(by=world.cdc_south, at=late) == place_rows(by=world.cdc_south, at=late) == ()


def test_a_list_goes_on_by_key_and_each_tab_holds_what_is_owed(case, world, at):
    names = ("赵敏", "钱进", "孙立")
    rows = [
        contact(world, case, at, person=Identity(name=name, phone=f"1370000333{n}"),
                last=local_date(at) - timedelta(days=n % 2))
        for n, name in enumerate(names)
    ]  # fmt: skip
    by, seen, after = world.township, [], ""
    for _page in rows:
        page, after = contact_page(by=by, at=at, after=after, size=1)
        seen += [row.id for row in page]
    assert (seen, after) == ([rows[1].pk, rows[0].pk, rows[2].pk], "")
    assert len(contact_page(by=by, at=at, after="x_1")[0]) == 3  # a key nobody wrote begins anew
    place_contact(contact_id=rows[0].pk, notice_given=True, by=by, at=at)
    late = at + timedelta(hours=9)
    told = {what: {r.id for r in contact_page(by=by, at=late, what=what)[0]}
            for what in ("check", "reach", "place")}  # fmt: skip
    others = {rows[1].pk, rows[2].pk}
    assert told == {"check": {rows[0].pk}, "reach": others, "place": others}


def test_a_counter_stops_counting_and_nobody_above_the_county_checks(case, world, at):
    for n in range(3):
        row = contact(world, case, at, person=Identity(name=f"赵{n}", phone=f"137000033{n}3"))
        place_contact(contact_id=row.pk, notice_given=True, by=world.township, at=at)
    assert counted(owed(world.cdc, at, "check"), most=2) == 2
    assert (checks_owed(world.cdc, at), checks_owed(world.cdc_city, at)) == (3, 0)
    assert [managed(by, at).count() for by in (world.cdc, world.cdc_city, world.police)] == [
        3,
        3,
        0,
    ]


def test_the_contacts_of_a_case_are_shown_with_it(case, world, at):
    row = contact(world, case, at)
    assert [r.id for r in contact_rows(by=world.cdc, at=at, case=case)[0]] == [row.pk]
    assert contact_rows(by=world.cdc_south, at=at, case=case) == ((), "")


def test_contacts_of_a_case_come_by_pages(case, world, at):
    for n in range(3):
        contact(world, case, at, person=Identity(name=f"钱{n}", phone=f"137000044{n}4"))
    first, after = contact_rows(by=world.cdc, at=at, case=case, size=2)
    rest, end = contact_rows(by=world.cdc, at=at, case=case, after=after, size=2)
    assert (len(first), len(rest), end) == (2, 1, "")
    assert len({row.id for row in first + rest}) == 3
