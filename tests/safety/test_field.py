"""What the field app sends is taken once, waits when things changed, and is never lost."""

import hashlib
import io
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.models import Session
from PIL import Image

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.evidence.models import Item
from bihuan.core.loops.models import Obligation
from bihuan.core.packs import registry
from bihuan.safety.models import Assignment, FieldEntry, Inspection, PhotoPart
from bihuan.safety.selectors.devices import devices
from bihuan.safety.selectors.field import day_pack, rival, waiting_entries
from bihuan.safety.selectors.inspections import checklists, self_inspection
from bihuan.safety.services.checklists import load_checklists
from bihuan.safety.services.devices import enrol_device, revoke_device, unlock_device
from bihuan.safety.services.establishments import EstablishmentInput, change_establishment
from bihuan.safety.services.field import (
    decide_entry,
    forget_parts,
    keep_part,
    photo_length,
    receive,
)
from bihuan.safety.services.routes import assign_stop
from tests.conftest import NOON
from tests.safety.conftest import establish, of_factory

HOUR = timedelta(hours=1)
KEY = UUID(int=7)


def picture(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(out, "JPEG")
    return out.getvalue()


PHOTO = picture()
SHA = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def day(world):
    """A township inspector with one workshop on the route, and an enrolled phone."""
    load_checklists(by=world.head, at=NOON)
    place = establish(world, name="一号车间")
    checklist = next(row for row in checklists() if row.code == "trade")
    assign_stop(establishment_id=place.pk, checklist_id=checklist.pk, day=local_date(NOON),
                by=world.township, at=NOON)  # fmt: skip
    device, token = enrol_device(name="执法手机", session="s1", by=world.township, at=NOON)
    return Day(world, place, checklist, device, token)


class Day:
    def __init__(self, world, place, checklist, device, token):
        self.world, self.place, self.checklist = world, place, checklist
        self.device, self.token = device, token
        (self.stop,) = day_pack(by=world.township, at=NOON).stops

    def content(self, **changes):
        answers = {one["code"]: "fine" for one in self.checklist.items} | {"1": "gap"}
        shot = {"sha256": SHA, "at": (NOON + HOUR).isoformat(), "lon": 113.5, "lat": 24.1}
        hazard = {"item": "1", "title": "东门上锁", "text": "三层东门", "type": "出口锁闭",
                  "criterion": "fire.exit", "interim": "停用三层,专人看守",
                  "photos": [shot]}  # fmt: skip
        return {
            "establishment": self.place.pk, "checklist": self.checklist.pk,
            "seen": self.stop.seen, "begun_at": (NOON + HOUR).isoformat(),
            "ended_at": (NOON + 2 * HOUR).isoformat(), "answers": answers, "hazards": [hazard],
            "photos": [], "signature": None, "signer": "某厂长",
        } | changes  # fmt: skip

    def upload(self, data=PHOTO, sha=SHA):
        have, piece = 0, 1000
        while have < len(data):
            have = keep_part(device=self.device, sha256=sha, size=len(data), start=have,
                             data=data[have : have + piece], at=NOON + 5 * HOUR)  # fmt: skip
        return have

    def send(self, key=KEY, **changes):
        return receive(device=self.device, key=key, raw=self.content(**changes),
                       by=self.world.township, at=NOON + 6 * HOUR)  # fmt: skip


def test_a_day_in_one_download_has_stops_lists_codes_and_criteria(day, django_assert_num_queries):
    pack = day_pack(by=day.world.township, at=NOON)
    assert [stop.name for stop in pack.stops] == ["一号车间"]
    assert pack.may_grade
    assert {row["key"] for row in pack.criteria} >= {"fire.exit"}
    assert {row["code"] for row in pack.codes} >= {"11"}
    assert pack.checklists[0].items[0]["type"] == "出口锁闭"
    with django_assert_num_queries(5):
        day_pack(by=day.world.township, at=NOON)


def test_an_inspection_is_taken_once_with_its_hazard_graded_and_its_photo(day):
    day.upload()
    entry = day.send()
    assert (entry.state, entry.differs) == ("taken", [])
    again = day.send()
    assert again.pk == entry.pk
    row = Inspection.objects.get()
    assert (row.found, row.begun_at, row.ended_at) == (1, NOON + HOUR, NOON + 2 * HOUR)
    hazard = Obligation.objects.get(flow="problem")
    assert (hazard.problem.grade, hazard.problem.interim) == ("major", "停用三层,专人看守")
    proof = Item.objects.get(subject=hazard.subject)
    assert (proof.blob_id, proof.made_at, proof.lat) == (SHA, NOON + HOUR, 24.1)
    assert Assignment.objects.get().inspection_id == row.pk
    assert not PhotoPart.objects.exists()
    assert not day_pack(by=day.world.township, at=NOON).stops


def test_where_people_sleep_the_app_asks_who_helps_them_to_move_and_sends_it(day):
    pack = day_pack(by=day.world.township, at=NOON)
    asked = {row["key"] for row in pack.criteria if row["rehousing"]}
    assert asked == {"fire.sleeping"}
    slept = {"item": "1", "title": "车间住人", "text": "", "type": "违规住人", "photos": [],
             "criterion": "fire.sleeping", "interim": "当晚搬离"}  # fmt: skip
    assert day.send(UUID(int=8), hazards=[slept]).reason == "hazard.rehousing"
    slept["rehousing"] = "镇民政办"
    assert day.send(UUID(int=9), hazards=[slept]).state == "taken"
    assert Obligation.objects.get(flow="problem").hazard.rehousing == "镇民政办"


def test_hazards_sent_in_the_evening_count_for_the_quality_of_self_inspection(day):
    day.upload()
    day.send()
    found = self_inspection(day.place, at=NOON + 8 * HOUR)
    assert (found.known, found.found) == (0, 1)


def test_the_same_key_with_other_words_is_refused(day):
    day.upload()
    day.send()
    with pytest.raises(Conflict):
        day.send(signer="别人")


def test_without_its_photo_nothing_is_written_and_the_missing_one_is_named(day):
    with pytest.raises(Conflict) as refused:
        day.send()
    assert refused.value.facts["photos"] == [SHA]
    assert not FieldEntry.objects.exists()


def test_a_photo_comes_in_pieces_may_stop_anywhere_and_is_held_against_its_digest(day):
    ask = {"device": day.device, "size": len(PHOTO), "at": NOON}
    assert keep_part(sha256=SHA, start=0, data=PHOTO[:700], **ask) == 700
    assert keep_part(sha256=SHA, start=0, data=PHOTO[:700], **ask) == 700
    assert photo_length(day.device, SHA) == 700
    assert keep_part(sha256=SHA, start=700, data=PHOTO[700:], **ask) == len(PHOTO)
    wrong = "0" * 64
    assert keep_part(sha256=wrong, start=0, data=PHOTO, **ask) == 0
    assert photo_length(day.device, wrong) == 0
    for start, data in ((-1, b"x"), (0, b""), (len(PHOTO), b"x")):
        with pytest.raises(Invalid):
            keep_part(sha256=SHA, start=start, data=data, **ask)


def test_pieces_of_a_photo_that_never_came_go_after_the_days_of_the_pack(day):
    begun = NOON + 5 * HOUR
    keep_part(device=day.device, sha256=SHA, size=len(PHOTO), start=0, data=PHOTO[:700], at=NOON)
    keep_part(device=day.device, sha256=SHA, size=len(PHOTO), start=700, data=PHOTO[700:800],
              at=begun)  # fmt: skip
    days = timedelta(days=float(registry.value("field.part_days", NOON).value))
    assert forget_parts(at=begun + days) == 0
    assert forget_parts(at=begun + days + HOUR) == 2
    assert day.upload() == len(PHOTO)  # a phone that comes back begins again


def test_photos_of_what_waits_for_a_decision_are_never_purged(day):
    day.upload()
    change_head(day)
    entry = day.send()
    years = NOON + timedelta(days=700)
    assert forget_parts(at=years) == 0
    decide_entry(entry_id=entry.pk, take=False, note="已重查", by=day.world.township, at=years)
    assert Item.objects.get(subject=f"fieldentry:{entry.pk}").blob_id == SHA
    assert not PhotoPart.objects.exists()


def change_head(day):
    given = EstablishmentInput("一号车间", "workshop", day.place.venue.place_id, head="新厂长",
                               fields=day.place.fields)  # fmt: skip
    change_establishment(establishment_id=day.place.pk, given=given, by=day.world.county,
                         at=NOON + HOUR)  # fmt: skip


def test_a_place_that_changed_meanwhile_waits_side_by_side_and_is_then_taken(day):
    day.upload()
    change_head(day)
    entry = day.send()
    assert (entry.state, entry.differs) == ("conflict", [["head", "", "新厂长"]])
    assert not Inspection.objects.exists()
    assert PhotoPart.objects.exists()
    assert [row.pk for row in waiting_entries(by=day.world.township)] == [entry.pk]
    done = decide_entry(entry_id=entry.pk, take=True, note="", by=day.world.township, at=NOON)
    assert (done.state, Inspection.objects.get().found) == ("taken", 1)
    with pytest.raises(Conflict):
        decide_entry(entry_id=entry.pk, take=True, note="", by=day.world.township, at=NOON)


def test_what_is_not_taken_is_filed_with_its_reason_and_its_photos(day):
    day.upload()
    change_head(day)
    entry = day.send()
    ask = {"entry_id": entry.pk, "take": False, "by": day.world.township, "at": NOON + 7 * HOUR}
    with pytest.raises(Invalid):
        decide_entry(note=" ", **ask)
    assert decide_entry(note="换厂长后重查", **ask).state == "filed"
    assert Item.objects.get(subject=f"fieldentry:{entry.pk}").blob_id == SHA
    with pytest.raises(NotFound):
        decide_entry(note="x", entry_id=entry.pk, take=True, by=day.world.outsider, at=NOON)


def test_a_colleague_who_was_there_meanwhile_is_shown_beside(day):
    day.upload()
    second, _token = enrol_device(name="另一部", session="", by=day.world.township, at=NOON)
    first = receive(device=second, key=uuid4(), by=day.world.township, at=NOON + 4 * HOUR,
                    raw=day.content(hazards=[], answers={
                        one["code"]: "fine" for one in day.checklist.items}))  # fmt: skip
    entry = day.send()
    assert entry.state == "conflict"
    assert rival(entry).pk == first.inspection_id


def test_an_answer_that_cannot_stand_keeps_the_record_with_the_reason(day):
    day.upload()
    entry = day.send(answers={"1": "gap"})
    assert (entry.state, entry.reason) == ("conflict", "inspection.items_open")
    assert not Obligation.objects.filter(flow="problem").exists()


@pytest.mark.parametrize(
    "broken",
    [{"seen": 1}, {"answers": []}, {"begun_at": "noon"}, {"hazards": [{"photos": [{}]}]},
     {"establishment": "1"}, {"ended_at": "2020-01-01T00:00:00+00:00"}, {"photos": "x"}],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_field(day, broken):
    with pytest.raises(Invalid) as refused:
        day.send(**broken)
    assert refused.value.code == "field.malformed"


def test_a_gap_without_its_hazard_becomes_one_all_the_same(day):
    entry = day.send(hazards=[])
    assert entry.state == "taken"
    title = Obligation.objects.get(flow="problem").brief.title
    assert title == f"不符合:{day.checklist.items[0]['text']}"


def test_a_unit_inspects_its_own_places_without_an_assignment(world):
    load_checklists(by=world.head, at=NOON)
    of_factory(world, name="总装车间")
    pack = day_pack(by=world.factory, at=NOON)
    assert [(stop.name, stop.own) for stop in pack.stops] == [("总装车间", True)]
    assert not pack.may_grade


def test_the_key_of_a_store_is_the_same_each_day_and_gone_once_the_device_is_revoked(day):
    by = day.world.township
    _row, key = unlock_device(token=day.token, session="s2", by=by, at=NOON)
    assert (len(key), unlock_device(token=day.token, session="s3", by=by, at=NOON)[1]) == (32, key)
    with pytest.raises(NotAllowed):
        unlock_device(token=day.token, session="", by=day.world.township2, at=NOON)
    Session.objects.create(session_key="s3", session_data="x", expire_date=NOON)
    for who in (day.world.township2, day.world.outsider):
        with pytest.raises(NotFound):
            revoke_device(device_id=day.device.pk, by=who, at=NOON)
    row = revoke_device(device_id=day.device.pk, by=day.world.county, at=NOON)
    assert (row.seed, Session.objects.count()) == (None, 0)
    with pytest.raises(NotAllowed) as refused:
        unlock_device(token=day.token, session="", by=by, at=NOON)
    assert refused.value.code == "field.revoked"
    with pytest.raises(Conflict):
        revoke_device(device_id=day.device.pk, by=by, at=NOON)
    assert [d.pk for d in devices(by=day.world.admin)] == [day.device.pk]
    assert list(devices(by=day.world.factory)) == []


def test_a_stop_is_put_once_not_in_the_past_and_not_on_a_strangers_route(day):
    ask = {"establishment_id": day.place.pk, "checklist_id": day.checklist.pk, "at": NOON}
    today = local_date(NOON)
    with pytest.raises(Conflict):
        assign_stop(day=today, by=day.world.township, **ask)
    with pytest.raises(Invalid):
        assign_stop(day=today - timedelta(days=1), by=day.world.township, **ask)
    with pytest.raises(NotFound):
        assign_stop(day=today, by=day.world.outsider, **ask)
    other = day.world.outsider.post_id
    with pytest.raises(NotFound):
        assign_stop(day=today, post_id=other, by=day.world.county, **ask)
    with pytest.raises(NotFound):
        assign_stop(day=today, by=day.world.factory, **ask)
