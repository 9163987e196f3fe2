"""The review: edit, split, merge, reject, add, and take every step back."""

from datetime import date

import pytest

from bihuan.core.audit.models import Entry
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.intake import services
from bihuan.intake.models import Draft
from bihuan.intake.selectors.review import review
from bihuan.intake.types import DraftChange, Minutes
from tests.command.builders import acknowledged, demand, directive
from tests.conftest import NOON
from tests.intake.test_upload import upload


@pytest.fixture
def document(world):
    return upload(world, "记录:专题会议\n要排查渡口安全,要检查旅馆安全。\n完成检测。")[0]


def texts(document, world, who="city"):
    rows = review(document_id=document.pk, by=world.actor(who)).drafts
    return [row.text for row in rows if row.status != "rejected"]


def first(document) -> Draft:
    return document.drafts.order_by("position").first()


def test_an_edit_counts_as_checked_and_can_be_taken_back(world, document):
    change = DraftChange(criterion="有台账", due_at=NOON, stricter_until=date(2026, 4, 1))
    draft = services.edit_draft(
        draft_id=first(document).pk, change=change, by=world.city, at=NOON
    )  # fmt: skip
    assert (draft.criterion, draft.status) == ("有台账", "kept")
    services.undo(document_id=document.pk, by=world.city, at=NOON)
    draft.refresh_from_db()
    assert (draft.criterion, draft.due_at, draft.stricter_until, draft.status) == (
        "", None, None, "proposed",
    )  # fmt: skip


def test_a_draft_is_split_where_the_person_says_and_keeps_its_place(world, document):
    draft = first(document)
    second = services.split_draft(draft_id=draft.pk, offset=8, by=world.city, at=NOON)
    assert texts(document, world) == ["要排查渡口安全", "要检查旅馆安全。", "完成检测。"]
    assert document.clean_text[second.start : second.end] == "要检查旅馆安全。"
    services.undo(document_id=document.pk, by=world.city, at=NOON)
    assert texts(document, world) == ["要排查渡口安全,要检查旅馆安全。", "完成检测。"]


def test_two_drafts_become_one_and_two_again(world, document):
    services.merge_drafts(draft_id=first(document).pk, by=world.city, at=NOON)
    assert texts(document, world) == ["要排查渡口安全,要检查旅馆安全。\n完成检测。"]
    services.undo(document_id=document.pk, by=world.city, at=NOON)
    assert len(texts(document, world)) == 2


def test_the_last_draft_has_nothing_to_merge_with(world, document):
    last = document.drafts.order_by("position").last()
    with pytest.raises(Conflict) as refused:
        services.merge_drafts(draft_id=last.pk, by=world.city, at=NOON)
    assert refused.value.code == "draft.nothing_to_merge"


def test_a_rejected_draft_stays_on_the_page_and_comes_back(world, document):
    draft = first(document)
    services.set_status(draft_id=draft.pk, status="rejected", by=world.city, at=NOON)
    page = review(document_id=document.pk, by=world.city)
    assert (len(page.drafts), page.going) == (2, 1)
    services.set_status(draft_id=draft.pk, status="proposed", by=world.city, at=NOON)
    assert review(document_id=document.pk, by=world.city).going == 2


def test_steps_are_taken_back_one_by_one_until_none_is_left(world, document):
    services.add_draft(document_id=document.pk, text="另有一项要求", by=world.city, at=NOON)
    services.confirm_all(document_id=document.pk, by=world.city, at=NOON)
    assert review(document_id=document.pk, by=world.city).unchecked == 0
    services.undo(document_id=document.pk, by=world.city, at=NOON)
    assert review(document_id=document.pk, by=world.city).unchecked == 2
    services.undo(document_id=document.pk, by=world.city, at=NOON)
    assert len(texts(document, world)) == 2
    with pytest.raises(Conflict) as refused:
        services.undo(document_id=document.pk, by=world.city, at=NOON)
    assert refused.value.code == "draft.nothing_to_undo"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (DraftChange(text=" "), "draft.no_text"),
        (DraftChange(domain="astrology"), "draft.domain"),
        (DraftChange(owner_post_id=-1), "draft.owner_outside"),
        (DraftChange(upper_id=1), "draft.upper_foreign"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(world, document, change, code):
    draft = first(document)
    with pytest.raises(Invalid) as refused:
        services.edit_draft(draft_id=draft.pk, change=change, by=world.city, at=NOON)
    assert refused.value.code == code
    assert not document.edits.exists()
    services.edit_draft(draft_id=draft.pk, change=DraftChange(text="可以"), by=world.city, at=NOON)


def test_the_cut_must_lie_inside(world, document):
    with pytest.raises(Invalid):
        services.split_draft(draft_id=first(document).pk, offset=500, by=world.city, at=NOON)


def test_above_may_read_but_not_edit_and_an_outsider_sees_nothing(world, document):
    assert review(document_id=document.pk, by=world.head).drafts
    with pytest.raises(NotAllowed):
        services.undo(document_id=document.pk, by=world.head, at=NOON)
    for who in ("outsider", "county", "auditor"):
        with pytest.raises(NotFound):
            review(document_id=document.pk, by=world.actor(who))


def test_every_step_is_in_the_audit(world, document):
    services.set_status(
        draft_id=first(document).pk, status="rejected", by=world.city, at=NOON
    )  # fmt: skip
    acts = Entry.objects.filter(subject=document.subject).order_by("id")
    assert list(acts.values_list("action", flat=True)) == ["document.upload", "draft.reject"]


def test_the_minutes_are_corrected_by_a_person(world, document):
    services.edit_minutes(
        document_id=document.pk, given=Minutes(title="改正", chair="李某", attendees=("甲",)),
        by=world.city, at=NOON,
    )  # fmt: skip
    minutes = review(document_id=document.pk, by=world.city).minutes[0]
    assert (minutes.title, minutes.chair, minutes.held_at) == ("改正", "李某", NOON)


def test_an_earlier_demand_of_the_place_is_proposed_as_repeated(world):
    earlier = directive(world, demand(1, text="要对农贸市场、商场、宾馆等重点场所加强排查"))
    (document,) = upload(
        world, "记录:会议\n继续对商场、宾馆、农贸市场等重点场所排查\n保障蔬菜供应", who="head"
    )
    rows = review(document_id=document.pk, by=world.head).drafts
    assert [row.may_repeat and row.may_repeat.number for row in rows] == [earlier.number, None]


def test_an_upper_demand_is_proposed_for_each_draft_of_an_answer(world):
    row = directive(world, demand(1, text="要排查渡口"), demand(2, text="要储备检测试剂"))
    relay = acknowledged(row, world)
    (document,) = upload(world, "记录:会议\n储备足够检测试剂", relay_id=relay.pk)
    page = review(document_id=document.pk, by=world.city)
    assert page.drafts[0].may_implement.ordinal == 2
    assert [upper.ordinal for upper in page.uppers] == [1, 2]


def test_a_page_costs_the_same_whatever_the_number_of_drafts(world, django_assert_num_queries):
    (document,) = upload(world, "记录:会议\n" + "\n".join(f"要求{n}安全" for n in range(40)))
    city = world.city
    with django_assert_num_queries(5):
        review(document_id=document.pk, by=city)


def test_a_repair_inside_a_longer_one_is_shown_once(world, document):
    document.repairs = [
        {
            "kind": "traditional",
            "start": 0,
            "end": 4,
            "before": "",
            "after": "记录:专",
            "certain": True,
        },
        {"kind": "pinyin", "start": 1, "end": 2, "before": "", "after": "", "certain": True},
    ]
    document.save()
    shown = review(document_id=document.pk, by=world.city).original
    assert [(p.text, p.after) for p in shown][:2] == [
        ("记录:专", "记录:专"),
        (document.original_text[4:], None),
    ]
