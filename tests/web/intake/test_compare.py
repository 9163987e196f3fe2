"""The page that sets two meetings against each other."""

from bihuan.intake import services
from tests.conftest import NOON

OTHER = "记录:全省安全生产会议\n要排查渡口安全,要检查旅馆和校车安全\n要做好宣传引导"


def test_alone_it_says_what_to_do(enter, document):
    page = enter("city").get(f"/documents/{document.pk}/compare/").content.decode()
    assert "还没有别的文稿可以对照" in page


def test_it_marks_what_is_missing_and_what_differs(enter, document, world):
    other = services.upload(data=OTHER.encode(), name="省.txt", by=world.city, at=NOON)[0]
    page = enter("city").get(f"/documents/{document.pk}/compare/?with={other.pk}").content.decode()
    assert "未提到 1" in page
    assert "<del>和校车</del>" in page
    assert "重申的要求" in page


def test_the_page_of_the_review_leads_to_it(enter, document):
    page = enter("city").get(f"/documents/{document.pk}/").content.decode()
    assert f"/documents/{document.pk}/compare/" in page
