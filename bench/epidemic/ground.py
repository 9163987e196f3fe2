"""A province in an epidemic: places, epidemiologists, events, cases, and millions of contacts."""

import time
from datetime import datetime, timedelta

from django.db import connection

from bihuan.core.clock import local_date, read_clock
from bihuan.core.orgs.types import Role
from bihuan.core.places.models import Place
from bihuan.core.places.services import insert_places
from bihuan.core.places.types import NewPlace
from bihuan.epidemic.models import Event
from bihuan.epidemic.services.cases import edition_of, open_event
from bihuan.epidemic.services.lists import stage_list, take_list
from tests.epidemic.builders import add_health
from tests.factories import DAY_ONE, World, build_world, staff

CITIES, COUNTIES, TOWNSHIPS, CASES = 10, 10, 20, 100  # of each, and cases of each county's event
CHAIN, LONG = "发热 一条链", 500
_CASES = """
INSERT INTO epidemic_case (event_id, pseudonym, place_id, scope, kind, age_band, findings, answers,
    onset, diagnosed_at, reported_at, report_rule, late_reason, origin, found_in, reporter_org_id,
    expires_at)
SELECT e.id, 'C' || e.id || '-' || n, e.place_id, e.scope, 'suspected', '15-44', '{fever}', '{}',
    %(day)s::date - n %% 20, %(at)s::timestamptz - n %% 20 * interval '1 day', %(at)s, '', '',
    'local_unknown', 'clinic', 1, %(at)s::timestamptz + interval '1 year'
FROM epidemic_event e, generate_series(1, %(cases)s) n
"""
# Who was reached, placed and checked hangs on neither place, case nor the hour of the release.
_CONTACTS = """
INSERT INTO epidemic_contact (event_id, case_id, pseudonym, place_id, scope, exposure, risk,
    first_exposure, last_exposure, found_at, edition, placed_due_at, reached_at, placed_at,
    notice_at, release_at, checked_on, expires_at)
SELECT c.event_id, c.id, 'K' || n, p.id, p.path, 'cohabit', 'close', %(day)s::date - 3, %(day)s::date - 2,
    %(at)s::timestamptz - interval '2 days', %(edition)s, %(at)s::timestamptz - interval '1 day',
    CASE WHEN n / 200000 %% 10 > 0 THEN %(at)s::timestamptz - interval '40 hours' END,
    CASE WHEN n / 200000 %% 10 > 1 THEN %(at)s::timestamptz - interval '39 hours' END,
    CASE WHEN n / 200000 %% 10 > 1 THEN %(at)s::timestamptz - interval '39 hours' END,
    %(at)s::timestamptz + (n %% 40 - 19) * interval '9 hours',
    CASE WHEN n / 200000 %% 10 > 4 THEN %(day)s::date ELSE %(day)s::date - 1 END,
    %(at)s::timestamptz + interval '60 days'
FROM generate_series(1, %(rows)s) n
JOIN towns p ON p.number = n %% %(towns)s
JOIN firsts c ON c.county = left(p.path, 9) AND c.number = n / %(towns)s %% %(cases)s
"""


def lay(rows: int) -> None:
    """Places and people through the services, cases and contacts by two statements."""
    at = read_clock()
    world = add_health(build_world(at))
    codes = [f"99{c:02}{n:02}" for c in range(10, 10 + CITIES) for n in range(1, COUNTIES + 1)]
    insert_places([NewPlace(f"99{c:02}", f"市{c}", DAY_ONE) for c in range(10, 10 + CITIES)])
    insert_places([NewPlace(code, f"县{code}", DAY_ONE) for code in codes])
    insert_places([
        NewPlace(f"{code}{n:03}", f"镇{code}{n}", DAY_ONE) for code in codes for n in range(1, TOWNSHIPS + 1)
    ])  # fmt: skip
    _people(world)
    for code in codes:
        place = Place.objects.get(code=code)
        by = world.actor("cdc_province")
        open_event(title=f"发热 {code}", disease_code="unknown", place_id=place.pk, by=by, at=at)
    began = time.monotonic()
    _fill(rows, at, edition_of(Event.objects.order_by("pk")[0], at).ref)
    print(f"ground: {rows:,} contacts in {time.monotonic() - began:.0f} s", flush=True)


def lay_chain() -> None:
    """One event with a chain of 500 cases, entered as a line list; once."""
    if Event.objects.filter(title=CHAIN).exists():
        return
    at = read_clock()
    by = World({}, at).actor("cdc_county0")
    event = open_event(title=CHAIN, disease_code="unknown", place_id=by.place_id, by=by, at=at)
    today = local_date(at)
    rows = [
        f"{n},{today - timedelta(days=30 - n // 20)},{n // 2 or ''},市场{n % 9}"
        for n in range(1, LONG + 1)
    ]
    text = "\n".join(("编号,发病日期,传染源,暴露地点", *rows))
    held = stage_list(event_id=event.pk, file_name="chain.csv", data=text.encode(), by=by, at=at)
    take_list(list_id=held.pk, by=by, at=at)


def _people(world: World) -> None:
    """An epidemiologist of the province, of five cities and counties, and five township desks."""
    cdc = {"role": Role.EPIDEMIOLOGY, "kind": "department", "sectors": ["health"]}
    node = {"role": Role.NODE, "kind": "node", "desk": True}
    staff(world.places["99"], "cdc_province", **cdc)
    for n in range(5):
        staff(Place.objects.get(code=f"99{10 + n}"), f"cdc_city{n}", **cdc)
        staff(Place.objects.get(code=f"99{10 + n}01"), f"cdc_county{n}", **cdc)
        staff(Place.objects.get(code=f"99{10 + n}01001"), f"desk_town{n}", **node)


def _fill(rows: int, at: datetime, edition: str) -> None:
    told = {"at": at, "day": local_date(at), "cases": CASES, "rows": rows, "edition": edition,
            "towns": CITIES * COUNTIES * TOWNSHIPS}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CASES, told)
        cursor.execute(
            "CREATE TEMP TABLE towns AS SELECT id, path, row_number() OVER (ORDER BY path) - 1 AS number"
            " FROM places_place WHERE level = 'township' AND path >= '99.10.' AND path < '99.20.'"
        )
        cursor.execute(
            "CREATE TEMP TABLE firsts AS SELECT id, event_id, left(scope, 9) AS county,"
            " row_number() OVER (PARTITION BY event_id ORDER BY id) - 1 AS number FROM epidemic_case"
        )
        cursor.execute("ANALYZE towns")
        cursor.execute("ANALYZE firsts")
        cursor.execute(_CONTACTS, told)
        cursor.execute("ANALYZE")
