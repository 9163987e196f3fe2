"""What was typed comes back with the reason: classes, corrections, answers, cards of likely twins."""

import pytest

from bihuan.epidemic.models import Appeal, Case, NotSame
from bihuan.epidemic.services.cases import open_event, report_case
from bihuan.epidemic.services.orders import appeal, draft_order, sign_order
from tests.epidemic.builders import LI, add_health
from tests.epidemic.conftest import card, draft


@pytest.fixture
def health(world):
    return add_health(world)


@pytest.fixture
def case(health, at):
    event = open_event(title="发热", disease_code="unknown", place_id=health.places["990101"].pk,
                       by=health.cdc, at=at)  # fmt: skip
    return report_case(card=card(health, event, at), by=health.clinic, at=at)


def test_a_refused_class_comes_back_with_its_findings_and_the_reason_it_lacks(case, enter):
    said = {"kind": "excluded", "findings": ["fever"], "reason": "  "}
    seen = enter("cdc").post(f"/epidemic/cases/{case.pk}/classify/", said)
    page = seen.content.decode()
    assert seen.context["classify"]["kind"].value() == "excluded"
    assert '<option value="excluded" selected>' in page
    assert seen.context["classify"].errors["reason"]
    assert Case.objects.get().kind == case.kind


def test_a_refused_correction_comes_back_open_with_what_was_typed(case, enter):
    said = {"onset": "2099-01-01", "found_in": "screening", "origin": case.origin,
            "age_band": case.age_band, "why": "家属补充说明"}  # fmt: skip
    seen = enter("cdc").post(f"/epidemic/cases/{case.pk}/correct/", said)
    page = seen.content.decode()
    assert 'value="2099-01-01"' in page
    assert 'value="家属补充说明"' in page
    assert '<details class="mt-2" open>' in page
    assert seen.context["correct"].errors["onset"]


def test_a_refused_answer_to_an_appeal_comes_back_in_its_box(case, health, enter, at):
    row = draft_order(given=draft(health, case.event, at), by=health.cdc, at=at)
    sign_order(order_id=row.pk, by=health.mayor, at=at)
    filed = appeal(order_id=row.pk, text="母亲需每周透析", at=at)
    city, long = enter("city"), "不予受理" * 501
    page = city.post(f"/epidemic/appeals/{filed.pk}/", {"granted": "no", "answer": long})
    assert long in page.content.decode()
    assert page.context["form"].errors["answer"]
    empty = city.post(f"/epidemic/appeals/{filed.pk}/", {"granted": "no", "answer": " "})
    assert "请写明答复" in empty.content.decode()
    assert enter("outsider").post(f"/epidemic/appeals/{filed.pk}/", {}).status_code in {403, 404}
    assert Appeal.objects.get().answered_at is None
    assert city.post(f"/epidemic/appeals/{filed.pk}/", {"granted": "yes", "answer": "准予"})
    assert Appeal.objects.get().granted


def test_a_likely_twin_is_opened_or_ticked_off_and_nobody_copies_a_code(case, enter):
    page = f"/epidemic/events/{case.event_id}/report/"
    said = {
        "name": LI.name, "phone": LI.phone, "place": "990101001001", "age_band": "15-44",
        "diagnosed_at": "11:00", "findings": ["fever"], "found_in": "clinic",
        "origin": "local_unknown",
    }  # fmt: skip
    box = f'type="checkbox" name="other_than" value="{case.pseudonym}"'
    clinic = enter("clinic").post(page, said).content.decode()
    assert box in clinic
    assert f"/epidemic/cases/{case.pk}/" not in clinic
    assert "原有档案由疾控机构补充" in clinic
    cdc = enter("cdc")
    seen = cdc.post(page, said).content.decode()
    assert box in seen
    assert f'href="/epidemic/cases/{case.pk}/"' in seen
    kept = cdc.post(page, said | {"other_than": case.pseudonym, "age_band": ""}).content.decode()
    assert f'type="hidden" name="other_than" value="{case.pseudonym}"' in kept
    assert Case.objects.count() == 1
    done = cdc.post(page, said | {"other_than": case.pseudonym})
    second = Case.objects.exclude(pk=case.pk).get()
    assert done["Location"] == f"/epidemic/cases/{second.pk}/"
    assert NotSame.objects.get(one=second.pseudonym).other == case.pseudonym
