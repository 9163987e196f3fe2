"""Two meetings set against each other: what is answered, missing, stricter, added, said again."""

import pytest

from bihuan.core.errors import Invalid, NotFound
from bihuan.intake import services
from bihuan.intake.rules import difference
from bihuan.intake.selectors.comparison import comparison, other_choices, standings
from tests.command.builders import acknowledged, demand, directive
from tests.conftest import NOON
from tests.intake.test_upload import upload

UPPER = "记录:全省会议\n各地要在24小时内完成重点场所排查\n要备足隔离房间\n要做好宣传引导"
LOWER = "记录:全市会议\n各县区要在12小时内完成重点场所排查\n要备足隔离房间和床位\n要关停三家企业"


def test_the_table_tells_what_became_of_each_upper_demand(world):
    upper, lower = upload(world, UPPER)[0], upload(world, LOWER)[0]
    found = comparison(document_id=lower.pk, other=str(upper.pk), by=world.city)
    told = [(row.standing, row.why) for row in found.rows]
    assert told == [("stricter", "deadline"), ("answered", ""), ("missing", ""), ("added", "")]
    assert standings(found.rows) == {
        "answered": 1, "stricter": 1, "looser": 0, "missing": 1, "added": 1,
    }  # fmt: skip
    assert (found.title, found.other_title) == ("全市会议", "全省会议")


def test_a_repeat_shows_the_words_that_differ(world):
    upper, lower = upload(world, UPPER)[0], upload(world, LOWER)[0]
    found = comparison(document_id=lower.pk, other=str(upper.pk), by=world.city)
    row = next(row for row in found.repeats if row.lower.ordinal == 2)
    assert row.upper.pieces == (("要备足隔离房间", True),)
    assert row.lower.pieces == (("要备足隔离房间", True), ("和床位", False))


def test_rejected_drafts_answer_nothing(world):
    upper, lower = upload(world, UPPER)[0], upload(world, LOWER)[0]
    second = lower.drafts.order_by("position")[1]
    services.set_status(draft_id=second.pk, status="rejected", by=world.city, at=NOON)
    found = comparison(document_id=lower.pk, other=str(upper.pk), by=world.city)
    assert standings(found.rows)["missing"] == 2


def test_the_directive_to_be_answered_is_offered_first(world):
    upper = directive(world, demand(1, text="各地要在24小时内完成重点场所排查"))
    relay = acknowledged(upper, world)
    sister = upload(world, UPPER)[0]
    lower = upload(world, LOWER, relay_id=relay.pk)[0]
    choices = other_choices(document_id=lower.pk, by=world.city)
    assert [value for value, _ in choices] == ["relay", str(sister.pk)]
    found = comparison(document_id=lower.pk, other="relay", by=world.city)
    assert found.rows[0].standing == "stricter"


@pytest.mark.parametrize("other", ["relay", "", "x", "²"])
def test_what_is_no_document_is_refused(world, other):
    lower = upload(world, LOWER)[0]
    with pytest.raises(Invalid) as refused:
        comparison(document_id=lower.pk, other=other, by=world.city)
    assert refused.value.code == "document.nothing_to_compare"


def test_a_document_is_not_compared_with_itself_or_with_one_unseen(world):
    lower = upload(world, LOWER)[0]
    with pytest.raises(Invalid):
        comparison(document_id=lower.pk, other=str(lower.pk), by=world.city)
    with pytest.raises(NotFound):
        comparison(document_id=lower.pk, other="999999", by=world.city)
    with pytest.raises(NotFound):
        comparison(document_id=lower.pk, other="relay", by=world.outsider)


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("一致", "一致", ((("一致", True),), (("一致", True),))),
        ("甲乙", "丙丁", ((("甲乙", False),), (("丙丁", False),))),
        ("每周排查", "每天排查", ((("每周", False), ("排查", True)), (("每天", False), ("排查", True)))),
    ],
)  # fmt: skip
def test_pieces_join_up_to_the_text_again(old, new, pieces):
    assert difference(old, new) == pieces
    for text, cut in zip((old, new), difference(old, new), strict=True):
        assert "".join(piece for piece, _ in cut) == text
