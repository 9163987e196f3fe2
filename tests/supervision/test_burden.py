"""Each figure is asked once; what filling in takes is measured; a photo proves one thing."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image

from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.evidence.services import Made, add_file
from bihuan.supervision.models import FigureAsk, Form
from bihuan.supervision.selectors import burden as selectors
from bihuan.supervision.services.burden import (
    NewForm,
    ask_figure,
    fill_figure,
    open_ask,
    write_form,
)
from tests.conftest import NOON
from tests.factories import task

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def form(world, who="county", *figures, **changes):
    given = {"title": "日报", "purpose": "掌握渡口检查进度", "expires_on": date(2026, 6, 1),
             "figures": figures or (("已查渡口数", "处"),)} | changes  # fmt: skip
    return write_form(given=NewForm(**given), by=world.actor(who), at=NOON)


def asked(world, figure, *codes, who="county", period="2026-W11", at=NOON):
    places = [world.places[code].pk for code in codes or ("990101001", "990101002")]
    return ask_figure(figure_id=figure.pk, period=period, place_ids=places, due_at=at + DAY,
                      by=world.actor(who), at=at)  # fmt: skip


def test_a_figure_that_is_in_the_ledger_is_not_asked_again_and_the_refusal_leads_to_it(world):
    figure = form(world).figures.get()
    first = asked(world, figure, "990101001")[0]
    fill_figure(ask_id=first.pk, value=12, by=world.township, at=NOON + MINUTE)
    with pytest.raises(Conflict) as refused:
        asked(world, figure)
    assert (refused.value.code, refused.value.facts["ask"]) == ("figure.asked", first.pk)
    assert selectors.ask_detail(ask_id=first.pk, by=world.county).value == 12
    assert FigureAsk.objects.count() == 1
    asked(world, figure, period="2026-W12")


def test_a_second_form_may_not_ask_for_the_same_figure_under_another_spelling(world):
    first = form(world).figures.get()
    with pytest.raises(Conflict) as refused:
        form(world, "city", ("已查渡口数 ", "个"))
    assert (refused.value.code, refused.value.facts["figure"]) == ("figure.exists", first.pk)
    assert Form.objects.count() == 1


def test_the_time_from_opening_to_filling_is_counted_by_township_and_week(world):
    figure = form(world, "county", ("甲", ""), ("乙", "")).figures.order_by("pk")[0]
    for ask, who, minutes in zip(
        asked(world, figure), ("township", "township2"), (5, 90), strict=True
    ):
        open_ask(ask_id=ask.pk, by=world.actor(who), at=NOON)
        open_ask(ask_id=ask.pk, by=world.actor(who), at=NOON + MINUTE)
        fill_figure(ask_id=ask.pk, value=1, by=world.actor(who), at=NOON + minutes * MINUTE)
    found = selectors.burden(by=world.county, at=NOON + DAY)
    assert [(name, total) for name, _, total in found.rows] == [("沙丘镇", 60.0), ("码头镇", 5.0)]
    assert found.weeks[-1] == date(2026, 3, 9)
    assert found.rows[1][1][-1].figures == 1
    assert found.rows[1][1][0] is None
    assert selectors.burden(by=world.outsider, at=NOON + DAY).rows == ()


def test_only_the_asked_place_fills_in_and_only_once(world):
    ask = asked(world, form(world).figures.get(), "990101001")[0]
    with pytest.raises(NotFound):
        fill_figure(ask_id=ask.pk, value=1, by=world.township2, at=NOON)
    with pytest.raises(NotAllowed):
        fill_figure(ask_id=ask.pk, value=1, by=world.county, at=NOON)
    row = fill_figure(ask_id=ask.pk, value=1, by=world.township, at=NOON)
    assert row.seconds == 0
    with pytest.raises(Conflict):
        fill_figure(ask_id=ask.pk, value=2, by=world.township, at=NOON)


def test_a_form_has_a_purpose_an_owner_and_an_end(world):
    for changes, code in (
        ({"purpose": " "}, "form.no_purpose"), ({"expires_on": date(2026, 3, 10)}, "form.expired"),
        ({"figures": (("  ", ""),)}, "form.no_figures"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            form(world, **changes)
        assert refused.value.code == code
    figure = form(world).figures.get()
    with pytest.raises(Invalid) as refused:
        asked(world, figure, at=NOON + timedelta(days=100))
    assert refused.value.code == "form.expired"
    with pytest.raises(NotAllowed):
        form(world, "factory")


def test_a_photo_that_proves_two_things_is_on_the_list(world):
    paper = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(paper, "PNG")
    rows = [task(world, owner=who, by="city") for who in ("county", "county2")]
    for row, who in zip(rows, ("county", "county2"), strict=True):
        add_file(
            subject=row.subject, scope=row.scope, name="a.png", chunks=[paper.getvalue()],
            made=Made(NOON), by=world.actor(who), at=NOON,
        )  # fmt: skip
    (twin,) = selectors.twins(by=world.city)
    assert (twin.loop_id, twin.first_loop_id) == (rows[1].pk, rows[0].pk)
    assert selectors.twins(by=world.county) == ()
