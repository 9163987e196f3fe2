"""`bihuan analytics contacts`: who was how long with whom, and at which places."""

import argparse

import numpy as np

from bihuan.config.analysis.answers import Answer, Cell
from bihuan.config.speech import say
from bihuan_analytics import NumericsError
from bihuan_analytics.arrays import Ints
from bihuan_analytics.contacts import (
    Meetings,
    VisitStore,
    exposures,
    index_visits,
    meetings,
    place_risks,
    visits_of,
)
from bihuan_analytics.picture import RED, Picture
from bihuan_analytics.tables import Table, read_table

HEAD = ("person", "minutes", "meetings", "sources", "first", "last")
PLACES = 12


def run(options: argparse.Namespace) -> Answer:
    """Read visits and cases, index, ask, tell."""
    table = read_table(options.file)
    visits = [table.whole("person"), table.whole("place")]
    visits += [table.minutes("enter"), table.minutes("leave")]
    cases = read_table(options.cases).whole("person")
    try:
        store = VisitStore((index_visits(*visits),))
    except NumericsError as fault:
        raise _located(fault, table) from fault
    found = meetings(store, visits_of(store, cases), least_minutes=options.minutes)
    seen = exposures(found)
    order = np.argsort(-seen.minutes, kind="stable")
    columns = seen.person, seen.minutes, seen.meetings, seen.sources
    times = _moments(table, seen.first), _moments(table, seen.last)
    rows = [
        (*(int(column[i]) for column in columns), *(moments[i] for moments in times)) for i in order
    ]
    told = say(
        "{} 例病例，{} 人暴露至少 {} 分钟，共 {} 次相遇",
        "{} cases, {} people exposed for at least {} minutes, {} meetings",
    )
    note = told.format(np.unique(cases).size, len(rows), options.minutes, found.place.size)
    title = say("接触者", "Contacts")
    return Answer(title, HEAD, rows, [note, *_places(found)], [_drawn(found)])


def _moments(table: Table, minutes: Ints) -> list[Cell]:
    """Minutes as the table writes its times: whole numbers, or dates with times."""
    if all(text.isdigit() for text in table.texts("enter")):
        return [int(minute) for minute in minutes]
    return [str(moment) for moment in minutes.astype("datetime64[m]")]


def _located(fault: NumericsError, table: Table) -> NumericsError:
    """The row of the file in place of the index of the array."""
    index = fault.facts.get("index")
    place = index[0] if isinstance(index, tuple) else index
    if not isinstance(place, int):
        return fault
    facts = {name: value for name, value in fault.facts.items() if name != "index"}
    return NumericsError(fault.code, row=table.first_row + place, **facts)


def _places(found: Meetings) -> list[str]:
    risks = place_risks(found)
    told = say("场所 {}：{} 人分钟，{} 人", "place {}: {} person-minutes, {} people")
    return [
        told.format(risks.place[i], int(risks.minutes[i]), risks.exposed[i])
        for i in range(min(risks.place.size, 5))
    ]


def _drawn(found: Meetings) -> Picture:
    """Person-minutes of the riskiest places."""
    risks = place_risks(found)
    size = min(risks.place.size, PLACES)
    minutes = np.asarray(risks.minutes[:size], dtype=np.float64)
    picture = Picture(
        say("place: person-minutes", "place: person-minutes"), np.arange(max(size, 2)),
        float(minutes.max(initial=1.0)), ("", ""),
        ticks=[(float(i), str(risks.place[i])) for i in range(size)],
    )  # fmt: skip
    picture.bars(np.pad(minutes, (0, max(2 - size, 0)), constant_values=np.nan), RED)
    return picture
