"""The page of joint visits: both sides see the clash, one offers, the other agrees."""

import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.safety.models import JointVisit
from bihuan.safety.services.catalogue import load_catalogue
from tests.conftest import NOON
from tests.safety.test_joint import Two
from tests.web.safety.test_registers import read

PAGE = "/safety/joint/"


@pytest.fixture
def two(world):
    load_catalogue(by=SYSTEM, at=NOON)
    return Two(world)


def test_one_office_offers_the_other_agrees_and_both_see_it(enter, two):
    county, committee = enter("county"), enter("committee")
    for client in (county, committee):
        page = read(client, PAGE)
        assert "同日重复检查" in page
        assert "港城县committee" in page
    assert county.post(f"{PAGE}offer/", {"stop": two.epidemic.pk}).status_code == 302
    visit = JointVisit.objects.get()
    assert "同意合并" in read(committee, PAGE)
    assert "同意合并" not in read(county, PAGE)
    assert committee.post(f"{PAGE}{visit.pk}/agree/").status_code == 302
    assert "已合并" in read(county, PAGE)
    two.look("trade")
    assert "分开检查" not in read(committee, PAGE)
    committee.cookies["language"] = "en"
    assert "Asked for by" in read(committee, PAGE)


def test_parting_and_wrong_addresses(enter, two):
    county = enter("county")
    county.post(f"{PAGE}offer/", {"stop": two.epidemic.pk})
    visit = JointVisit.objects.get()
    assert county.post(f"{PAGE}{visit.pk}/nonsense/").status_code == 404
    assert county.post(f"{PAGE}offer/", {"stop": "x"}).status_code == 404
    assert enter("county2").post(f"{PAGE}{visit.pk}/part/").status_code == 404
    assert county.post(f"{PAGE}{visit.pk}/part/").status_code == 302
    assert not JointVisit.objects.exists()
    assert "没有与别的单位" in read(enter("county2"), PAGE)
