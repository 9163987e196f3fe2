"""Real line lists run end to end: imported, classified, chained, measured, drawn, packed."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from bihuan.epidemic.analysis.chains import picture_of
from bihuan.epidemic.models import Case
from bihuan.epidemic.selectors.files import curve
from bihuan.epidemic.services.cases import classify_case, open_event
from bihuan.epidemic.services.lists import map_list, stage_list, take_list
from bihuan.epidemic.services.reports import NewReport, asked_of, make_report
from bihuan.web.investigation.drawing import drawn
from bihuan_analytics.reproduction import cori, discretised_gamma
from tests.epidemic.builders import add_health
from tests.factories import build_world

DATA = Path(__file__).parents[3] / "shared" / "data"
AT = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared line lists are not here")


@pytest.fixture
def world(db):
    return add_health(build_world(AT))


def event_of(world, disease):
    return open_event(title="真实一览表", disease_code=disease, place_id=world.places["990101"].pk,
                      by=world.cdc, at=AT)  # fmt: skip


def rows_of(name):
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def mers_with_sources() -> bytes:
    """The list with whom each case was infected by in a column, as a person would put it."""
    source = {}
    for pair in rows_of("mers_korea_2015_contacts.csv"):
        source.setdefault(pair["to"], pair["from"])
    rows = rows_of("mers_korea_2015_linelist.csv")
    paper = io.StringIO()
    writer = csv.DictWriter(paper, [*rows[0], "source"])
    writer.writeheader()
    writer.writerows({**row, "source": source.get(row["id"], "")} for row in rows)
    return paper.getvalue().encode()


def test_the_outbreak_of_mers_in_korea_goes_through_whole(world):
    event = event_of(world, "unknown")
    data = mers_with_sources()
    row = stage_list(event_id=event.pk, file_name="mers.csv", data=data, by=world.cdc, at=AT)
    assert set(row.mapping) >= {"label", "age", "sex", "onset", "reported", "diagnosed", "source"}
    done = take_list(list_id=row.pk, by=world.cdc, at=AT)
    assert done.report["added"] + done.report["refused"] == 162
    assert done.report["added"] >= 150
    assert done.report["linked"] >= 85
    told = picture_of(event=event, by=world.cdc, at=AT)
    most = Counter(one.source for one in told.cases if one.sure == "checked").most_common(1)
    by_id = {one.node.id: one.node.label for one in told.cases}
    assert by_id[most[0][0]] == "SK_14"  # the emergency room
    assert max(chain.cases for chain in told.chains) >= 80
    picture = drawn(told, here=0, up=(), down=())
    assert len(picture.dots) == done.report["added"]
    bars = curve(event=event, by=world.cdc, at=AT, variable="age_band").bars
    assert sum(sum(bar.counts) for bar in bars) == done.report["added"]
    counts = np.array([[sum(bar.counts) for bar in bars]])
    found = cori(counts, discretised_gamma(mean=12.6, sd=2.8, length=80))
    early = found.mean[0, 10:20]
    assert np.nanmax(early) > 1  # it grew
    assert found.mean[0, -1] < 1  # and ended
    place = world.places["990101"]
    words = {row["key"]: "无" for row in asked_of("daily", AT, scope=place.path)}
    given = NewReport(event.pk, place, "daily", AT, words)
    report = make_report(given=given, by=world.cdc, at=AT)
    assert sum(line["figures"][-1] for line in report.content["lines"]) == done.report["added"]


def test_influenza_of_birds_is_classified_by_its_own_edition(world):
    event = event_of(world, "zflu")
    data = (DATA / "fluH7N9_china_2013.csv").read_bytes()
    row = stage_list(event_id=event.pk, file_name="h7n9.csv", data=data, by=world.cdc, at=AT)
    mapping = {key: head for key, head in row.mapping.items() if key != "place"}
    map_list(list_id=row.pk, mapping=mapping, given={"kind": "confirmed"}, by=world.cdc, at=AT)
    done = take_list(list_id=row.pk, by=world.cdc, at=AT)
    assert done.report["added"] + done.report["refused"] == 136
    assert done.report["added"] >= 120
    first = Case.objects.order_by("onset").first()
    assert first.onset == date(2013, 2, 19)
    case = classify_case(case_id=first.pk, kind="confirmed", by=world.cdc, at=AT,
                         findings=frozenset({"pathogen", "fever"}), reason="")  # fmt: skip
    assert case.classes.order_by("-pk")[0].proposed == "confirmed"
