"""A small tree of invented places."""

from datetime import date

import pytest

from bihuan.core.places.services import insert_places
from bihuan.core.places.types import NewPlace

BEGUN = date(2000, 1, 1)


@pytest.fixture
def tree(db):
    """Two cities; the first with two counties of one and two townships, the second with one."""
    places = {
        "98": "试验省", "9801": "东市", "9802": "西市", "980101": "甲县", "980102": "乙县",
        "980201": "丙县", "980101001": "一街道", "980102001": "二街道", "980102100": "三镇",
        "980201001": "四街道", "980101001001": "红社区", "980102001001": "绿社区",
        "980102001001-001": "绿一网格",
    }  # fmt: skip
    return insert_places([NewPlace(code, name, BEGUN) for code, name in places.items()])
