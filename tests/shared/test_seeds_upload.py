"""Real communiqués, as they were crawled, through upload, review, issue and answer.

Skipped, and said so, where the folder with the seeds is absent.
"""

from pathlib import Path

import pytest

from bihuan.command.models import Demand, Meeting
from bihuan.command.selectors.demands import demand_rows, ledger
from bihuan.command.selectors.directives import meeting_detail, meeting_list
from bihuan.command.selectors.sight import ordered_demands
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import act
from bihuan.core.orgs.models import Org
from bihuan.intake import services
from bihuan.intake.models import Document
from bihuan.intake.selectors.review import review
from bihuan.intake.types import DraftChange
from tests.command.builders import HOUR
from tests.conftest import NOON
from tests.factories import World, build_world

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"no seeds at {SEEDS}")


@pytest.fixture
def world(db) -> World:
    made = build_world(NOON)
    for code in ("99", "9901"):
        place = made.places[code]
        Org.objects.create(kind="safety_committee", name=f"{place.name}安委会", place=place,
                           scope=place.path, valid_from="2000-01-01")  # fmt: skip
    return made


def seed(number: str) -> Path:
    return next(SEEDS.glob(f"{number}_*"))


def upload(world: World, number: str, who: str = "head", **extra: int) -> list[Document]:
    file = seed(number)
    return services.upload(
        data=file.read_bytes(), name=file.name, by=world.actor(who), at=NOON, **extra
    )


def issue(world: World, document: Document, who: str = "head", to: tuple[str, ...] = ("9901",)):
    directive_id = services.issue(
        document_id=document.pk, title=document.title, by=world.actor(who), at=NOON,
        place_ids=tuple(world.places[code].pk for code in to),
    )  # fmt: skip
    return ordered_demands(directive_id)[0].directive


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_each_seed_is_read_and_keeps_its_original(world, number):
    for document in upload(world, number):
        page = review(document_id=document.pk, by=world.head)
        assert document.is_communique
        assert page.going >= 3
        assert "".join(piece.text for piece in page.pieces) == document.clean_text
        assert "".join(piece.text for piece in page.original) == document.original_text
        for draft in document.drafts.exclude(start=None):
            assert document.clean_text[draft.start : draft.end] == draft.text


def test_the_record_of_seed_001_has_a_chair_who_did_not_speak_first_and_a_list_left_open(world):
    (document,) = upload(world, "001", who="city")
    told = document.meeting
    assert told["chair"] not in told["speakers"][:1]
    assert len(told["attendees"]) >= 9
    assert told["attendees_complete"] is False
    assert told["form"] == "televised"


def test_the_joint_session_of_seed_000_fills_two_ledgers(world):
    (document,) = upload(world, "000")
    assert len(document.meeting["body_ids"]) == 2
    row = issue(world, document)
    books = {
        kind: ledger(body_id=Org.objects.get(place=row.place, kind=kind).pk, by=world.head, at=NOON)
        for kind in ("headquarters", "safety_committee")
    }
    whole = Demand.objects.filter(directive=row).count()
    assert all(books.values())
    assert sum(len(book) for book in books.values()) == whole
    safety = {demand.domain for demand in books["safety_committee"]}
    assert safety <= {"work-safety", "natural-hazards", "emergency-drill"}


def test_no_preamble_of_a_seed_becomes_a_demand(world):
    for number in ("000", "002"):
        (document,) = upload(world, number)
        row = issue(world, document)
        quiet = set(document.drafts.filter(actionable=False).values_list("text", flat=True))
        assert quiet
        assert not quiet & {demand.brief.text for demand in ordered_demands(row.pk)}


def test_the_key_venue_demand_of_000_is_linked_to_that_of_002_twelve_days_before(world):
    (first,) = upload(world, "002")
    earlier = issue(world, first)
    (second,) = upload(world, "000")
    drafts = review(document_id=second.pk, by=world.head).drafts
    venue = next(d for d in drafts if "重点场所" in d.text and d.may_repeat is not None)
    services.edit_draft(
        draft_id=venue.id, change=DraftChange(repeats_id=venue.may_repeat.demand_id),
        by=world.head, at=NOON,
    )  # fmt: skip
    row = issue(world, second)
    shown = demand_rows(directive_id=row.pk, path=row.scope, at=NOON)
    (again,) = [demand for demand in shown if demand.repeats is not None]
    assert again.repeats.number == earlier.number
    assert "重点场所" in Demand.objects.get(pk=again.repeats.demand_id).brief.text
    assert again.repeats.unfinished


def test_seed_001_answers_seed_000_as_the_citys_own_meeting(world):
    row = issue(world, upload(world, "000")[0])
    relay = Obligation.objects.get(brief=row.brief_id)
    act(obligation_id=relay.pk, move="acknowledge", by=world.city, at=NOON + HOUR)
    (own,) = upload(world, "001", who="city", relay_id=relay.pk)
    page = review(document_id=own.pk, by=world.city)
    proposed = [draft for draft in page.drafts if draft.may_implement is not None]
    assert len(page.uppers) == Demand.objects.filter(directive=row).count()
    assert len(proposed) >= 8


def test_the_two_meetings_of_seed_004_under_one_headline_are_two_records(world):
    (document,) = upload(world, "004")
    kinds = dict(Org.objects.values_list("pk", "kind"))
    epidemic, safety = document.meeting, document.meeting["later"][0]
    assert [kinds[pk] for pk in epidemic["body_ids"]] == ["headquarters"]
    assert [kinds[pk] for pk in safety["body_ids"]] == ["safety_committee"]
    assert len(epidemic["attendees"]) == 2
    assert len(safety["attendees"]) == 7
    assert epidemic["relays_text"]
    assert not safety["relays_text"]
    row = issue(world, document)
    held = list(Meeting.objects.order_by("pk"))
    assert [meeting.chair for meeting in held] == [epidemic["chair"], safety["chair"]]
    said = [meeting_detail(meeting_id=meeting.pk, by=world.head) for meeting in held]
    assert sum(one.row.demands for one in said) == Demand.objects.filter(directive=row).count()
    assert all(one.row.demands > 3 and len(one.directives) == 1 for one in said)
    listed, _more = meeting_list(by=world.head)
    assert [one.demands for one in listed] == [one.row.demands for one in reversed(said)]
