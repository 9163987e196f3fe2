"""From drafts to a directive: what goes out, what stays as text, and that it happens once."""

import pytest

from bihuan.command import services as command
from bihuan.command.models import Demand, Directive
from bihuan.command.selectors.sight import ordered_demands
from bihuan.core.errors import Conflict, Invalid
from bihuan.intake import services
from bihuan.intake.selectors.review import document_of, review
from bihuan.intake.types import DraftChange
from tests.command.builders import HOUR, acknowledged, demand, directive, relay_of
from tests.conftest import NOON
from tests.intake.test_upload import TEXT, upload


def direct(world, document, who="city", to=("990101",), title="部署"):
    directive_id = services.direct(
        document_id=document.pk, title=title, by=world.actor(who), at=NOON + HOUR,
        place_ids=tuple(world.places[code].pk for code in to),
    )  # fmt: skip
    return Directive.objects.get(pk=directive_id)


def test_the_preamble_is_stored_and_is_never_a_task(world):
    (document,) = upload(world)
    row = direct(world, document)
    assert [d.brief.text for d in ordered_demands(row.pk)] == [
        "要排查渡口安全", "月底前完成检测", "去年底前办结",
    ]  # fmt: skip
    assert "#深入学习精神" in [
        d.text for d in review(document_id=document.pk, by=world.city).drafts
    ]


def test_a_preamble_goes_out_when_a_person_says_so_and_a_rejected_draft_does_not(world):
    (document,) = upload(world)
    preamble, second, *_ = document.drafts.order_by("position")
    services.edit_draft(draft_id=preamble.pk, change=DraftChange(actionable=True),
                        by=world.city, at=NOON)  # fmt: skip
    services.set_status(draft_id=second.pk, status="rejected", by=world.city, at=NOON)
    row = direct(world, document)
    assert next(d.brief.text for d in ordered_demands(row.pk)) == "#深入学习精神"
    assert Demand.objects.count() == 3


def test_the_meeting_is_recorded_with_the_directive_and_keeps_its_basis(world):
    (document,) = upload(world)
    row = direct(world, document)
    assert (row.meeting.chair, row.meeting.attendees_complete) == ("吴某", False)
    assert {d.brief.basis for d in ordered_demands(row.pk)} == {document.title}
    assert document_of(directive_id=row.pk, by=world.city).id == document.pk


def test_once_issued_the_drafts_are_closed(world):
    (document,) = upload(world)
    direct(world, document)
    for act in (
        lambda: direct(world, document),
        lambda: services.undo(document_id=document.pk, by=world.city, at=NOON),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "document.directed"


def test_a_directive_refused_leaves_the_drafts_open(world):
    (document,) = upload(world)
    with pytest.raises(Invalid):
        direct(world, document, to=())
    assert direct(world, document).sent_at is None


def test_the_preview_counts_the_relays(world):
    (document,) = upload(world)
    shown = services.planned(
        document_id=document.pk, by=world.city, at=NOON,
        place_ids=(world.places["990101"].pk, world.places["990102"].pk),
    )  # fmt: skip
    assert (shown.relays, shown.total) == (2, 2)


def test_an_own_meeting_answers_the_relay_demand_by_demand(world):
    upper = directive(world, demand(1, text="要排查渡口安全"))
    relay = acknowledged(upper, world)
    (document,) = upload(world, TEXT, relay_id=relay.pk)
    draft = document.drafts.get(text="要排查渡口安全")
    services.edit_draft(
        draft_id=draft.pk, change=DraftChange(upper_id=ordered_demands(upper.pk)[0].pk),
        by=world.city, at=NOON + HOUR,
    )  # fmt: skip
    row = direct(world, document)
    command.send_directive(directive_id=row.pk, by=world.city, at=NOON + HOUR)
    relay = command.plan_relay(relay_id=relay.pk, by=world.city, at=NOON + HOUR)
    assert (relay.state, relay_of(row, world, "county").parent_id) == ("planned", relay.pk)
