"""A day that a form knows already stands in the box of the browser, in every language."""

from datetime import date

import pytest
from django.utils.translation import override

from bihuan.web.forms import WorkForm
from bihuan.web.supervision.forms import day_field
from tests.conftest import NOON


class OneDay(WorkForm):
    day = day_field("日期")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_day_stands_in_its_box_as_browsers_read_it(language):
    with override(language):
        shown = str(OneDay(at=NOON, initial={"day": date(2026, 3, 10)})["day"])
    assert 'type="date"' in shown
    assert 'value="2026-03-10"' in shown
