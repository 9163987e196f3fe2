"""Who turned out to be no contact is freed at once, with a reason; so are those of an excluded case."""

import pytest

from bihuan.core.audit.models import Entry
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.epidemic.models import Charge, Stay
from bihuan.epidemic.services.cases import classify_case
from bihuan.epidemic.services.clearing import clear_contact, clear_contacts_of
from tests.epidemic.builders import add_health
from tests.epidemic.care import (
    DAY,
    HOUR,
    NINTH,
    add_care,
    case_of,
    charge_of,
    contact_of,
    facility,
    room,
)
from tests.epidemic.care import place as put
from tests.factories import build_world


@pytest.fixture
def covid(db):
    return add_care(add_health(build_world(NINTH)))


def test_a_contact_who_was_none_is_free_and_leaves_the_site_at_once(covid):
    world, case = covid, case_of(covid, NINTH)
    row = contact_of(world, case, NINTH)
    site = facility(world, NINTH - DAY)
    charge = charge_of(world, NINTH, contact=row)
    put(world, charge, room(world, site, at=NINTH), NINTH)
    at = NINTH + 5 * HOUR
    told = {"contact_id": row.pk, "at": at}
    with pytest.raises(Invalid, match=r"contact\.clear_reason"):
        clear_contact(reason=" ", by=world.cdc, **told)
    for who, refusal in (("county", NotAllowed), ("cdc_south", NotFound)):
        with pytest.raises(refusal):
            clear_contact(reason="不在同一车厢", by=world.actor(who), **told)
    clear_contact(reason="不在同一车厢", by=world.cdc, **told)
    row.refresh_from_db()
    assert row.release_at == at
    assert Stay.objects.get().left_at == at
    assert Charge.objects.get().outcome == "released"
    assert Entry.objects.get(action="contact.clear").facts["reason"] == "不在同一车厢"
    with pytest.raises(Conflict, match=r"contact\.over"):
        clear_contact(reason="x", by=world.cdc, **told)


def test_the_contacts_of_an_excluded_case_are_freed_together_and_no_others(covid):
    world, at = covid, NINTH + HOUR
    case, other = (case_of(world, NINTH, number=n) for n in (1, 2))
    mine = [contact_of(world, case, NINTH, number=n) for n in (20, 21)]
    kept = contact_of(world, other, NINTH, number=22)
    with pytest.raises(Conflict, match=r"case\.not_excluded"):
        clear_contacts_of(case_id=case.pk, by=world.cdc, at=at)
    classify_case(case_id=case.pk, kind="excluded", findings=frozenset(), reason="复核阴性",
                  by=world.cdc, at=at)  # fmt: skip
    assert clear_contacts_of(case_id=case.pk, by=world.cdc, at=at) == 2
    for row in (*mine, kept):
        row.refresh_from_db()
    assert [row.release_at == at for row in (*mine, kept)] == [True, True, False]
    assert clear_contacts_of(case_id=case.pk, by=world.cdc, at=at) == 0
